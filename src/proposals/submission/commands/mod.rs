//! Handing in, taking back and giving up a part, and keeping the printed receipt.

mod keep_receipt;
mod remind;
mod reopen;
mod submit;
mod withdraw;

pub use keep_receipt::KeepReceipt;
pub use remind::RemindDrafts;
pub use reopen::ReopenPart;
pub use submit::{Handed, SubmitPart};
pub use withdraw::WithdrawPart;

use super::{bundle::Bundle, rules};
use crate::{
    kernel::{AppError, Result, Tx},
    proposals::{
        dossier::PartFile,
        rules::{PartStep, next},
    },
};
use entity::{
    proposals::{part, proposal, submission},
    types::{
        ids::{OrganisationId, PartId},
        states::{PartState, ProposalState},
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

/// The version of a part that counts now.
///
/// # Errors
/// When the database cannot be asked.
pub(super) async fn current(tx: &Tx, part: PartId) -> Result<Option<submission::Model>> {
    Ok(submission::Entity::find()
        .filter(submission::Column::PartId.eq(part))
        .filter(submission::Column::EndedAt.is_null())
        .order_by_desc(submission::Column::Number)
        .one(tx.conn())
        .await?)
}

/// Takes a step with a part and brings the state of its proposal in line.
async fn step(tx: &Tx, bundle: &Bundle, step: PartStep, signatory: Option<String>) -> Result<PartState> {
    let to = next(bundle.own().row.state, step).map_err(|e| AppError::refused("part_state", format!("{e}.")))?;
    let version = bundle.own().row.version + 1;
    let mut row: part::ActiveModel = bundle.own().row.clone().into();
    row.state = Set(to);
    row.version = Set(version);
    match step {
        PartStep::Submit => row.submitted_at = Set(Some(tx.now())),
        PartStep::Reopen => row.submitted_at = Set(None),
        _ => {}
    }
    if signatory.is_some() {
        row.signatory = Set(signatory);
    }
    row.update(tx.conn()).await?;
    let states: Vec<PartState> = std::iter::once(to).chain(bundle.others().map(|p| p.row.state)).collect();
    let state = rules::proposal_state(&states);
    if state != bundle.dossier.proposal.state {
        let first = bundle.dossier.proposal.submitted_at.or(Some(tx.now())).filter(|_| state != ProposalState::Draft);
        let mut row: proposal::ActiveModel = bundle.dossier.proposal.clone().into();
        row.state = Set(state);
        row.submitted_at = Set(first);
        row.update(tx.conn()).await?;
    }
    Ok(to)
}

/// Ends the version that counts, when there is one; gives its number.
async fn end(tx: &Tx, part: PartId) -> Result<Option<i32>> {
    let Some(row) = current(tx, part).await? else {
        return Ok(None);
    };
    let number = row.number;
    let mut row: submission::ActiveModel = row.into();
    row.ended_at = Set(Some(tx.now()));
    row.update(tx.conn()).await?;
    Ok(Some(number))
}

/// The agencies whose parts of this proposal are with them.
fn agencies_concerned(bundle: &Bundle) -> Vec<OrganisationId> {
    let with_them = |part: &&PartFile| !matches!(part.row.state, PartState::Draft | PartState::Withdrawn);
    let mut agencies: Vec<OrganisationId> =
        bundle.dossier.parts.iter().filter(with_them).map(|s| s.agency.id).collect();
    agencies.push(bundle.own().agency.id);
    agencies.sort();
    agencies.dedup();
    agencies
}
