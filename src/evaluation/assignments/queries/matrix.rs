//! How the evaluation of a call goes: its proposals with the tasks of each, searched, filtered, sorted and paged in the
//! database.

use super::progress::{TaskLine, lines};
use crate::{
    evaluation::assignments::rules::counts,
    kernel::{
        AppError, Leave, Permission, Query, Result, Snapshot, Subject,
        access::scope,
        paging::{ListRequest, Listed, contains, listed},
    },
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::{
    accounts::account,
    calls::call,
    evaluation::assignment,
    proposals::{part, proposal},
    types::{
        ids::{AccountId, CallId, EvaluatorId, ProposalId},
        states::{AssignmentState, CallState, PartState},
    },
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
    sea_query::{Expr, ExprTrait, SelectStatement, SubQueryStatement},
};
use std::{collections::BTreeMap, str::FromStr};

/// What the evaluation of a proposal waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiting {
    /// It has fewer evaluators than the call wants.
    Evaluators,
    /// Somebody has not answered the invitation.
    Answer,
    /// A sheet is being written.
    Sheet,
    /// An open task is past its date.
    Late,
    /// For nothing: as many sheets are submitted as the call wants.
    Nothing,
}

impl Waiting {
    pub const ALL: [Self; 5] = [Self::Evaluators, Self::Answer, Self::Sheet, Self::Late, Self::Nothing];

    /// The word of the address.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Evaluators => "evaluators",
            Self::Answer => "answer",
            Self::Sheet => "sheet",
            Self::Late => "late",
            Self::Nothing => "nothing",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Evaluators => "More evaluators",
            Self::Answer => "Answers to invitations",
            Self::Sheet => "Sheets being written",
            Self::Late => "Late tasks",
            Self::Nothing => "Nothing: all sheets are in",
        }
    }
}

impl FromStr for Waiting {
    type Err = ();

    fn from_str(word: &str) -> std::result::Result<Self, ()> {
        Self::ALL.into_iter().find(|one| one.word() == word).ok_or(())
    }
}

/// One proposal with its tasks.
#[derive(Debug, Clone)]
pub struct ProgressRow {
    pub id: ProposalId,
    pub code: String,
    pub title: String,
    /// By the names of the evaluators; none that was taken back.
    pub tasks: Vec<TaskLine>,
    /// Tasks that were not declined, withdrawn or lost to a conflict.
    pub assigned: usize,
    pub submitted: usize,
    /// Evaluators the call wants.
    pub wanted: usize,
}

/// Sums over all proposals of the call, whatever the list shows.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sums {
    pub proposals: u64,
    /// Proposals with fewer evaluators than the call wants.
    pub thin: u64,
    pub invited: u64,
    pub writing: u64,
    pub late: u64,
    pub submitted: u64,
}

/// How the evaluation of a call goes.
pub struct Progress {
    pub call: CallId,
    pub call_code: String,
    pub call_state: CallState,
    pub zone: Tz,
    pub now: DateTime<Utc>,
    pub sums: Sums,
    /// Everybody with a task in the call.
    pub evaluators: Vec<(EvaluatorId, String)>,
    pub rows: Listed<ProgressRow>,
    /// Parts that were not yet checked.
    pub unchecked: u64,
}

/// How the evaluation of a call goes, as far as the actor may see it.
pub struct ProgressOf {
    pub call: CallId,
    pub list: ListRequest,
}

