//! What follows from a sheet that stopped counting.

use super::{events::Recused, queries::effect};
use crate::{
    evaluation::assignments::{
        commands::TaskRows,
        queries::{Candidates, replacement, task_lines},
    },
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx},
};
use entity::{
    evaluation::assignment,
    types::{
        ids::AssignmentId,
        states::{AssignmentState, CallState},
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

/// Tells the secretariat what a late conflict changes, and who could judge instead.
#[derive(Clone)]
pub struct TellOfRecusal(pub AssignmentId);

impl Command for TellOfRecusal {
    const NEEDS: Permission = Permission::DecideConflicts;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Assignment(self.0)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let task = TaskRows::load(tx, self.0).await?;
        if task.row.state != AssignmentState::Conflicted {
            return Err(AppError::refused("task_state", "The conflict was taken back meanwhile."));
        }
        let effect = effect(tx.conn(), task.call.id, task.proposal.id).await?.text();
        let mut instead = String::new();
        if matches!(task.call.state, CallState::Open | CallState::Closed | CallState::Evaluating) {
            let pool = Candidates::load(tx.conn(), leave, task.proposal.id).await?;
            let rows = assignment::Entity::find()
                .filter(assignment::Column::ProposalId.eq(task.proposal.id))
                .all(tx.conn())
                .await?;
            let terms = &task.call.terms;
            let tasks = task_lines(tx.conn(), rows, terms, false).await?;
            let best = replacement(&tasks, &pool.all, terms.evaluation.evaluators_per_proposal);
            if let Some(one) = best.and_then(|id| pool.of(id)) {
                instead = format!("{}, {} ({} of {} tasks)", one.name, one.organisation, one.load, one.capacity);
            }
        }
        let told = Recused {
            assignment: task.row.id,
            call: task.call.id,
            proposal: task.proposal.id,
            code: task.proposal.code,
            title: task.proposal.title,
            name: task.expert.name,
            effect,
            replacement: instead,
        };
        Ok(tx.done(told, ()))
    }
}
