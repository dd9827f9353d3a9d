//! What people do with drafts.

mod answers;
mod sections;
mod start;

pub use answers::{Answered, SaveAnswers, Sent, Typed};
pub(in crate::proposals) use answers::{name_of, section as section_of};
pub use sections::{CompleteSection, ReopenSection};
pub(in crate::proposals) use sections::{new_task, task};
pub use start::{DiscardDraft, RenameProposal, StartProposal, Started};
pub(in crate::proposals) use start::{applicant, home_annex, insert_part};

use crate::kernel::{AppError, Leave, Permission, Result, Tx};
use crate::proposals::Place;
use entity::{
    proposals::{part, proposal},
    types::{ids::ProposalId, states::ProposalState},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// The proposal, when it is still being worked on.
///
/// # Errors
/// When it does not exist or was given up.
pub(in crate::proposals) async fn working(tx: &Tx, id: ProposalId) -> Result<proposal::Model> {
    let row = proposal::Entity::find_by_id(id).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
    if row.state == ProposalState::Withdrawn {
        return Err(AppError::refused("given_up", "This proposal was given up. It can be read, but not changed."));
    }
    Ok(row)
}

/// The part a place belongs to, or the coordinator's for the joint one; refused when its text is fixed.
///
/// # Errors
/// When the part is another proposal's, was submitted, or is not the actor's to change.
pub(in crate::proposals) async fn writable(
    tx: &Tx,
    leave: Leave<'_>,
    id: ProposalId,
    place: Place,
) -> Result<part::Model> {
    let row = match place {
        Place::Joint => part::Entity::find()
            .filter(part::Column::ProposalId.eq(id))
            .filter(part::Column::IsCoordinator.eq(true))
            .one(tx.conn())
            .await?
            .ok_or(AppError::NotFound)?,
        Place::Part(part) => {
            let here = |row: &part::Model| row.proposal_id == id && row.left_at.is_none();
            let row = part::Entity::find_by_id(part).one(tx.conn()).await?.filter(here);
            if !leave.may(Permission::EditPart) {
                return Err(AppError::Denied(crate::kernel::error::Denial::Role));
            }
            row.ok_or(AppError::NotFound)?
        }
    };
    match super::rules::locked(place, row.state) {
        Some(refusal) => Err(refusal.into()),
        None => Ok(row),
    }
}

/// Notes who worked on the proposal last.
///
/// # Errors
/// When the database cannot be written.
pub(in crate::proposals) async fn touch(tx: &Tx, leave: Leave<'_>, id: ProposalId) -> Result<()> {
    let row = proposal::ActiveModel {
        id: Set(id),
        updated_at: Set(tx.now()),
        updated_by: Set(leave.actor().account()),
        ..Default::default()
    };
    row.update(tx.conn()).await?;
    Ok(())
}