impl Query for ProgressOf {
    const NEEDS: Permission = Permission::SeeProgress;
    type Output = Progress;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Progress> {
        let now = db.now();
        let db = db.conn();
        let call = call::Entity::find_by_id(self.call).one(db).await?.ok_or(AppError::NotFound)?;
        let matrix = Matrix { leave, call: call.id, wanted: call.terms.evaluation.evaluators_per_proposal, now };
        let page = listed(db, matrix.narrowed(&self.list), self.list.paging).await?;
        let tasks = matrix
            .tasks()
            .filter(assignment::Column::ProposalId.is_in(page.rows.iter().map(|row| row.id)))
            .filter(assignment::Column::State.ne(AssignmentState::Withdrawn))
            .order_by_asc(assignment::Column::Id)
            .all(db)
            .await?;
        let mut tasks = lines(db, tasks, &call.terms, leave.may(Permission::ReadScores)).await?;
        tasks.sort_by(|a, b| a.name.cmp(&b.name));
        let mut of: BTreeMap<ProposalId, Vec<TaskLine>> = BTreeMap::new();
        for task in tasks {
            of.entry(task.proposal).or_default().push(task);
        }
        let wanted = usize::try_from(matrix.wanted).unwrap_or(usize::MAX);
        let row = |one: proposal::Model| {
            let tasks = of.remove(&one.id).unwrap_or_default();
            let assigned = tasks.iter().filter(|task| counts(task.state)).count();
            let submitted = tasks.iter().filter(|task| task.state == AssignmentState::Submitted).count();
            ProgressRow { id: one.id, code: one.code, title: one.title, tasks, assigned, submitted, wanted }
        };
        let rows = page.map(row);
        let unchecked = part::Entity::find()
            .filter(part::Column::ProposalId.in_subquery(ids(matrix.evaluated())))
            .filter(part::Column::State.eq(PartState::Submitted))
            .count(db)
            .await?;
        Ok(Progress {
            sums: matrix.sums(db).await?,
            evaluators: matrix.evaluators(db).await?,
            call: call.id,
            call_code: call.code,
            call_state: call.state,
            zone: call.terms.zone,
            now,
            rows,
            unchecked,
        })
    }
}

/// The proposals of a call that are evaluated, as far as the actor may see them.
pub fn evaluated(leave: Leave<'_>, call: CallId) -> Select<proposal::Entity> {
    let judged = part::Entity::find()
        .select_only()
        .column(part::Column::ProposalId)
        .filter(part::Column::State.is_not_in([PartState::Draft, PartState::Withdrawn, PartState::Ineligible]))
        .into_query();
    scope::proposals(leave).filter(proposal::Column::CallId.eq(call)).filter(proposal::Column::Id.in_subquery(judged))
}

fn ids(select: Select<proposal::Entity>) -> SelectStatement {
    select.select_only().column(proposal::Column::Id).into_query()
}

/// What is asked of the database about one call.
#[derive(Clone, Copy)]
struct Matrix<'a> {
    leave: Leave<'a>,
    call: CallId,
    wanted: u32,
    now: DateTime<Utc>,
}

