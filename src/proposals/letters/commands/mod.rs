//! Asking for letters, and answering them by link.

mod answer;
mod ask;

pub use answer::{RefuseLetter, SendSignedLetter, SignLetter};
pub use ask::{AskForLetter, RemindSigner, WithdrawLetter};

use super::events::About;
use crate::kernel::{AppError, Result, Tx};
use entity::{
    accounts::account,
    calls::{annex, call},
    organisations::organisation,
    proposals::{letter, part, proposal},
    types::{states::PartState, text::Email},
};
use sea_orm::EntityTrait;

/// A part with what a letter needs to know around it.
struct Around {
    part: part::Model,
    proposal: proposal::Model,
    call: call::Model,
    annex: annex::Model,
    organisation: organisation::Model,
}

impl Around {
    async fn load(tx: &Tx, id: entity::types::ids::PartId) -> Result<Self> {
        let part = part::Entity::find_by_id(id).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
        let proposal =
            proposal::Entity::find_by_id(part.proposal_id).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
        let call = call::Entity::find_by_id(proposal.call_id).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
        let annex = annex::Entity::find_by_id(part.annex_id).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
        let organisation = organisation::Entity::find_by_id(part.organisation_id).one(tx.conn()).await?;
        Ok(Self { organisation: organisation.ok_or(AppError::NotFound)?, part, proposal, call, annex })
    }

    /// Refuses changes to letters of a part that was handed in.
    fn draft(&self) -> Result<()> {
        if self.part.state == PartState::Draft {
            return Ok(());
        }
        let message = "This part was submitted. Its letters can be changed when it is reopened, until its deadline.";
        Err(AppError::refused("part_submitted", message))
    }

    /// What the document of this key is called; nothing when the call does not ask for it.
    fn document(&self, key: &str) -> Option<String> {
        self.call.terms.documents.iter().find(|d| d.key == key).map(|d| d.label.clone())
    }

    async fn about(&self, tx: &Tx, row: &letter::Model) -> Result<Box<About>> {
        let asker = account::Entity::find_by_id(row.asked_by).one(tx.conn()).await?.map(|a| a.name);
        Ok(Box::new(About {
            proposal: self.proposal.id,
            part: self.part.id,
            letter: row.id,
            title: self.proposal.title.clone(),
            code: self.proposal.code.clone(),
            applicant: self.organisation.name.clone(),
            document: self.document(&row.document).unwrap_or_else(|| row.document.clone()),
            deadline: self.annex.terms.deadline.to_string(),
            signer: row.signer_name.clone(),
            organisation: row.signer_organisation.clone(),
            email: Email::parse(&row.signer_email).map_err(|e| AppError::broken(e.0))?,
            asked_by: row.asked_by,
            asker: asker.unwrap_or_default(),
        }))
    }
}
