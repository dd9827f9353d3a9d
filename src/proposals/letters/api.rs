//! Letters for programs: of the team with a token, of the signer with the link's own.

use super::{
    commands::{AskForLetter, RefuseLetter, RemindSigner, SendSignedLetter, SignLetter, WithdrawLetter},
    queries::{LetterByLink, LetterLine, LetterToSign, LettersOf},
};
use crate::{
    api::{ApiError, Caller, Tag},
    documents::files::commands::receive,
    kernel::{Actor, App, AppError, secret},
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use poem::web::Data;
use poem_openapi::{
    Multipart, Object, OpenApi,
    param::{Header, Path},
    payload::Json,
    types::multipart::Upload,
};
use uuid::Uuid;

/// Answers to one letter in a quarter of an hour, and wrong links of all callers together.
const TRIES: i32 = 30;
const WRONG: i32 = 300;
const WINDOW: TimeDelta = TimeDelta::minutes(15);

pub struct LettersApi;

/// A letter as the team of the part sees it.
#[derive(Object)]
struct LetterOut {
    id: Uuid,
    /// What the letter is for. Example: Letter of interest from participating SMEs
    document: String,
    organisation: String,
    signer: String,
    email: String,
    /// `asked`, `signed`, `refused` or `withdrawn`.
    state: String,
    asked_at: DateTime<Utc>,
    signed_by: Option<String>,
    signed_on: Option<NaiveDate>,
    refusal: Option<String>,
    /// The paper that was signed, when one was sent.
    file: Option<Uuid>,
    /// Whether the amounts changed since the letter was written.
    outdated: bool,
    text: String,
}

#[derive(Object)]
struct LettersOut {
    items: Vec<LetterOut>,
    total: u64,
    next: Option<u64>,
    /// The text a letter begins with, from the data of the part.
    prepared: String,
}

#[derive(Object)]
struct AskForLetterIn {
    /// Key of a document of the call. Example: letter_sme
    document: String,
    signer_name: String,
    signer_email: String,
    signer_organisation: String,
    /// The company of the part that signs, when it is one.
    participant: Option<Uuid>,
    text: String,
}

#[derive(Object)]
struct LetterAskedOut {
    id: Uuid,
}

/// A letter as its signer sees it.
#[derive(Object)]
struct LetterToSignOut {
    proposal: String,
    call: String,
    applicant: String,
    asked_by: String,
    document: String,
    signer: String,
    organisation: String,
    text: String,
    /// `asked`, `signed` or `refused`.
    state: String,
    /// Why it cannot be answered now; none when it can.
    closed: Option<String>,
    deadline: String,
}

#[derive(Object)]
struct SignLetterIn {
    /// Name and position of the signer.
    name: String,
    /// Whether the signer may sign for the organisation.
    confirmed: bool,
}

#[derive(Object)]
struct RefuseLetterIn {
    reason: String,
}

/// A letter signed on paper.
#[derive(Multipart)]
struct SignedLetterIn {
    name: String,
    /// The day on the letter. Example: 2017-09-01
    signed_on: String,
    /// A PDF.
    paper: Upload,
}

impl From<LetterLine> for LetterOut {
    fn from(line: LetterLine) -> Self {
        Self {
            id: line.id.0,
            document: line.document,
            organisation: line.organisation,
            signer: line.signer,
            email: line.email,
            state: line.state.word().to_owned(),
            asked_at: line.asked_at,
            signed_by: line.signed_name,
            signed_on: line.signed_on,
            refusal: line.refusal,
            file: line.file.map(|id| id.0),
            outdated: line.outdated,
            text: line.text,
        }
    }
}

async fn found(app: &App, token: &str) -> Result<LetterToSign, ApiError> {
    match app.ask(&Actor::Nobody, LetterByLink(secret::hash(token))).await? {
        Some(letter) => Ok(letter),
        None => {
            app.limit("letters from programs", WRONG, WINDOW).await?;
            Err(AppError::NotFound.into())
        }
    }
}

async fn limit(app: &App, hash: &str) -> Result<(), ApiError> {
    Ok(app.limit(&format!("letter {hash}"), TRIES, WINDOW).await?)
}

#[OpenApi(tag = "Tag::Proposals")]
impl LettersApi {
    /// The letters of a part.
    #[oai(path = "/parts/:part/letters", method = "get", operation_id = "listLetters")]
    async fn list(&self, app: Data<&App>, caller: Caller, part: Path<Uuid>) -> Result<Json<LettersOut>, ApiError> {
        let letters = app.ask(&caller.0, LettersOf(part.0.into())).await?;
        let items: Vec<LetterOut> = letters.lines.into_iter().map(LetterOut::from).collect();
        Ok(Json(LettersOut { total: items.len() as u64, items, next: None, prepared: letters.prepared }))
    }

    /// Ask somebody for a letter; the link goes to their address only.
    #[oai(path = "/parts/:part/letters", method = "post", operation_id = "askForLetter")]
    async fn ask(
        &self,
        app: Data<&App>,
        caller: Caller,
        part: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<AskForLetterIn>,
    ) -> Result<Json<LetterAskedOut>, ApiError> {
        let AskForLetterIn { document, signer_name, signer_email, signer_organisation, participant, text } = body.0;
        let part = part.0.into();
        let participant = participant.map(Into::into);
        let command =
            AskForLetter { part, document, signer_name, signer_email, signer_organisation, participant, text };
        let id = app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(LetterAskedOut { id: id.0 }))
    }

    /// Write to a signer again, with a new link.
    #[oai(path = "/parts/:part/letters/:letter/remind", method = "post", operation_id = "remindSigner")]
    async fn remind(
        &self,
        app: Data<&App>,
        caller: Caller,
        part: Path<Uuid>,
        letter: Path<Uuid>,
    ) -> Result<(), ApiError> {
        Ok(app.run(&caller.0, RemindSigner { part: part.0.into(), letter: letter.0.into() }).await?)
    }

    /// Take a letter back; its link no longer works.
    #[oai(path = "/parts/:part/letters/:letter/withdraw", method = "post", operation_id = "withdrawLetter")]
    async fn withdraw(
        &self,
        app: Data<&App>,
        caller: Caller,
        part: Path<Uuid>,
        letter: Path<Uuid>,
    ) -> Result<(), ApiError> {
        Ok(app.run(&caller.0, WithdrawLetter { part: part.0.into(), letter: letter.0.into() }).await?)
    }

    /// The letter behind a link. No token is needed besides the link's own.
    #[oai(path = "/letters/:token", method = "get", operation_id = "readLetter")]
    async fn read(&self, app: Data<&App>, token: Path<String>) -> Result<Json<LetterToSignOut>, ApiError> {
        let letter = found(&app, &token.0).await?;
        Ok(Json(LetterToSignOut {
            proposal: format!("{} ({})", letter.proposal, letter.code),
            call: letter.call,
            applicant: letter.applicant,
            asked_by: letter.asker,
            document: letter.document,
            signer: letter.signer,
            organisation: letter.organisation,
            text: letter.text,
            state: letter.state.word().to_owned(),
            closed: letter.closed,
            deadline: letter.deadline.to_string(),
        }))
    }

    /// Sign the letter behind a link by name.
    #[oai(path = "/letters/:token/sign", method = "post", operation_id = "signLetter")]
    async fn sign(&self, app: Data<&App>, token: Path<String>, body: Json<SignLetterIn>) -> Result<(), ApiError> {
        let hash = secret::hash(&token.0);
        limit(&app, &hash).await?;
        let SignLetterIn { name, confirmed } = body.0;
        Ok(app.run(&Actor::Nobody, SignLetter { hash, name, confirmed }).await?)
    }

    /// Send the letter behind a link, signed on paper.
    #[oai(path = "/letters/:token/paper", method = "post", operation_id = "sendSignedLetter")]
    async fn paper(&self, app: Data<&App>, token: Path<String>, body: SignedLetterIn) -> Result<(), ApiError> {
        let hash = secret::hash(&token.0);
        limit(&app, &hash).await?;
        let letter = found(&app, &token.0).await?;
        if let Some(closed) = letter.closed {
            return Err(AppError::refused("closed", closed).into());
        }
        let name = body.paper.file_name().unwrap_or_default().to_owned();
        let bytes = body.paper.into_vec().await.map_err(|e| AppError::refused("upload_broken", e.to_string()))?;
        let most = u64::from(letter.max_mb) * 1024 * 1024;
        let file = receive(app.store(), &name, &bytes, most).await?;
        if file.media_type != "application/pdf" {
            return Err(AppError::invalid("paper", "Send the letter as a PDF").into());
        }
        let command = SendSignedLetter { hash, name: body.name, signed_on: body.signed_on, file };
        Ok(app.run(&Actor::Nobody, command).await?)
    }

    /// Refuse the letter behind a link.
    #[oai(path = "/letters/:token/refuse", method = "post", operation_id = "refuseLetter")]
    async fn refuse(&self, app: Data<&App>, token: Path<String>, body: Json<RefuseLetterIn>) -> Result<(), ApiError> {
        let hash = secret::hash(&token.0);
        limit(&app, &hash).await?;
        Ok(app.run(&Actor::Nobody, RefuseLetter { hash, reason: body.0.reason }).await?)
    }
}
