//! The helper that moves a part, lent to the areas at the right of proposals.

use crate::{
    kernel::{AppError, Result, Tx},
    proposals::rules::{PartStep, next},
};
use entity::{
    proposals::part,
    types::{
        ids::{PartId, ProposalId},
        states::PartState,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

/// Takes one step with a part; a part that already stands where the step leads is left alone, so that a repeated
/// step is harmless.
///
/// # Errors
/// `NotFound` when there is no such part; `Refused` with `part_state` when the step does not start in its state.
pub async fn advance(tx: &Tx, part: PartId, step: PartStep) -> Result<PartState> {
    let row = part::Entity::find_by_id(part).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
    move_on(tx, row, step).await
}

/// Takes one step with every part of a proposal that is in this state; gives the parts that moved.
///
/// # Errors
/// As [`advance`].
pub async fn advance_all(tx: &Tx, proposal: ProposalId, from: PartState, step: PartStep) -> Result<Vec<PartId>> {
    let rows = part::Entity::find()
        .filter(part::Column::ProposalId.eq(proposal))
        .filter(part::Column::State.eq(from))
        .order_by_asc(part::Column::CreatedAt)
        .all(tx.conn())
        .await?;
    let mut moved = Vec::with_capacity(rows.len());
    for row in rows {
        moved.push(row.id);
        move_on(tx, row, step).await?;
    }
    Ok(moved)
}

async fn move_on(tx: &Tx, row: part::Model, step: PartStep) -> Result<PartState> {
    let to = match next(row.state, step) {
        Ok(to) => to,
        Err(_) if already(row.state, step) => return Ok(row.state),
        Err(illegal) => return Err(AppError::refused("part_state", format!("{illegal}."))),
    };
    let version = row.version + 1;
    let mut change: part::ActiveModel = row.into();
    change.state = Set(to);
    change.version = Set(version);
    change.update(tx.conn()).await?;
    Ok(to)
}

/// Whether the part is in a state this step leads to.
fn already(state: PartState, step: PartStep) -> bool {
    PartState::ALL.iter().any(|&from| next(from, step) == Ok(state))
}
