//! What those who use comments say of them.

use super::events::CommentsMarked;
use crate::kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx, error::OnUnique};
use entity::{
    evaluation::{assignment, comment_mark},
    types::{
        ids::{AssignmentId, CommentMarkId, ProposalId},
        states::AssignmentState,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// Says whether the comments of a submitted sheet were useful; said again, the last word counts.
#[derive(Clone)]
pub struct MarkComments {
    pub proposal: ProposalId,
    pub assignment: AssignmentId,
    pub useful: bool,
}

impl Command for MarkComments {
    const NEEDS: Permission = Permission::MarkComments;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Proposal(self.proposal)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let task = assignment::Entity::find_by_id(self.assignment).one(tx.conn()).await?;
        let ours =
            |task: &assignment::Model| task.proposal_id == self.proposal && task.state == AssignmentState::Submitted;
        task.filter(ours).ok_or(AppError::NotFound)?;
        let who = leave.account()?;
        let before = comment_mark::Entity::find()
            .filter(comment_mark::Column::AssignmentId.eq(self.assignment))
            .filter(comment_mark::Column::MarkedBy.eq(who))
            .one(tx.conn())
            .await?;
        match before {
            Some(row) => {
                let mut row: comment_mark::ActiveModel = row.into();
                row.useful = Set(self.useful);
                row.marked_at = Set(tx.now());
                row.update(tx.conn()).await?;
            }
            None => {
                let row = comment_mark::ActiveModel {
                    id: Set(tx.new_id::<CommentMarkId>()),
                    assignment_id: Set(self.assignment),
                    marked_by: Set(who),
                    useful: Set(self.useful),
                    marked_at: Set(tx.now()),
                };
                let twice = AppError::refused("marked_meanwhile", "You said so in another window at the same moment.");
                comment_mark::Entity::insert(row).exec_without_returning(tx.conn()).await.on_unique(twice)?;
            }
        }
        let Self { proposal, assignment, useful } = self;
        Ok(tx.done(CommentsMarked { proposal, assignment, useful }, ()))
    }
}
