//! What evaluators do with their sheets.

use super::{events::ScoreEvent, rules};
use crate::{
    evaluation::{
        assignments::{
            commands::{TaskRows, advance},
            rules::Step,
        },
        rules::weighted,
    },
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx, error::FieldErrors},
};
use entity::{
    evaluation::{assignment, score},
    types::{
        ids::{AssignmentId, ScoreId},
        points::Points,
        states::AssignmentState,
        terms::CallTerms,
        text,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// Longest comment, in characters.
const COMMENT: usize = 8_000;

/// What an evaluator typed for one criterion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub criterion: String,
    /// Points as typed; empty when none were given.
    pub points: String,
    pub comment: String,
}

/// A sheet as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    pub entries: Vec<Entry>,
    /// To the applicant, about the whole.
    pub comment: String,
    /// To panel and secretariat only.
    pub private_note: String,
}

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
        let about = task.about();
        let (row, given) = write(tx, task, self.seen, self.sheet, Step::Begin).await?;
        let done = given.iter().filter(|g| g.1.is_some()).count();
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
        let (row, given) = write(tx, task, self.seen, self.sheet, Step::Submit).await?;
        let facts: Vec<rules::Given<'_>> = given
            .iter()
            .map(|(criterion, points, comment)| rules::Given { criterion, points: *points, comment })
            .collect();
        let mut errors = FieldErrors::default();
        for (criterion, message) in rules::missing(&terms, &facts) {
            let field = if message.starts_with("Write") { "comment" } else { "points" };
            errors.add(format!("{field}-{criterion}"), message);
        }
        errors.done()?;
        let version = row.version;
        let mut row: assignment::ActiveModel = row.into();
        row.submitted_at = Set(Some(tx.now()));
        row.update(tx.conn()).await?;
        let points: Vec<(&str, Points)> = given.iter().filter_map(|(c, p, _)| Some((c.as_str(), (*p)?))).collect();
        let total = weighted(&terms, &points).total;
        Ok(tx.done(ScoreEvent::Submitted { about, total }, version))
    }
}

async fn own(tx: &Tx, leave: Leave<'_>, id: AssignmentId) -> Result<TaskRows> {
    let task = TaskRows::load(tx, id).await?;
    if task.row.account_id != leave.account()? {
        return Err(AppError::NotFound);
    }
    match task.row.state {
        AssignmentState::Accepted | AssignmentState::InProgress => Ok(task),
        AssignmentState::Submitted => Err(AppError::refused(
            "already_submitted",
            "This sheet was submitted. Ask the joint secretariat to give it back to you if it must be changed.",
        )),
        state => Err(AppError::refused("task_state", format!("This task is in the state “{}”.", state.label()))),
    }
}

/// Criterion, points and comment as they now stand.
type Stored = (String, Option<Points>, String);

/// Writes what was typed and takes a step. A sheet that says what is kept already is no lost update, whatever
/// version it was made from: two presses, or an answer lost on the way.
async fn write(
    tx: &Tx,
    task: TaskRows,
    seen: i64,
    sheet: Sheet,
    step: Step,
) -> Result<(assignment::Model, Vec<Stored>)> {
    let terms = &task.call.terms;
    let kept = score::Entity::find().filter(score::Column::AssignmentId.eq(task.row.id)).all(tx.conn()).await?;
    let typed = read(terms, sheet)?;
    let same = typed.comment == task.row.comment
        && typed.private_note == task.row.private_note
        && typed.scores.iter().all(|(key, points, comment)| match kept.iter().find(|k| k.criterion == *key) {
            Some(row) => row.points == *points && row.comment == *comment,
            None => points.is_none() && comment.is_empty(),
        });
    if !same {
        task.not_changed(seen)?;
    }
    for (key, points, comment) in &typed.scores {
        match kept.iter().find(|k| k.criterion == *key) {
            Some(row) if row.points == *points && row.comment == *comment => {}
            Some(row) => {
                let version = row.version + 1;
                let mut change: score::ActiveModel = row.clone().into();
                change.points = Set(*points);
                change.comment = Set(comment.clone());
                change.version = Set(version);
                change.updated_at = Set(tx.now());
                change.update(tx.conn()).await?;
            }
            None if points.is_none() && comment.is_empty() => {}
            None => {
                let row = score::ActiveModel {
                    id: Set(tx.new_id::<ScoreId>()),
                    assignment_id: Set(task.row.id),
                    criterion: Set(key.clone()),
                    points: Set(*points),
                    comment: Set(comment.clone()),
                    version: Set(1),
                    updated_at: Set(tx.now()),
                };
                score::Entity::insert(row).exec_without_returning(tx.conn()).await?;
            }
        }
    }
    if same && step == Step::Begin {
        return Ok((task.row, typed.scores));
    }
    let mut change = advance(task.row, step)?;
    change.comment = Set(typed.comment);
    change.private_note = Set(typed.private_note);
    Ok((change.update(tx.conn()).await?, typed.scores))
}

struct Typed {
    scores: Vec<Stored>,
    comment: String,
    private_note: String,
}

/// Reads what was typed; criteria that were not sent are empty.
fn read(terms: &CallTerms, sheet: Sheet) -> Result<Typed> {
    let mut errors = FieldErrors::default();
    let mut scores = Vec::new();
    for entry in &sheet.entries {
        if !terms.criteria.iter().any(|c| c.key == entry.criterion) {
            errors.add(format!("points-{}", entry.criterion), "The call has no such criterion");
        }
    }
    for criterion in &terms.criteria {
        let entry = sheet.entries.iter().find(|e| e.criterion == criterion.key);
        let typed = entry.map_or("", |e| e.points.trim());
        let points = match typed {
            "" => None,
            typed => {
                errors.take(&format!("points-{}", criterion.key), rules::read_points(terms, &criterion.key, typed))
            }
        };
        let comment = text::prose(entry.map_or("", |e| e.comment.as_str()), COMMENT);
        let comment = errors.take(&format!("comment-{}", criterion.key), comment).unwrap_or_default();
        scores.push((criterion.key.clone(), points, comment));
    }
    let comment = errors.take("comment", text::prose(&sheet.comment, COMMENT)).unwrap_or_default();
    let private_note = errors.take("private_note", text::prose(&sheet.private_note, COMMENT)).unwrap_or_default();
    errors.done()?;
    Ok(Typed { scores, comment, private_note })
}
