//! The letters of a part: who signed, who is asked, and asking one more.

use super::super::{
    commands::{AskForLetter, RemindSigner, WithdrawLetter},
    queries::{LetterLine, Letters, LettersOf, Missing, Signer},
};
use crate::{
    kernel::{AppError, Result},
    proposals::drafts::pages::changed,
    web::{Answer, Choice, FieldErrors, Frame, Posted, Visit, keep, posted::encoded, show},
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
    /// Where the form is filled in for somebody whose letter is missing.
    fn ask_link(&self, missing: &Missing, signer: &Signer) -> String {
        let (name, value) = match &signer.company {
            Some(id) => ("company", id.as_str()),
            None => ("partner", signer.name.as_str()),
        };
        format!("{}?document={}&{name}={}#ask", self.path, encoded(&missing.document), encoded(value))
    }

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
    // So is a partner of whom a letter is missing.
    let partner = visit.query("partner").filter(|name| {
        letters.missing.iter().flat_map(|m| &m.signers).any(|signer| signer.company.is_none() && signer.name == *name)
    });
    let organisation = chosen.map(|c| c.name.clone()).or(partner).unwrap_or_default();
    let first = || Typed {
        participant: chosen.map(|c| c.id.to_string()).unwrap_or_default(),
        signer_name: chosen.map(|c| c.contact.clone()).unwrap_or_default(),
        signer_email: chosen.map(|c| c.email.clone()).unwrap_or_default(),
        signer_organisation: organisation.clone(),
        text: match organisation.as_str() {
            "" => letters.prepared.clone(),
            name => letters.prepared.replace("[organisation]", name),
        },
        document: visit.query("document").or_else(|| chosen.and(letters.of_companies.clone())).unwrap_or_default(),
    };
    let typed = typed.unwrap_or_else(first);
    let (above, own) = (format!("/proposals/{proposal}"), format!("/proposals/{proposal}/parts/{part}"));
    let crumbs = [("My proposals", "/proposals"), (&letters.code, &above), (letters.organisation.as_str(), &own)];
    Ok(LettersPage {
        frame: changed(visit.frame_below("Letters of commitment", &crumbs), &letters.head),
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
