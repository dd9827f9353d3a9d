//! An officer's word on a finding.

use super::record::{record, settle, withdraw};
use crate::{
    evaluation::conflicts::{
        events::{FindingEvent, Pair},
        rules,
    },
    kernel::{
        AppError, Command, Done, Leave, Permission, Result, Subject, Tx,
        error::{Denial, ForField},
    },
};
use entity::{
    accounts::account,
    evaluation::{conflict, conflict_finding},
    proposals::proposal,
    types::{
        ids::{FindingId, ProposalId},
        states::FindingState,
        text,
    },
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

/// Confirms a finding, which hides the proposal from the person, or dismisses it; with a reason either way.
#[derive(Clone)]
pub struct DecideFinding {
    pub proposal: ProposalId,
    pub finding: FindingId,
    /// The version the officer read; none when many are decided at once.
    pub seen: Option<i64>,
    pub conflict: bool,
    pub reason: String,
}

impl Command for DecideFinding {
    const NEEDS: Permission = Permission::DecideConflicts;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Proposal(self.proposal)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let me = leave.account()?;
        let row = conflict_finding::Entity::find_by_id(self.finding)
            .filter(conflict_finding::Column::ProposalId.eq(self.proposal))
            .one(tx.conn())
            .await?
            .ok_or(AppError::NotFound)?;
        if row.account_id == me {
            return Err(AppError::Denied(Denial::Conflict));
        }
        if self.seen.is_some_and(|seen| seen != row.version) {
            let at = row.decided_at.unwrap_or(row.found_at);
            return Err(AppError::Stale { by: "somebody".to_owned(), at, version: row.version });
        }
        let reason = text::line(&self.reason, 300).for_field("reason")?;
        let to = rules::decide(row.state, self.conflict)
            .map_err(|decided| AppError::refused("finding_decided", decided.to_string()))?;
        let pair = pair(tx, &row).await?;
        let finding = row.id;
        if to == FindingState::Confirmed {
            let recorded = record(tx, row.account_id, row.proposal_id, &reason, me).await?;
            if row.state != FindingState::Open {
                settle(tx, row, to, &reason, me, Some(recorded.conflict)).await?;
            }
            let tasks = recorded.taken.len();
            return Ok(tx.done(FindingEvent::Confirmed { finding, pair, reason, tasks, late: recorded.late }, ()));
        }
        let behind = row.conflict_id.filter(|_| row.state == FindingState::Confirmed);
        settle(tx, row, to, &reason, me, None).await?;
        if let Some(id) = behind {
            let others = conflict_finding::Entity::find()
                .filter(conflict_finding::Column::ConflictId.eq(id))
                .filter(conflict_finding::Column::State.eq(FindingState::Confirmed))
                .count(tx.conn())
                .await?;
            let row = conflict::Entity::find_by_id(id).one(tx.conn()).await?.filter(|row| row.withdrawn_at.is_none());
            if let Some(row) = row.filter(|_| others == 0) {
                withdraw(tx, row, &reason, me).await?;
            }
        }
        Ok(tx.done(FindingEvent::Dismissed { finding, pair, reason }, ()))
    }
}

async fn pair(tx: &Tx, row: &conflict_finding::Model) -> Result<Pair> {
    let proposal = proposal::Entity::find_by_id(row.proposal_id).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
    let person = account::Entity::find_by_id(row.account_id).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
    Ok(Pair { call: row.call_id, proposal: proposal.id, code: proposal.code, account: person.id, name: person.name })
}
