//! Whose profile is kept longer than it may be.

use crate::{
    evaluation::{assignments::rules::counts, evaluators::rules::overdue},
    kernel::{Leave, Permission, Query, Result, Snapshot, Subject},
};
use chrono::{DateTime, Utc};
use entity::{
    calls::call,
    evaluation::{assignment, evaluator, recruitment},
    types::{
        ids::EvaluatorId,
        states::{CallState, RecruitmentState},
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

/// The end of somebody's last call or the last renewal; none while a call with a task or promise of theirs runs.
///
/// # Errors
/// When the database cannot be asked.
pub(in crate::evaluation) async fn last_use(
    db: &impl ConnectionTrait,
    row: &evaluator::Model,
) -> Result<Option<DateTime<Utc>>> {
    let tasks = assignment::Entity::find()
        .find_also_related(call::Entity)
        .filter(assignment::Column::EvaluatorId.eq(row.id))
        .all(db)
        .await?;
    let promises = recruitment::Entity::find()
        .find_also_related(call::Entity)
        .filter(recruitment::Column::EvaluatorId.eq(row.id))
        .filter(recruitment::Column::State.is_in([RecruitmentState::Invited, RecruitmentState::Accepted]))
        .all(db)
        .await?;
    let mut last = row.renewed_at.into_iter().chain(row.answered_at).fold(row.invited_at, Ord::max);
    let of_tasks =
        tasks.into_iter().filter(|(task, _)| counts(task.state)).map(|(task, call)| (call, task.submitted_at));
    for (call, submitted_at) in of_tasks.chain(promises.into_iter().map(|(_, call)| (call, None))) {
        let Some(call) = call else { continue };
        if !matches!(call.state, CallState::Decided | CallState::Archived) {
            return Ok(None);
        }
        last = call.closed_at.into_iter().chain(submitted_at).fold(last, Ord::max);
    }
    Ok(Some(last))
}

/// Everybody whose profile is to be erased now.
pub struct OverdueProfiles;

impl Query for OverdueProfiles {
    const NEEDS: Permission = Permission::ManageEvaluators;
    type Output = Vec<EvaluatorId>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<Vec<EvaluatorId>> {
        let rows = evaluator::Entity::find()
            .filter(evaluator::Column::ErasedAt.is_null())
            .order_by_asc(evaluator::Column::Id)
            .all(db.conn())
            .await?;
        let mut ids = Vec::new();
        // Those who joined or renewed lately are not looked at further.
        for row in rows.iter().filter(|row| overdue(row.renewed_at.unwrap_or(row.invited_at), db.now())) {
            if last_use(db.conn(), row).await?.is_some_and(|last| overdue(last, db.now())) {
                ids.push(row.id);
            }
        }
        Ok(ids)
    }
}
