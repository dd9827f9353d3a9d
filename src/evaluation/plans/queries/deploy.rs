//! What deploying a plan would do, told before it does it.

use super::{Person, of_call, people, sheet::visible};
use crate::{
    evaluation::assignments::{queries::Bars, rules::counts},
    kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject, access::scope},
};
use chrono_tz::Tz;
use entity::{
    calls::call,
    evaluation::{plan, plan_pair},
    proposals::proposal,
    types::{
        ids::{CallId, EvaluatorId, PlanId, ProposalId},
        states::{AssignmentState, PairOrigin, PlanState},
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{BTreeMap, BTreeSet};

/// What becomes of a pair when its plan is deployed now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::evaluation::plans) enum Fate {
    Invited,
    /// Why not, as the end of a sentence that begins with the person's name.
    LeftOut(String),
}

/// The pairs of a plan that are no tasks yet and that the actor may see, each with what becomes of it; the greatest
/// affinity first, so that where places are short the better pair gets them.
pub(in crate::evaluation::plans) async fn fates(
    db: &impl ConnectionTrait,
    leave: Leave<'_>,
    row: &plan::Model,
    bars: &Bars,
) -> Result<Vec<(plan_pair::Model, Fate)>> {
    let pairs = visible(leave, row)
        .filter(plan_pair::Column::Origin.ne(PairOrigin::Task))
        .order_by_desc(plan_pair::Column::Affinity)
        .order_by_asc(plan_pair::Column::Id)
        .all(db)
        .await?;
    let mut given: BTreeMap<EvaluatorId, i32> = BTreeMap::new();
    let mut told = Vec::new();
    for pair in pairs {
        let standing = bars.task(pair.proposal_id, pair.evaluator_id);
        // Whoever was invited from this plan is not asked again by it, whatever the answer was.
        let answered = |state: AssignmentState| counts(state) || state == AssignmentState::Declined;
        if pair.assignment_id.is_some() && standing.is_some_and(|task| answered(task.state)) {
            continue;
        }
        let fate = fate(bars, &pair, &mut given);
        told.push((pair, fate));
    }
    Ok(told)
}

fn fate(bars: &Bars, pair: &plan_pair::Model, given: &mut BTreeMap<EvaluatorId, i32>) -> Fate {
    let Some(member) = bars.member(pair.evaluator_id) else {
        return Fate::LeftOut("is no longer in the pool".to_owned());
    };
    if let Some(bar) = bars.bar(pair.proposal_id, member) {
        return Fate::LeftOut(bar);
    }
    match bars.task(pair.proposal_id, pair.evaluator_id).map(|task| task.state) {
        Some(state) if counts(state) => return Fate::LeftOut(format!("already {}", state.label().to_lowercase())),
        Some(AssignmentState::Declined) => return Fate::LeftOut("declined this proposal before".to_owned()),
        _ => {}
    }
    let taken = given.entry(pair.evaluator_id).or_default();
    match bars.places(pair.evaluator_id) {
        Some(free) if *taken < free => {
            *taken += 1;
            Fate::Invited
        }
        _ => {
            let why = bars.full(pair.evaluator_id);
            Fate::LeftOut(why.unwrap_or_else(|| "has no place left beside the others of this plan".to_owned()))
        }
    }
}

/// A pair that becomes no invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    pub code: String,
    pub person: Person,
    pub why: String,
}

/// What deploying would do.
pub struct Deployment {
    pub call: CallId,
    pub call_code: String,
    pub call_title: String,
    pub zone: Tz,
    pub plan: PlanId,
    pub name: String,
    pub state: PlanState,
    pub version: i64,
    pub invitations: usize,
    pub people: usize,
    pub proposals: usize,
    pub left_out: Vec<LeftOut>,
    /// Other plans of the call that are set aside by it.
    pub superseded: Vec<String>,
}

/// What deploying a plan would do now.
pub struct DeploymentOf {
    pub call: CallId,
    pub plan: PlanId,
}

impl Query for DeploymentOf {
    const NEEDS: Permission = Permission::AssignEvaluators;
    type Output = Deployment;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Deployment> {
        let db = db.conn();
        let row = of_call(db, self.call, self.plan).await?;
        let call = call::Entity::find_by_id(self.call).one(db).await?.ok_or(AppError::NotFound)?;
        let hidden = scope::conflicted(db, leave.actor()).await?;
        let bars = Bars::of_call(db, self.call, &hidden).await?;
        let told = fates(db, leave, &row, &bars).await?;
        let asked: Vec<&plan_pair::Model> =
            told.iter().filter(|(_, fate)| *fate == Fate::Invited).map(|(pair, _)| pair).collect();
        let (invitations, persons, proposals) = (
            asked.len(),
            asked.iter().map(|pair| pair.evaluator_id).collect::<BTreeSet<_>>().len(),
            asked.iter().map(|pair| pair.proposal_id).collect::<BTreeSet<_>>().len(),
        );
        let out: Vec<(plan_pair::Model, String)> = told
            .into_iter()
            .filter_map(|(pair, fate)| match fate {
                Fate::LeftOut(why) => Some((pair, why)),
                Fate::Invited => None,
            })
            .collect();
        let names = people(db, out.iter().map(|(pair, _)| pair.evaluator_id)).await?;
        let codes: BTreeMap<ProposalId, String> = proposal::Entity::find()
            .select_only()
            .columns([proposal::Column::Id, proposal::Column::Code])
            .filter(proposal::Column::Id.is_in(out.iter().map(|(pair, _)| pair.proposal_id)))
            .into_tuple::<(ProposalId, String)>()
            .all(db)
            .await?
            .into_iter()
            .collect();
        let left = |(pair, why): (plan_pair::Model, String)| LeftOut {
            code: codes.get(&pair.proposal_id).cloned().unwrap_or_default(),
            person: names.get(&pair.evaluator_id).cloned().unwrap_or_default(),
            why,
        };
        let mut left_out: Vec<LeftOut> = out.into_iter().map(left).collect();
        left_out.sort_by(|a, b| (&a.code, &a.person.name).cmp(&(&b.code, &b.person.name)));
        let others = plan::Entity::find()
            .filter(plan::Column::CallId.eq(self.call))
            .filter(plan::Column::Id.ne(self.plan))
            .filter(plan::Column::State.is_not_in([PlanState::Deployed, PlanState::Superseded]))
            .order_by_asc(plan::Column::Name)
            .all(db)
            .await?;
        Ok(Deployment {
            call: call.id,
            zone: call.terms.zone,
            call_code: call.code,
            call_title: call.title,
            plan: row.id,
            name: row.name,
            state: row.state,
            version: row.version,
            invitations,
            people: persons,
            proposals,
            left_out,
            superseded: others.into_iter().map(|other| other.name).collect(),
        })
    }
}
