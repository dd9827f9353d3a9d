//! One pair: why it fits, and what the next best would cost.

use super::{Ground, Person, of_call, people, sent::tasks, sheet::visible};
use crate::{
    evaluation::plans::rules::{
        figures::points,
        outcome::{Next, Outcome, Share},
        states::is_open,
    },
    kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject},
};
use entity::{
    calls::call,
    evaluation::plan_pair,
    types::{
        ids::{CallId, EvaluatorId, PlanId, PlanPairId, ProposalId},
        states::{AssignmentState, PairOrigin, PlanState},
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use std::collections::BTreeMap;

/// What going without a pair means, as far as the reader may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NextView {
    /// From 0 to 100 for each pair: what is lost, and the least that is lost for sure.
    Costs {
        loss: String,
        least: Option<String>,
        gone: Vec<(String, String)>,
        come: Vec<(String, String)>,
    },
    Needed,
    Unknown,
}

pub(super) fn next_view(
    row: &plan_pair::Model,
    ground: &Ground,
    persons: &BTreeMap<EvaluatorId, Person>,
) -> Option<NextView> {
    let next: Next = serde_json::from_value(row.next.clone()?).ok()?;
    let own = (row.proposal_id, row.evaluator_id);
    let named = |pairs: Vec<(ProposalId, EvaluatorId)>| {
        let name = |id: &EvaluatorId| persons.get(id).map(|one| one.name.clone()).unwrap_or_default();
        let others = pairs.into_iter().filter(|pair| *pair != own);
        others.filter_map(|(p, e)| Some((ground.code(p)?.to_owned(), name(&e)))).collect()
    };
    Some(match next {
        Next::Costs { loss, least_loss, gone, come } => NextView::Costs {
            loss: points(loss),
            least: (least_loss < loss).then(|| points(least_loss.max(0))),
            gone: named(gone),
            come: named(come),
        },
        Next::Needed => NextView::Needed,
        Next::Unknown => NextView::Unknown,
    })
}

/// A pair of a plan with everything that is known of it.
pub struct PairView {
    pub call: CallId,
    pub call_code: String,
    pub plan: PlanId,
    pub plan_name: String,
    pub plan_state: PlanState,
    pub version: i64,
    pub id: PlanPairId,
    pub proposal: ProposalId,
    pub code: String,
    pub title: String,
    pub person: Person,
    pub affinity: Option<String>,
    pub locked: bool,
    pub origin: PairOrigin,
    pub left_out: Option<String>,
    pub task: Option<AssignmentState>,
    pub shares: Vec<Share>,
    pub next: Option<NextView>,
    /// Whether what going without it costs can be worked out: the draft is as it was computed, the pair is free.
    pub may_price: bool,
    pub open: bool,
}

/// One pair of a plan.
pub struct PairOf {
    pub call: CallId,
    pub plan: PlanId,
    pub pair: PlanPairId,
}

impl Query for PairOf {
    const NEEDS: Permission = Permission::SeePlans;
    type Output = PairView;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<PairView> {
        let db = db.conn();
        let plan = of_call(db, self.call, self.plan).await?;
        let call = call::Entity::find_by_id(self.call).one(db).await?.ok_or(AppError::NotFound)?;
        let row = visible(leave, &plan).filter(plan_pair::Column::Id.eq(self.pair)).one(db).await?;
        let row = row.ok_or(AppError::NotFound)?;
        let ground = Ground::load(db, leave, self.call).await?;
        let next: Option<Next> = row.next.clone().and_then(|next| serde_json::from_value(next).ok());
        let mut named = vec![row.evaluator_id];
        if let Some(Next::Costs { gone, come, .. }) = &next {
            named.extend(gone.iter().chain(come).map(|pair| pair.1));
        }
        let persons = people(db, named).await?;
        let tasks = tasks(db, std::slice::from_ref(&row)).await?;
        let outcome: Option<Outcome> = plan.outcome.clone().map(serde_json::from_value).transpose()?;
        let computed = plan.state == PlanState::Ready && outcome.is_some_and(|outcome| outcome.proof.is_some());
        let settled = next.as_ref().is_some_and(|next| match next {
            Next::Costs { loss, least_loss, .. } => loss == least_loss,
            Next::Needed => true,
            Next::Unknown => false,
        });
        let (code, title) = ground.proposals.get(&row.proposal_id).cloned().unwrap_or_default();
        let may_plan = leave.may(Permission::PlanAssignments);
        Ok(PairView {
            call: call.id,
            call_code: call.code,
            plan: plan.id,
            plan_state: plan.state,
            version: plan.version,
            id: row.id,
            proposal: row.proposal_id,
            code,
            title,
            person: persons.get(&row.evaluator_id).cloned().unwrap_or_default(),
            affinity: row.affinity.map(|millionths| points(i64::from(millionths))),
            locked: row.locked,
            origin: row.origin,
            left_out: row.left_out.clone(),
            task: row.assignment_id.and_then(|id| tasks.get(&id).copied()),
            shares: row.why.clone().map(serde_json::from_value).transpose()?.unwrap_or_default(),
            next: next_view(&row, &ground, &persons),
            may_price: may_plan && computed && !row.locked && !settled,
            open: may_plan && is_open(plan.state),
            plan_name: plan.name,
        })
    }
}
