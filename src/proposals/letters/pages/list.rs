//! The letters of a part: who signed, who is asked, and asking one more.

use super::super::{
    commands::{AskForLetter, RemindSigner, WithdrawLetter},
    queries::{LetterLine, Letters, LettersOf},
};
use crate::{
    kernel::{AppError, Result},
    web::{Answer, Choice, FieldErrors, Frame, Posted, Visit, keep, show},
};
use askama::Template;
use entity::types::{
    ids::{LetterId, PartId, ProposalId},
    states::{LetterState, PartState},
};
use poem::{handler, web::Path};

/// What was typed into the form.
#[derive(Default)]
struct Typed {
    document: String,
    participant: String,
    signer_name: String,
    signer_email: String,
    signer_organisation: String,
    text: String,
}

#[derive(Template)]
#[template(path = "proposals/letters/letters.html")]
struct LettersPage {
    frame: Frame,
    errors: FieldErrors,
    letters: Letters,
    typed: Typed,
    documents: Vec<Choice>,
    companies: Vec<Choice>,
    signed: usize,
    path: String,
}

impl LettersPage {
    fn at(&self, line: &LetterLine) -> String {
        show::instant(line.asked_at, self.letters.zone)
    }
}

fn path(proposal: ProposalId, part: PartId) -> String {
    format!("/proposals/{proposal}/parts/{part}/letters")
}

async fn page(
    visit: &Visit,
    proposal: ProposalId,
    part: PartId,
    errors: FieldErrors,
    typed: Option<Typed>,
) -> Result<LettersPage> {
    let letters = visit.ask(LettersOf(part)).await?;
    if letters.proposal != proposal {
        return Err(AppError::NotFound);
    }
    // Chosen in the address, a company's contact is filled in.
    let chosen = visit.query("company").and_then(|id| letters.companies.iter().find(|c| c.id.to_string() == id));
    let first = || Typed {
        participant: chosen.map(|c| c.id.to_string()).unwrap_or_default(),
        signer_name: chosen.map(|c| c.contact.clone()).unwrap_or_default(),
        signer_email: chosen.map(|c| c.email.clone()).unwrap_or_default(),
        signer_organisation: chosen.map(|c| c.name.clone()).unwrap_or_default(),
        text: match chosen {
            Some(company) => letters.prepared.replace("[organisation]", &company.name),
            None => letters.prepared.clone(),
        },
        document: String::new(),
    };
    let typed = typed.unwrap_or_else(first);
    let (above, own) = (format!("/proposals/{proposal}"), format!("/proposals/{proposal}/parts/{part}"));
    let crumbs = [("Proposals", "/proposals"), (&letters.code, &above), (letters.organisation.as_str(), &own)];
    Ok(LettersPage {
        frame: visit.frame_below("Letters of commitment", &crumbs),
        errors,
        typed,
        documents: letters.documents.iter().map(|(key, label)| Choice::new(key, label)).collect(),
        companies: letters.companies.iter().map(|c| Choice::new(c.id.to_string(), &c.name)).collect(),
        signed: letters.lines.iter().filter(|l| l.state == LetterState::Signed).count(),
        path: path(proposal, part),
        letters,
    })
}

#[handler]
pub async fn all(visit: Visit, Path((proposal, part)): Path<(ProposalId, PartId)>) -> Answer {
    visit.page(&page(&visit, proposal, part, FieldErrors::default(), None).await?)
}

#[handler]
pub async fn ask(visit: Visit, posted: Posted, Path((proposal, part)): Path<(ProposalId, PartId)>) -> Answer {
    let text = |name: &str| posted.text(name).to_owned();
    let command = AskForLetter {
        part,
        document: text("document"),
        signer_name: text("signer_name"),
        signer_email: text("signer_email"),
        signer_organisation: text("signer_organisation"),
        participant: posted.parse("participant").ok(),
        text: text("text").replace("[organisation]", text("signer_organisation").trim()),
    };
    match visit.run(&posted, command).await {
        Ok(_) => visit.to_with(path(proposal, part), "The letter is on its way; the signer got a link by mail."),
        Err(error) => {
            let typed = Typed {
                document: text("document"),
                participant: text("participant"),
                signer_name: text("signer_name"),
                signer_email: text("signer_email"),
                signer_organisation: text("signer_organisation"),
                text: text("text"),
            };
            visit.again(&page(&visit, proposal, part, keep(error)?, Some(typed)).await?)
        }
    }
}

async fn done(visit: &Visit, outcome: Result<()>, proposal: ProposalId, part: PartId, said: &str) -> Answer {
    match outcome {
        Ok(()) => visit.to_with(path(proposal, part), said),
        Err(error) => visit.again(&page(visit, proposal, part, keep(error)?, None).await?),
    }
}

#[handler]
pub async fn remind(
    visit: Visit,
    posted: Posted,
    Path((proposal, part, letter)): Path<(ProposalId, PartId, LetterId)>,
) -> Answer {
    let outcome = visit.run(&posted, RemindSigner { part, letter }).await;
    done(&visit, outcome, proposal, part, "The signer got a new link by mail.").await
}

#[handler]
pub async fn withdraw(
    visit: Visit,
    posted: Posted,
    Path((proposal, part, letter)): Path<(ProposalId, PartId, LetterId)>,
) -> Answer {
    let outcome = visit.run(&posted, WithdrawLetter { part, letter }).await;
    done(&visit, outcome, proposal, part, "The letter is withdrawn; its link no longer works.").await
}
