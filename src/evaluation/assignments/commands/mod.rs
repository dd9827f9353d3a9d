//! What the secretariat and experts do with assignments.

mod expert;
mod staff;

pub use expert::{AcceptAssignment, DeclareConflict, DeclineAssignment};
pub use staff::{
    InviteEvaluator, LapseInvitation, RecordConflict, RemindEvaluator, ReopenAssignment, SetDue, WithdrawAssignment,
    WithdrawConflict,
};

pub(in crate::evaluation) use staff::{Asking, invite, take_back};

use super::{
    events::About,
    rules::{Step, answer_by, next},
};
use crate::kernel::{AppError, Leave, Result, Tx};
use chrono::{DateTime, Utc};
use entity::{
    accounts::account,
    calls::call,
    evaluation::assignment,
    proposals::proposal,
    types::{ids::AssignmentId, period},
};
use sea_orm::{ActiveValue::Set, EntityTrait};

/// Longest reason and declaration, in characters.
const REASON: usize = 300;

/// A task with what its events need.
pub(in crate::evaluation) struct TaskRows {
    pub row: assignment::Model,
    pub proposal: proposal::Model,
    pub call: call::Model,
    pub expert: account::Model,
}

impl TaskRows {
    /// # Errors
    /// `NotFound` when there is no such task.
    pub async fn load(tx: &Tx, id: AssignmentId) -> Result<Self> {
        let row = assignment::Entity::find_by_id(id).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
        let found =
            proposal::Entity::find_by_id(row.proposal_id).find_also_related(call::Entity).one(tx.conn()).await?;
        let expert = account::Entity::find_by_id(row.account_id).one(tx.conn()).await?;
        match (found, expert) {
            (Some((proposal, Some(call))), Some(expert)) => Ok(Self { row, proposal, call, expert }),
            _ => Err(AppError::NotFound),
        }
    }

    pub fn about(&self) -> About {
        about(&self.row, &self.proposal, &self.call, &self.expert)
    }

    /// # Errors
    /// `Stale` when somebody changed the task since it was seen.
    pub fn not_changed(&self, seen: i64) -> Result<()> {
        if self.row.version == seen {
            return Ok(());
        }
        let at = self.row.submitted_at.or(self.row.answered_at).unwrap_or(self.row.invited_at);
        Err(AppError::Stale { by: "somebody".to_owned(), at, version: self.row.version })
    }
}

fn about(row: &assignment::Model, proposal: &proposal::Model, call: &call::Model, expert: &account::Model) -> About {
    About {
        assignment: row.id,
        call: call.id,
        call_title: call.title.clone(),
        proposal: proposal.id,
        code: proposal.code.clone(),
        title: proposal.title.clone(),
        expert: expert.id,
        expert_name: expert.name.clone(),
        due: row.due_at.map(|at| period::in_zone(at, call.terms.zone)).unwrap_or_default(),
        answer_by: period::in_zone(answer_by(row.invited_at, row.due_at), call.terms.zone),
    }
}

/// Takes a step with a task and gives the row to be changed further; the caller writes it.
///
/// # Errors
/// `Refused` with `task_state` when the step does not start in the task's state.
pub(in crate::evaluation) fn advance(row: assignment::Model, step: Step) -> Result<assignment::ActiveModel> {
    let to = next(row.state, step).map_err(|illegal| AppError::refused("task_state", illegal.to_string()))?;
    let version = row.version + 1;
    let mut change: assignment::ActiveModel = row.into();
    change.state = Set(to);
    change.version = Set(version);
    Ok(change)
}

/// The actor's own task: somebody else's does not exist for them, whatever role they have.
async fn own(tx: &Tx, leave: Leave<'_>, id: AssignmentId) -> Result<TaskRows> {
    let task = TaskRows::load(tx, id).await?;
    if task.row.account_id != leave.account()? {
        return Err(AppError::NotFound);
    }
    Ok(task)
}

/// A date for a task: it lies ahead.
pub(in crate::evaluation) fn ahead(tx: &Tx, due: Option<DateTime<Utc>>) -> Result<Option<DateTime<Utc>>> {
    match due {
        Some(at) if at <= tx.now() => Err(AppError::invalid("due", "Choose a date that lies ahead")),
        due => Ok(due),
    }
}
