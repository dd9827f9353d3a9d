//! How the evaluation of a call goes: proposals against evaluators.

use crate::{
    evaluation::rules::{Kept, weighted},
    kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject, access::scope},
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::{
    accounts::account,
    calls::call,
    evaluation::{assignment, score},
    proposals::{part, proposal},
    types::{
        ids::{AccountId, AssignmentId, CallId, EvaluatorId, ProposalId},
        sheets::{Said, SheetText},
        states::{AssignmentState, CallState, PartState},
        terms::CallTerms,
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
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

/// One proposal of the matrix; a cell for every evaluator of the call.
#[derive(Debug, Clone)]
pub struct ProgressRow {
    pub id: ProposalId,
    pub code: String,
    pub title: String,
    pub cells: Vec<Option<TaskLine>>,
    /// Tasks that were not declined, withdrawn or lost to a conflict.
    pub assigned: usize,
    pub submitted: usize,
}

/// The matrix of a call.
pub struct Progress {
    pub call: CallId,
    pub call_code: String,
    pub call_state: CallState,
    pub zone: Tz,
    pub now: DateTime<Utc>,
    pub wanted: usize,
    pub evaluators: Vec<(EvaluatorId, String)>,
    pub rows: Vec<ProgressRow>,
    /// Parts that were not yet checked.
    pub unchecked: u64,
}

impl Progress {
    /// Tasks in one of these states.
    pub fn count(&self, states: &[AssignmentState]) -> usize {
        self.rows.iter().flat_map(|r| r.cells.iter().flatten()).filter(|c| states.contains(&c.state)).count()
    }

    /// Open tasks whose date has passed.
    pub fn late(&self) -> usize {
        let late = |c: &&TaskLine| c.is_open() && c.due_at.is_some_and(|at| at < self.now);
        self.rows.iter().flat_map(|r| r.cells.iter().flatten()).filter(late).count()
    }

    /// Proposals with fewer evaluators than the call wants.
    pub fn thin(&self) -> usize {
        self.rows.iter().filter(|r| r.assigned < self.wanted).count()
    }
}

/// How the evaluation of a call goes.
pub struct ProgressOf(pub CallId);

impl Query for ProgressOf {
    const NEEDS: Permission = Permission::SeeProgress;
    type Output = Progress;

    fn about(&self) -> Subject {
        Subject::Call(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Progress> {
        use sea_orm::PaginatorTrait;
        let now = db.now();
        let db = db.conn();
        let call = call::Entity::find_by_id(self.0).one(db).await?.ok_or(AppError::NotFound)?;
        let judged = part::Entity::find()
            .select_only()
            .column(part::Column::ProposalId)
            .filter(part::Column::State.is_not_in([PartState::Draft, PartState::Withdrawn, PartState::Ineligible]))
            .into_query();
        let proposals = scope::proposals(leave)
            .filter(proposal::Column::CallId.eq(self.0))
            .filter(proposal::Column::Id.in_subquery(judged))
            .order_by_asc(proposal::Column::Code)
            .all(db)
            .await?;
        let tasks = scope::assignments(leave)
            .filter(assignment::Column::CallId.eq(self.0))
            .filter(assignment::Column::State.ne(AssignmentState::Withdrawn))
            .all(db)
            .await?;
        let tasks = lines(db, tasks, &call.terms, leave.may(Permission::ReadScores)).await?;
        let mut evaluators: Vec<_> = tasks.iter().map(|t| (t.evaluator, t.name.clone())).collect();
        evaluators.sort_by(|a, b| a.1.cmp(&b.1).then(a.0.cmp(&b.0)));
        evaluators.dedup();
        let mut cells: BTreeMap<(ProposalId, EvaluatorId), TaskLine> =
            tasks.into_iter().map(|t| ((t.proposal, t.evaluator), t)).collect();
        let row = |one: proposal::Model| {
            let cells: Vec<_> = evaluators.iter().map(|(e, _)| cells.remove(&(one.id, *e))).collect();
            let live = |c: &&TaskLine| !matches!(c.state, AssignmentState::Declined | AssignmentState::Conflicted);
            let assigned = cells.iter().flatten().filter(live).count();
            let submitted = cells.iter().flatten().filter(|c| c.state == AssignmentState::Submitted).count();
            ProgressRow { id: one.id, code: one.code, title: one.title, cells, assigned, submitted }
        };
        let rows: Vec<ProgressRow> = proposals.into_iter().map(row).collect();
        let shown = rows.iter().map(|r| r.id);
        let unchecked = part::Entity::find()
            .filter(part::Column::ProposalId.is_in(shown))
            .filter(part::Column::State.eq(PartState::Submitted))
            .count(db)
            .await?;
        Ok(Progress {
            call: call.id,
            call_code: call.code,
            call_state: call.state,
            zone: call.terms.zone,
            now,
            wanted: usize::try_from(call.terms.evaluation.evaluators_per_proposal).unwrap_or(usize::MAX),
            evaluators,
            rows,
            unchecked,
        })
    }
}
