//! The page of a signer, who has no account: one letter, three ways to answer it.

use super::super::{
    commands::{RefuseLetter, SendSignedLetter, SignLetter},
    queries::{LetterByLink, LetterToSign},
};
use crate::{
    documents::files::commands::receive,
    kernel::{AppError, Result, secret},
    web::{Answer, FieldErrors, Frame, Posted, Visit, keep},
};
use askama::Template;
use chrono::TimeDelta;
use entity::types::states::LetterState;
use poem::{handler, http::StatusCode, web::Path};

/// Wrong links one address may try in a quarter of an hour, and answers to one letter.
const TRIES: i32 = 30;
const WINDOW: TimeDelta = TimeDelta::minutes(15);

/// What was typed, by form.
#[derive(Default)]
struct Typed {
    name: String,
    confirmed: bool,
    paper_name: String,
    signed_on: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "proposals/letters/letter.html")]
struct LetterPage {
    frame: Frame,
    errors: FieldErrors,
    letter: LetterToSign,
    typed: Typed,
    /// The address answers are posted to, with the token.
    path: String,
}

#[derive(Template)]
#[template(path = "proposals/letters/no_letter.html")]
struct NoLetterPage {
    frame: Frame,
}

/// The letter of a link; wrong links are counted by address, so that nobody tries many.
async fn found(visit: &Visit, token: &str) -> Result<Option<LetterToSign>> {
    let found = visit.ask(LetterByLink(secret::hash(token))).await?;
    if found.is_none() {
        visit.app.limit(&format!("letters from {}", visit.address), TRIES, WINDOW).await?;
    }
    Ok(found)
}

fn none(visit: &Visit) -> Answer {
    visit.page_with(StatusCode::NOT_FOUND, &NoLetterPage { frame: visit.frame("This link does not work") })
}

fn page(visit: &Visit, token: &str, letter: LetterToSign, errors: FieldErrors, typed: Typed) -> LetterPage {
    let title = format!("Letter for {}", letter.applicant);
    LetterPage { frame: visit.frame(title), errors, letter, typed, path: format!("/letters/{token}") }
}

/// Shows the letter and changes nothing: programs that look into mails open links as well.
#[handler]
pub async fn open(visit: Visit, Path(token): Path<String>) -> Answer {
    match found(&visit, &token).await? {
        Some(letter) => {
            let typed = Typed { name: letter.signer.clone(), paper_name: letter.signer.clone(), ..Typed::default() };
            visit.page(&page(&visit, &token, letter, FieldErrors::default(), typed))
        }
        None => none(&visit),
    }
}

async fn answered(visit: &Visit, posted: &Posted, token: &str, outcome: Result<()>, said: &str) -> Answer {
    match outcome {
        Ok(()) => visit.to_with(format!("/letters/{token}"), said),
        Err(AppError::NotFound) => none(visit),
        Err(error) => {
            let errors = keep(error)?;
            let Some(letter) = found(visit, token).await? else { return none(visit) };
            let text = |name: &str| posted.text(name).to_owned();
            let typed = Typed {
                name: text("name"),
                confirmed: posted.ticked("confirmed"),
                paper_name: text("paper_name"),
                signed_on: text("signed_on"),
                reason: text("reason"),
            };
            visit.again(&page(visit, token, letter, errors, typed))
        }
    }
}

/// Counts the answers to one link.
async fn limit(visit: &Visit, hash: &str) -> Result<()> {
    visit.app.limit(&format!("letter {hash}"), TRIES, WINDOW).await
}

#[handler]
pub async fn sign(visit: Visit, posted: Posted, Path(token): Path<String>) -> Answer {
    let hash = secret::hash(&token);
    limit(&visit, &hash).await?;
    let command = SignLetter { hash, name: posted.text("name").to_owned(), confirmed: posted.ticked("confirmed") };
    let outcome = visit.run(&posted, command).await;
    answered(&visit, &posted, &token, outcome, "The letter is signed. Thank you.").await
}

#[handler]
pub async fn refuse(visit: Visit, posted: Posted, Path(token): Path<String>) -> Answer {
    let hash = secret::hash(&token);
    limit(&visit, &hash).await?;
    let outcome = visit.run(&posted, RefuseLetter { hash, reason: posted.text("reason").to_owned() }).await;
    answered(&visit, &posted, &token, outcome, "The letter is refused. Those who asked were told.").await
}

#[handler]
pub async fn paper(visit: Visit, posted: Posted, Path(token): Path<String>) -> Answer {
    let hash = secret::hash(&token);
    limit(&visit, &hash).await?;
    let outcome = send(&visit, &posted, &token, hash).await;
    answered(&visit, &posted, &token, outcome, "The signed letter has arrived. Thank you.").await
}

async fn send(visit: &Visit, posted: &Posted, token: &str, hash: String) -> Result<()> {
    let letter = found(visit, token).await?.ok_or(AppError::NotFound)?;
    if let Some(closed) = letter.closed {
        return Err(AppError::refused("closed", closed));
    }
    let upload = posted.file("paper").ok_or_else(|| AppError::invalid("paper", "Choose the signed letter as a PDF"))?;
    let most = u64::from(letter.max_mb) * 1024 * 1024;
    let file = match receive(visit.app.store(), &upload.name, &upload.bytes, most).await {
        Err(AppError::Refused(refusal)) => return Err(AppError::invalid("paper", refusal.message)),
        other => other?,
    };
    if file.media_type != "application/pdf" {
        return Err(AppError::invalid("paper", "Send the letter as a PDF"));
    }
    let text = |name: &str| posted.text(name).to_owned();
    let command = SendSignedLetter { hash, name: text("paper_name"), signed_on: text("signed_on"), file };
    visit.run(posted, command).await
}
