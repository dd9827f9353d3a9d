//! What people do with parts.

mod activities;
mod budget;
mod companies;
mod contact;
mod targets;

pub use activities::{RemoveActivity, SaveActivity};
pub use budget::SaveBudget;
pub use companies::{CompanyIn, RemoveCompany, SaveCompany};
pub use contact::SaveContact;
pub use targets::SaveTargets;

use super::events::At;
use crate::{
    kernel::{AppError, Leave, Result, Tx},
    proposals::{
        Place,
        drafts::commands::{name_of, working, writable},
    },
};
use entity::{
    proposals::{part, proposal},
    types::ids::PartId,
};
use sea_orm::EntityTrait;

/// A part that can be changed now, with its proposal.
struct Open {
    draft: proposal::Model,
    part: part::Model,
}

impl Open {
    async fn load(tx: &Tx, leave: Leave<'_>, id: PartId) -> Result<Self> {
        let row = part::Entity::find_by_id(id).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
        let draft = working(tx, row.proposal_id).await?;
        let part = writable(tx, leave, draft.id, Place::Part(id)).await?;
        Ok(Self { draft, part })
    }

    fn at(&self) -> At {
        At { proposal: self.draft.id, part: self.part.id }
    }

    /// The answer to somebody whose page is older than what is kept.
    async fn stale(&self, tx: &Tx, version: i64) -> Result<AppError> {
        let by = name_of(tx, self.draft.updated_by).await?;
        Ok(AppError::Stale { by, at: self.draft.updated_at, version })
    }
}
