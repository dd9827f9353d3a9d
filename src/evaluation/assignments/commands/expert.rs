//! What an expert answers.

use super::{REASON, advance, own};
use crate::{
    evaluation::{
        assignments::{
            events::AssignmentEvent,
            rules::{self, Step},
        },
        conflicts::commands::record,
        rules::signature,
    },
    kernel::{
        AppError, Command, Done, Leave, Permission, Result, Subject, Tx,
        error::{FieldErrors, ForField},
    },
};
use entity::types::{ids::AssignmentId, text};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};

/// Accepts a task with a declaration of no conflict, signed by typing one's name.
#[derive(Clone)]
pub struct AcceptAssignment {
    pub assignment: AssignmentId,
    pub signed_name: String,
    /// Whether the declaration itself was ticked.
    pub declared: bool,
}

impl Command for AcceptAssignment {
    const NEEDS: Permission = Permission::AnswerAssignment;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Assignment(self.assignment)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let task = own(tx, leave, self.assignment).await?;
        let mut errors = FieldErrors::default();
        if !self.declared {
            errors.add("declared", "Confirm that you have no conflict of interest, or declare one");
        }
        let signed = errors.take("signed_name", text::line(&self.signed_name, 120)).unwrap_or_default();
        if !signed.is_empty() {
            errors.take("signed_name", signature(&signed, &task.expert.name));
        }
        errors.done()?;
        let about = task.about();
        let mut change = advance(task.row, Step::Accept)?;
        change.signed_name = Set(Some(signed.clone()));
        change.declared_at = Set(Some(tx.now()));
        change.answered_at = Set(Some(tx.now()));
        change.reason = Set(None);
        change.update(tx.conn()).await?;
        Ok(tx.done(AssignmentEvent::Accepted { about, signed }, ()))
    }
}

/// Declines a task, with a reason from the list and a text.
#[derive(Clone)]
pub struct DeclineAssignment {
    pub assignment: AssignmentId,
    /// Key of [`rules::DECLINES`].
    pub reason: String,
    pub note: String,
}

impl Command for DeclineAssignment {
    const NEEDS: Permission = Permission::AnswerAssignment;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Assignment(self.assignment)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let task = own(tx, leave, self.assignment).await?;
        let sentence = rules::decline(&self.reason).ok_or_else(|| AppError::invalid("reason", "Choose a reason"))?;
        let note = text::optional_line(&self.note, 200).for_field("note")?;
        if self.reason == "other" && note.is_none() {
            return Err(AppError::invalid("note", "Say why, in a few words"));
        }
        let reason = note.map_or_else(|| sentence.to_owned(), |note| format!("{sentence}: {note}"));
        let reason: String = reason.chars().take(REASON).collect();
        let about = task.about();
        let mut change = advance(task.row, Step::Decline)?;
        change.reason = Set(Some(reason.clone()));
        change.answered_at = Set(Some(tx.now()));
        change.update(tx.conn()).await?;
        Ok(tx.done(AssignmentEvent::Declined { about, reason }, ()))
    }
}

/// Declares a conflict of interest: the task goes, and the proposal is hidden from the expert.
#[derive(Clone)]
pub struct DeclareConflict {
    pub assignment: AssignmentId,
    pub reason: String,
}

impl Command for DeclareConflict {
    const NEEDS: Permission = Permission::AnswerAssignment;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Assignment(self.assignment)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let task = own(tx, leave, self.assignment).await?;
        rules::next(task.row.state, Step::DeclareConflict)
            .map_err(|illegal| AppError::refused("task_state", illegal.to_string()))?;
        let reason = text::line(&self.reason, REASON).for_field("conflict_reason")?;
        let (expert, about) = (task.expert.id, task.about());
        let late = record(tx, expert, task.proposal.id, &reason, expert).await?.late;
        Ok(tx.done(AssignmentEvent::ConflictDeclared { about, reason, late }, ()))
    }
}
