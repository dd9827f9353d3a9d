//! What evaluators do with their sheets.

mod typed;

pub use typed::{Entry, Sheet};
pub(in crate::evaluation) use typed::{missing_in, read_whole};

use super::{events::ScoreEvent, queries::training_owed};
use crate::{
    evaluation::assignments::{
        commands::{TaskRows, advance},
        rules::Step,
    },
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx},
};
use entity::{
    evaluation::{assignment, score},
    types::{ids::AssignmentId, states::AssignmentState},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use typed::{Typed, lines_of, missing, read, total};

/// Keeps what was typed so far; gives the new version of the sheet.
#[derive(Clone)]
pub struct SaveSheet {
    pub assignment: AssignmentId,
    pub seen: i64,
    pub sheet: Sheet,
}

impl Command for SaveSheet {
    const NEEDS: Permission = Permission::GiveScore;
    type Output = i64;

    fn about(&self) -> Subject {
        Subject::Assignment(self.assignment)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<i64>> {
        let task = own(tx, leave, self.assignment).await?;
        let (about, terms) = (task.about(), task.call.terms.clone());
        let (row, typed) = write(tx, task, self.seen, &self.sheet, Step::Begin).await?;
        let done = typed.weighted(&terms).done;
        Ok(tx.done(ScoreEvent::Saved { about, done }, row.version))
    }
}

/// Keeps what was typed and hands the sheet in.
#[derive(Clone)]
pub struct SubmitSheet {
    pub assignment: AssignmentId,
    pub seen: i64,
    pub sheet: Sheet,
}

impl Command for SubmitSheet {
    const NEEDS: Permission = Permission::GiveScore;
    type Output = i64;

    fn about(&self) -> Subject {
        Subject::Assignment(self.assignment)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<i64>> {
        let task = own(tx, leave, self.assignment).await?;
        let (about, terms) = (task.about(), task.call.terms.clone());
        let (row, typed) = write(tx, task, self.seen, &self.sheet, Step::Submit).await?;
        typed.missing(&terms).done()?;
        let version = row.version;
        let mut row: assignment::ActiveModel = row.into();
        row.submitted_at = Set(Some(tx.now()));
        row.update(tx.conn()).await?;
        let total = typed.weighted(&terms).total;
        Ok(tx.done(ScoreEvent::Submitted { about, total }, version))
    }
}

/// Hands a sheet in as it was kept, for those who submit several at once.
#[derive(Clone)]
pub struct SubmitKept {
    pub assignment: AssignmentId,
    pub seen: i64,
}

impl Command for SubmitKept {
    const NEEDS: Permission = Permission::GiveScore;
    type Output = i64;

    fn about(&self) -> Subject {
        Subject::Assignment(self.assignment)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<i64>> {
        let task = own(tx, leave, self.assignment).await?;
        task.not_changed(self.seen)?;
        let (about, terms) = (task.about(), task.call.terms.clone());
        let lines = lines_of(&kept(tx, self.assignment).await?);
        missing(&terms, &lines).done()?;
        let total = total(&terms, &lines).total;
        let mut change = advance(task.row, Step::Submit)?;
        change.submitted_at = Set(Some(tx.now()));
        let row = change.update(tx.conn()).await?;
        Ok(tx.done(ScoreEvent::Submitted { about, total }, row.version))
    }
}

async fn own(tx: &Tx, leave: Leave<'_>, id: AssignmentId) -> Result<TaskRows> {
    let task = TaskRows::load(tx, id).await?;
    if task.row.account_id != leave.account()? {
        return Err(AppError::NotFound);
    }
    match task.row.state {
        AssignmentState::Accepted | AssignmentState::InProgress => match training_owed(tx.conn(), &task.row).await? {
            None => Ok(task),
            Some(_) => Err(AppError::refused(
                "training_first",
                "This call asks you to score its training proposal first. You find it under “My assignments”.",
            )),
        },
        AssignmentState::Submitted => Err(AppError::refused(
            "already_submitted",
            "This sheet was submitted. Ask the joint secretariat to give it back to you if it must be changed.",
        )),
        state => Err(AppError::refused("task_state", format!("This task is in the state “{}”.", state.label()))),
    }
}

async fn kept(tx: &Tx, id: AssignmentId) -> Result<Vec<score::Model>> {
    Ok(score::Entity::find().filter(score::Column::AssignmentId.eq(id)).all(tx.conn()).await?)
}

/// Writes what was typed and takes a step. A sheet that says what is kept already is no lost update, whatever
/// version it was made from: two presses, or an answer lost on the way.
async fn write(tx: &Tx, task: TaskRows, seen: i64, sheet: &Sheet, step: Step) -> Result<(assignment::Model, Typed)> {
    let rows = kept(tx, task.row.id).await?;
    let typed = read(&task.call.terms, sheet)?;
    let same = typed.comment == task.row.comment
        && typed.private_note == task.row.private_note
        && typed.lines.iter().all(|line| line.is_kept(&rows));
    if !same {
        task.not_changed(seen)?;
    }
    for line in &typed.lines {
        line.keep(tx, task.row.id, &rows).await?;
    }
    if same && step == Step::Begin {
        return Ok((task.row, typed));
    }
    let mut change = advance(task.row, step)?;
    change.comment = Set(typed.comment.clone());
    change.private_note = Set(typed.private_note.clone());
    Ok((change.update(tx.conn()).await?, typed))
}