impl Matrix<'_> {
    fn evaluated(self) -> Select<proposal::Entity> {
        evaluated(self.leave, self.call)
    }

    /// The call's tasks the actor may see, of proposals that are evaluated.
    fn tasks(self) -> Select<assignment::Entity> {
        scope::assignments(self.leave)
            .filter(assignment::Column::CallId.eq(self.call))
            .filter(assignment::Column::ProposalId.in_subquery(ids(self.evaluated())))
    }

    /// Proposals with a task that fits a condition.
    fn with_task(self, condition: impl Into<Condition>) -> Select<assignment::Entity> {
        self.tasks().select_only().column(assignment::Column::ProposalId).filter(condition.into())
    }

    /// Proposals with as many tasks as the call wants that fit a condition.
    fn with_enough(self, condition: Condition) -> SelectStatement {
        self.with_task(condition)
            .group_by(assignment::Column::ProposalId)
            .having(ExprTrait::gte(assignment::Column::Id.count(), i64::from(self.wanted)))
            .into_query()
    }

    fn late(self) -> Condition {
        in_states(&[AssignmentState::Invited, AssignmentState::Accepted, AssignmentState::InProgress])
            .add(assignment::Column::DueAt.lt(self.now))
    }

    fn waits(self, waiting: Waiting) -> Condition {
        let id = proposal::Column::Id;
        let with = |condition: Condition| Condition::all().add(id.in_subquery(self.with_task(condition).into_query()));
        match waiting {
            Waiting::Evaluators => {
                let live: Vec<AssignmentState> =
                    AssignmentState::ALL.iter().copied().filter(|state| counts(*state)).collect();
                Condition::all().add(id.not_in_subquery(self.with_enough(in_states(&live))))
            }
            Waiting::Answer => with(in_states(&[AssignmentState::Invited])),
            Waiting::Sheet => with(in_states(WRITING)),
            Waiting::Late => with(self.late()),
            Waiting::Nothing => {
                Condition::all().add(id.in_subquery(self.with_enough(in_states(&[AssignmentState::Submitted]))))
            }
        }
    }

    fn narrowed(self, list: &ListRequest) -> Select<proposal::Entity> {
        let id = proposal::Column::Id;
        let mut select = self.evaluated();
        if let Some(waiting) = list.value::<Waiting>("waiting") {
            select = select.filter(self.waits(waiting));
        }
        if let Some(evaluator) = list.value::<EvaluatorId>("evaluator") {
            let of = Condition::all()
                .add(assignment::Column::EvaluatorId.eq(evaluator))
                .add(assignment::Column::State.ne(AssignmentState::Withdrawn));
            select = select.filter(id.in_subquery(self.with_task(of).into_query()));
        }
        if let Some(words) = list.words() {
            let named = account::Entity::find()
                .select_only()
                .column(account::Column::Id)
                .filter(contains(account::Column::Name, &words));
            let of = Condition::all().add(assignment::Column::AccountId.in_subquery(named.into_query()));
            let found = Condition::any()
                .add(proposal::Column::Search.contains(&words))
                .add(id.in_subquery(self.with_task(of).into_query()));
            select = select.filter(found);
        }
        let select = match list.sort.as_str() {
            "title" => select.order_by(proposal::Column::Title, list.order()),
            "done" => {
                let sheets = assignment::Entity::find()
                    .filter(
                        Expr::col((assignment::Entity, assignment::Column::ProposalId))
                            .equals((proposal::Entity, proposal::Column::Id)),
                    )
                    .filter(assignment::Column::State.eq(AssignmentState::Submitted));
                let count = sheets.select_only().expr(assignment::Column::Id.count()).into_query();
                let count = Expr::SubQuery(None, Box::new(SubQueryStatement::SelectStatement(count)));
                select.order_by(count, list.order())
            }
            _ => select.order_by(proposal::Column::Code, list.order()),
        };
        select.order_by_asc(proposal::Column::Code).order_by_asc(id)
    }

    async fn sums(self, db: &impl ConnectionTrait) -> Result<Sums> {
        let by_state = self
            .tasks()
            .select_only()
            .column(assignment::Column::State)
            .column_as(assignment::Column::Id.count(), "n")
            .group_by(assignment::Column::State)
            .into_tuple::<(AssignmentState, i64)>()
            .all(db)
            .await?;
        let of = |states: &[AssignmentState]| {
            let counted = by_state.iter().filter(|(state, _)| states.contains(state)).map(|(_, n)| *n);
            u64::try_from(counted.sum::<i64>()).unwrap_or_default()
        };
        Ok(Sums {
            proposals: self.evaluated().count(db).await?,
            thin: self.evaluated().filter(self.waits(Waiting::Evaluators)).count(db).await?,
            invited: of(&[AssignmentState::Invited]),
            writing: of(WRITING),
            late: self.tasks().filter(self.late()).count(db).await?,
            submitted: of(&[AssignmentState::Submitted]),
        })
    }

    async fn evaluators(self, db: &impl ConnectionTrait) -> Result<Vec<(EvaluatorId, String)>> {
        let with_task = self
            .tasks()
            .filter(assignment::Column::State.ne(AssignmentState::Withdrawn))
            .select_only()
            .columns([assignment::Column::EvaluatorId, assignment::Column::AccountId])
            .distinct()
            .into_tuple::<(EvaluatorId, AccountId)>()
            .all(db)
            .await?;
        let people = account::Entity::find().filter(account::Column::Id.is_in(with_task.iter().map(|(_, id)| *id)));
        let names: BTreeMap<AccountId, String> = people.all(db).await?.into_iter().map(|a| (a.id, a.name)).collect();
        let named = |(evaluator, account): (EvaluatorId, AccountId)| Some((evaluator, names.get(&account)?.clone()));
        let mut evaluators: Vec<(EvaluatorId, String)> = with_task.into_iter().filter_map(named).collect();
        evaluators.sort_by(|a, b| a.1.cmp(&b.1).then(a.0.cmp(&b.0)));
        Ok(evaluators)
    }
}

/// Sheets that are written.
const WRITING: &[AssignmentState] = &[AssignmentState::Accepted, AssignmentState::InProgress];

fn in_states(states: &[AssignmentState]) -> Condition {
    Condition::all().add(assignment::Column::State.is_in(states.iter().copied()))
}
