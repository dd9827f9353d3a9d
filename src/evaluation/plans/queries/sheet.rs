//! One plan: how good it is, who carries what, and its pairs, searched, filtered, sorted and paged in the database.

use super::{
    Ground, NextView, Person,
    list::names,
    of_call,
    pair::next_view,
    people,
    sent::{sent, tasks},
    settings, weighed,
};
use crate::{
    evaluation::{
        assignments::{optimum::Figures, queries::evaluated},
        plans::rules::{
            figures::points,
            outcome::{Failure, Outcome},
            settings::Settings,
            states::is_open,
        },
    },
    kernel::{
        AppError, Leave, Permission, Query, Result, Snapshot, Subject,
        paging::{ListRequest, Listed, contains, listed},
    },
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::{
    accounts::account,
    calls::call,
    evaluation::{evaluator, plan, plan_pair},
    kernel::job,
    proposals::proposal,
    types::{
        ids::{AssignmentId, CallId, EvaluatorId, PlanId, PlanPairId, ProposalId},
        states::{AssignmentState, CallState, JobState, PairOrigin, PlanState},
    },
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    Select,
    sea_query::{Expr, ExprTrait, SubQueryStatement},
};
use std::collections::BTreeMap;

/// Columns by which pairs are sorted; the first unless another is asked for.
pub const LIST_SORTS: &[(&str, &str)] = &[("code", "Proposal"), ("name", "Evaluator"), ("affinity", "Affinity")];

/// A pair in the list.
#[derive(Debug, Clone)]
pub struct PairLine {
    pub id: PlanPairId,
    pub proposal: ProposalId,
    pub code: String,
    pub title: String,
    pub evaluator: EvaluatorId,
    pub person: Person,
    /// From 0 to 100; none until it is worked out.
    pub affinity: Option<String>,
    pub locked: bool,
    pub origin: PairOrigin,
    pub next: Option<NextView>,
    /// Why it became no invitation.
    pub left_out: Option<String>,
    /// The state of the task that came of it.
    pub task: Option<AssignmentState>,
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    pub done: i32,
    pub total: i32,
    pub state: JobState,
}

/// A plan with its figures and a page of its pairs.
pub struct PlanSheet {
    pub call: CallId,
    pub call_code: String,
    pub call_state: CallState,
    pub zone: Tz,
    pub id: PlanId,
    pub name: String,
    pub state: PlanState,
    pub settings: Settings,
    pub version: i64,
    pub figures: Figures,
    /// Name, proposals; whoever has most first.
    pub loads: Vec<(String, usize)>,
    /// Pairs evaluators would like and do not get: number of the proposal, name.
    pub unmet: Vec<(String, String)>,
    /// Number of the proposal, what it lacks.
    pub uncovered: Vec<(String, String)>,
    pub outcome: Option<Outcome>,
    /// Why nothing was found.
    pub failure: Option<String>,
    pub run: Option<Run>,
    /// Pairs whose affinity is not worked out yet.
    pub unmeasured: usize,
    pub seen_pairs: usize,
    /// Pairs that have become tasks of this plan, and those among them that nobody has answered.
    pub invited: usize,
    pub unanswered: usize,
    /// Pairs that have not become invitations.
    pub left: usize,
    pub pairs: Listed<PairLine>,
    /// Everybody with a pair, for the filter, and everybody who can be added.
    pub evaluators: Vec<(EvaluatorId, String)>,
    pub proposals: Vec<(ProposalId, String, String)>,
    pub made_by: String,
    pub made_at: DateTime<Utc>,
    pub computed_at: Option<DateTime<Utc>>,
    pub deployed_by: Option<String>,
    pub deployed_at: Option<DateTime<Utc>>,
    /// Whether pairs and settings can be changed, by the reader and at all.
    pub open: bool,
    pub may_plan: bool,
    pub may_deploy: bool,
}

/// A plan of a call.
pub struct PlanOf {
    pub call: CallId,
    pub plan: PlanId,
    pub list: ListRequest,
}

impl Query for PlanOf {
    const NEEDS: Permission = Permission::SeePlans;
    type Output = PlanSheet;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<PlanSheet> {
        let db = db.conn();
        let row = of_call(db, self.call, self.plan).await?;
        let call = call::Entity::find_by_id(self.call).one(db).await?.ok_or(AppError::NotFound)?;
        let ground = Ground::load(db, leave, self.call).await?;
        let weighed = weighed(db, &[row.id]).await?.remove(&row.id).unwrap_or_default();
        let figures = ground.figures(&weighed);
        let page = listed(db, narrowed(leave, &row, &self.list), self.list.paging).await?;
        let mut known: Vec<EvaluatorId> = ground.evaluators.iter().copied().collect();
        known.extend(weighed.iter().map(|pair| pair.1));
        let persons = people(db, known).await?;
        let name = |id: &EvaluatorId| persons.get(id).map(|one| one.name.clone()).unwrap_or_default();
        let tasks = tasks(db, &page.rows).await?;
        let pairs = page.map(|pair| line(pair, &ground, &persons, &tasks));

        let mut load: BTreeMap<EvaluatorId, usize> = ground.evaluators.iter().map(|id| (*id, 0)).collect();
        let seen: Vec<_> = weighed.iter().filter(|pair| ground.proposals.contains_key(&pair.0)).collect();
        seen.iter().for_each(|pair| *load.entry(pair.1).or_default() += 1);
        let mut loads: Vec<(String, usize)> = load.iter().map(|(id, n)| (name(id), *n)).collect();
        loads.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let there: std::collections::BTreeSet<_> = seen.iter().map(|pair| (pair.0, pair.1)).collect();
        let unmet = ground.wished.difference(&there);
        let unmet = unmet.map(|(p, e)| (ground.code(*p).unwrap_or_default().to_owned(), name(e))).collect();
        let outcome: Option<Outcome> = row.outcome.clone().map(serde_json::from_value).transpose()?;
        let lacks = outcome.iter().flat_map(|outcome| &outcome.uncovered);
        let uncovered = lacks.filter_map(|(p, what)| Some((ground.code(*p)?.to_owned(), what.clone()))).collect();
        let mut evaluators: Vec<(EvaluatorId, String)> = persons.keys().map(|id| (*id, name(id))).collect();
        evaluators.sort_by(|a, b| a.1.cmp(&b.1).then(a.0.cmp(&b.0)));
        let mut proposals: Vec<(ProposalId, String, String)> =
            ground.proposals.iter().map(|(id, (code, title))| (*id, code.clone(), title.clone())).collect();
        proposals.sort_by(|a, b| a.1.cmp(&b.1));
        let sent = sent(db, leave, &row).await?;
        let names = names(db, [Some(row.made_by), row.deployed_by].into_iter().flatten()).await?;
        let run = run(db, &row).await?;
        let unmeasured = sent.iter().filter(|pair| !pair.measured).count();
        let invited = sent.iter().filter(|pair| pair.task.is_some()).count();
        let unanswered = sent.iter().filter(|pair| pair.task == Some(AssignmentState::Invited)).count();
        let left = sent.iter().filter(|pair| pair.task.is_none() && pair.origin != PairOrigin::Task).count();
        Ok(PlanSheet {
            call: call.id,
            zone: call.terms.zone,
            call_code: call.code,
            call_state: call.state,
            id: row.id,
            state: row.state,
            settings: settings(&row)?,
            version: row.version,
            figures,
            loads,
            unmet,
            uncovered,
            outcome,
            failure: failure(&row, &ground),
            run,
            unmeasured,
            seen_pairs: seen.len(),
            invited,
            unanswered,
            left,
            pairs,
            evaluators,
            proposals,
            made_by: names.get(&row.made_by).cloned().unwrap_or_default(),
            made_at: row.made_at,
            computed_at: row.computed_at,
            deployed_by: row.deployed_by.and_then(|id| names.get(&id).cloned()),
            deployed_at: row.deployed_at,
            open: is_open(row.state) && leave.may(Permission::PlanAssignments),
            may_plan: leave.may(Permission::PlanAssignments),
            may_deploy: leave.may(Permission::AssignEvaluators),
            name: row.name,
        })
    }
}

/// Why nothing was found, unless it speaks of proposals the reader may not know of.
fn failure(row: &plan::Model, ground: &Ground) -> Option<String> {
    if row.state != PlanState::Failed {
        return None;
    }
    let kept: Failure = serde_json::from_str(&row.reason).unwrap_or_default();
    let hidden = kept.about.iter().any(|id| ground.code(*id).is_none());
    Some(if hidden {
        "The settings cannot be kept. A colleague without a conflict can see why.".to_owned()
    } else {
        kept.why
    })
}

/// The pairs of a plan the reader may see.
pub(in crate::evaluation::plans) fn visible(leave: Leave<'_>, row: &plan::Model) -> Select<plan_pair::Entity> {
    let seen = evaluated(leave, row.call_id).select_only().column(proposal::Column::Id).into_query();
    plan_pair::Entity::find()
        .filter(plan_pair::Column::PlanId.eq(row.id))
        .filter(plan_pair::Column::ProposalId.in_subquery(seen))
}

fn narrowed(leave: Leave<'_>, row: &plan::Model, list: &ListRequest) -> Select<plan_pair::Entity> {
    let mut select = visible(leave, row);
    if let Some(evaluator) = list.value::<EvaluatorId>("evaluator") {
        select = select.filter(plan_pair::Column::EvaluatorId.eq(evaluator));
    }
    if let Some(origin) = list.value::<PairOrigin>("origin") {
        select = select.filter(plan_pair::Column::Origin.eq(origin));
    }
    match list.filter("lock") {
        Some("locked") => select = select.filter(plan_pair::Column::Locked.eq(true)),
        Some("free") => select = select.filter(plan_pair::Column::Locked.eq(false)),
        _ => {}
    }
    if list.filter("left") == Some("out") {
        select = select.filter(plan_pair::Column::LeftOut.is_not_null());
    }
    if let Some(words) = list.words() {
        let named = account::Entity::find()
            .select_only()
            .column(account::Column::Id)
            .filter(contains(account::Column::Name, &words))
            .into_query();
        let members = evaluator::Entity::find()
            .select_only()
            .column(evaluator::Column::Id)
            .filter(evaluator::Column::AccountId.in_subquery(named))
            .into_query();
        let told = proposal::Entity::find()
            .select_only()
            .column(proposal::Column::Id)
            .filter(proposal::Column::Search.contains(&words))
            .into_query();
        select = select.filter(
            Condition::any()
                .add(plan_pair::Column::EvaluatorId.in_subquery(members))
                .add(plan_pair::Column::ProposalId.in_subquery(told)),
        );
    }
    let select = match list.sort.as_str() {
        "affinity" => select.order_by(plan_pair::Column::Affinity, list.order()),
        "name" => {
            let own = evaluator::Entity::find()
                .select_only()
                .column(evaluator::Column::AccountId)
                .filter(
                    Expr::col((evaluator::Entity, evaluator::Column::Id))
                        .equals((plan_pair::Entity, plan_pair::Column::EvaluatorId)),
                )
                .into_query();
            let name = account::Entity::find()
                .select_only()
                .column(account::Column::Name)
                .filter(account::Column::Id.in_subquery(own))
                .into_query();
            select.order_by(Expr::SubQuery(None, Box::new(SubQueryStatement::SelectStatement(name))), list.order())
        }
        _ => select,
    };
    let code = proposal::Entity::find()
        .select_only()
        .column(proposal::Column::Code)
        .filter(
            Expr::col((proposal::Entity, proposal::Column::Id))
                .equals((plan_pair::Entity, plan_pair::Column::ProposalId)),
        )
        .into_query();
    let order = if list.sort == "code" { list.order() } else { Order::Asc };
    select
        .order_by(Expr::SubQuery(None, Box::new(SubQueryStatement::SelectStatement(code))), order)
        .order_by_desc(plan_pair::Column::Affinity)
        .order_by_asc(plan_pair::Column::Id)
}

fn line(
    row: plan_pair::Model,
    ground: &Ground,
    persons: &BTreeMap<EvaluatorId, Person>,
    tasks: &BTreeMap<AssignmentId, AssignmentState>,
) -> PairLine {
    let (code, title) = ground.proposals.get(&row.proposal_id).cloned().unwrap_or_default();
    let affinity = row.affinity.map(|millionths| points(i64::from(millionths)));
    PairLine {
        id: row.id,
        proposal: row.proposal_id,
        code,
        title,
        evaluator: row.evaluator_id,
        person: persons.get(&row.evaluator_id).cloned().unwrap_or_default(),
        affinity,
        locked: row.locked,
        origin: row.origin,
        next: next_view(&row, ground, persons),
        left_out: row.left_out,
        task: row.assignment_id.and_then(|id| tasks.get(&id).copied()),
    }
}

/// How a plan stands, for whoever waits for it.
pub struct Standing {
    pub state: PlanState,
    pub version: i64,
    pub run: Option<Run>,
}

/// How far the run of a plan is.
pub struct ProgressOf {
    pub call: CallId,
    pub plan: PlanId,
}

impl Query for ProgressOf {
    const NEEDS: Permission = Permission::SeePlans;
    type Output = Standing;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<Standing> {
        let row = of_call(db.conn(), self.call, self.plan).await?;
        Ok(Standing { state: row.state, version: row.version, run: run(db.conn(), &row).await? })
    }
}

/// How far the job is a plan waits for.
async fn run(db: &impl ConnectionTrait, row: &plan::Model) -> Result<Option<Run>> {
    let Some(id) = row.job.filter(|_| row.state == PlanState::Computing) else { return Ok(None) };
    let job = job::Entity::find_by_id(id).one(db).await?;
    Ok(job.map(|job| Run { done: job.done, total: Ord::max(job.total, 1), state: job.state }))
}
