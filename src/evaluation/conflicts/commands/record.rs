//! A conflict written down and taken back, with everything that follows from it at once.

use crate::kernel::{Result, Tx};
use entity::{
    evaluation::{assignment, conflict, conflict_finding},
    types::{
        ids::{AccountId, AssignmentId, ConflictId, ProposalId},
        states::{AssignmentState, FindingState},
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// What was written.
pub(in crate::evaluation) struct Recorded {
    pub conflict: ConflictId,
    /// Tasks that were taken.
    pub taken: Vec<AssignmentId>,
    /// Those among them whose sheet was handed in: it is kept and counts nowhere.
    pub late: Vec<AssignmentId>,
}

/// Writes a conflict down, takes every task the person has with the proposal, also those done, and settles what was
/// still to be decided between the two.
pub(in crate::evaluation) async fn record(
    tx: &Tx,
    account: AccountId,
    proposal: ProposalId,
    reason: &str,
    by: AccountId,
) -> Result<Recorded> {
    let known = conflict::Entity::find()
        .filter(conflict::Column::AccountId.eq(account))
        .filter(conflict::Column::ProposalId.eq(proposal))
        .filter(conflict::Column::WithdrawnAt.is_null())
        .one(tx.conn())
        .await?;
    let id = match known {
        Some(row) => row.id,
        None => {
            let id = tx.new_id::<ConflictId>();
            let row = conflict::ActiveModel {
                id: Set(id),
                account_id: Set(account),
                proposal_id: Set(Some(proposal)),
                organisation_id: Set(None),
                reason: Set(reason.to_owned()),
                declared_by: Set(Some(by)),
                declared_at: Set(tx.now()),
                withdrawn_at: Set(None),
            };
            conflict::Entity::insert(row).exec_without_returning(tx.conn()).await?;
            id
        }
    };
    let tasks = assignment::Entity::find()
        .filter(assignment::Column::AccountId.eq(account))
        .filter(assignment::Column::ProposalId.eq(proposal))
        .filter(assignment::Column::State.is_in([
            AssignmentState::Invited,
            AssignmentState::Accepted,
            AssignmentState::InProgress,
            AssignmentState::Submitted,
        ]))
        .all(tx.conn())
        .await?;
    let mut recorded = Recorded { conflict: id, taken: Vec::new(), late: Vec::new() };
    for row in tasks {
        recorded.taken.push(row.id);
        if row.state == AssignmentState::Submitted {
            recorded.late.push(row.id);
        }
        let version = row.version + 1;
        let mut change: assignment::ActiveModel = row.into();
        change.state = Set(AssignmentState::Conflicted);
        change.version = Set(version);
        change.reason = Set(Some(reason.to_owned()));
        change.answered_at = Set(Some(tx.now()));
        change.update(tx.conn()).await?;
    }
    let open = conflict_finding::Entity::find()
        .filter(conflict_finding::Column::AccountId.eq(account))
        .filter(conflict_finding::Column::ProposalId.eq(proposal))
        .filter(conflict_finding::Column::State.eq(FindingState::Open))
        .all(tx.conn())
        .await?;
    for row in open {
        settle(tx, row, FindingState::Confirmed, reason, by, Some(id)).await?;
    }
    Ok(recorded)
}

/// Takes a conflict back: tasks it took can be given again, and the findings behind it are dismissed.
pub(in crate::evaluation) async fn withdraw(tx: &Tx, row: conflict::Model, reason: &str, by: AccountId) -> Result<()> {
    if let Some(proposal) = row.proposal_id {
        let taken = assignment::Entity::find()
            .filter(assignment::Column::AccountId.eq(row.account_id))
            .filter(assignment::Column::ProposalId.eq(proposal))
            .filter(assignment::Column::State.eq(AssignmentState::Conflicted))
            .all(tx.conn())
            .await?;
        for row in taken {
            let version = row.version + 1;
            let mut change: assignment::ActiveModel = row.into();
            change.state = Set(AssignmentState::Withdrawn);
            change.version = Set(version);
            change.update(tx.conn()).await?;
        }
    }
    let behind = conflict_finding::Entity::find()
        .filter(conflict_finding::Column::ConflictId.eq(row.id))
        .filter(conflict_finding::Column::State.eq(FindingState::Confirmed))
        .all(tx.conn())
        .await?;
    for finding in behind {
        settle(tx, finding, FindingState::Dismissed, reason, by, Some(row.id)).await?;
    }
    let mut change: conflict::ActiveModel = row.into();
    change.withdrawn_at = Set(Some(tx.now()));
    change.update(tx.conn()).await?;
    Ok(())
}

/// Writes a decision about a finding.
pub(super) async fn settle(
    tx: &Tx,
    row: conflict_finding::Model,
    state: FindingState,
    reason: &str,
    by: AccountId,
    conflict: Option<ConflictId>,
) -> Result<()> {
    let version = row.version + 1;
    let mut change: conflict_finding::ActiveModel = row.into();
    change.state = Set(state);
    change.reason = Set(Some(reason.to_owned()));
    change.decided_by = Set(Some(by));
    change.decided_at = Set(Some(tx.now()));
    change.conflict_id = Set(conflict);
    change.version = Set(version);
    change.update(tx.conn()).await?;
    Ok(())
}
