//! Tasks as staff see them.

use crate::{
    evaluation::rules::{Kept, weighted},
    kernel::Result,
};
use chrono::{DateTime, Utc};
use entity::{
    accounts::account,
    evaluation::{assignment, score},
    types::{
        ids::{AccountId, AssignmentId, EvaluatorId, ProposalId},
        sheets::{Said, SheetText},
        states::AssignmentState,
        terms::CallTerms,
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use std::collections::BTreeMap;

/// One task, as staff see it.
#[derive(Debug, Clone)]
pub struct TaskLine {
    pub id: AssignmentId,
    pub proposal: ProposalId,
    pub evaluator: EvaluatorId,
    pub name: String,
    pub state: AssignmentState,
    pub due_at: Option<DateTime<Utc>>,
    pub invited_at: DateTime<Utc>,
    pub answered_at: Option<DateTime<Utc>>,
    pub submitted_at: Option<DateTime<Utc>>,
    pub reason: Option<String>,
    pub reopened_reason: Option<String>,
    /// Criteria with points, and how many there are.
    pub done: usize,
    pub total: usize,
    /// The weighted total, for those who may read scores and once the sheet is submitted.
    pub points: Option<String>,
}

impl TaskLine {
    /// Whether the expert still has something to do.
    pub fn is_open(&self) -> bool {
        matches!(self.state, AssignmentState::Invited | AssignmentState::Accepted | AssignmentState::InProgress)
    }
}

/// A row as sheets are added up.
pub fn kept(row: &score::Model) -> Kept<'_> {
    Kept { key: &row.criterion, points: row.points, abstained: row.abstained.is_some() }
}

/// A sheet as a value: what its task and its rows say.
pub fn sheet_text(task: &assignment::Model, rows: &[score::Model]) -> SheetText {
    let said = |row: &score::Model| Said {
        key: row.criterion.clone(),
        points: row.points,
        comment: row.comment.clone(),
        abstained: row.abstained.clone(),
    };
    SheetText {
        said: rows.iter().map(said).collect(),
        comment: task.comment.clone(),
        private_note: task.private_note.clone(),
    }
}

/// Makes lines of tasks; points only when asked for.
///
/// # Errors
/// When the database cannot be asked.
pub async fn lines(
    db: &impl ConnectionTrait,
    rows: Vec<assignment::Model>,
    terms: &CallTerms,
    with_points: bool,
) -> Result<Vec<TaskLine>> {
    let people =
        account::Entity::find().filter(account::Column::Id.is_in(rows.iter().map(|r| r.account_id))).all(db).await?;
    let names: BTreeMap<AccountId, String> = people.into_iter().map(|a| (a.id, a.name)).collect();
    let scores =
        score::Entity::find().filter(score::Column::AssignmentId.is_in(rows.iter().map(|r| r.id))).all(db).await?;
    let mut given: BTreeMap<AssignmentId, Vec<score::Model>> = BTreeMap::new();
    for row in scores {
        given.entry(row.assignment_id).or_default().push(row);
    }
    let line = |row: assignment::Model| {
        let given = given.remove(&row.id).unwrap_or_default();
        let sheet = weighted(terms, &given.iter().map(kept).collect::<Vec<_>>());
        let submitted = row.state == AssignmentState::Submitted;
        TaskLine {
            id: row.id,
            proposal: row.proposal_id,
            evaluator: row.evaluator_id,
            name: names.get(&row.account_id).cloned().unwrap_or_default(),
            state: row.state,
            due_at: row.due_at,
            invited_at: row.invited_at,
            answered_at: row.answered_at,
            submitted_at: row.submitted_at,
            reason: row.reason,
            reopened_reason: row.reopened_reason,
            done: sheet.done,
            total: sheet.of,
            points: (with_points && submitted).then_some(sheet.total),
        }
    };
    Ok(rows.into_iter().map(line).collect())
}
