//! What jobs found is kept, as long as somebody waits for it.

use super::{about, insert_pairs, of_call, step};
use crate::{
    evaluation::plans::{
        events::PlanEvent,
        queries::waits_for,
        rules::{
            outcome::{Failure, Next},
            states::Step,
        },
        solving::{Found, FoundPair},
    },
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx},
};
use entity::{
    evaluation::{plan, plan_pair},
    types::ids::{CallId, JobId, PlanId, PlanPairId},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use std::collections::BTreeMap;

/// The plan while it waits for this job.
async fn waiting(tx: &Tx, call: CallId, id: PlanId, job: JobId) -> Result<plan::Model> {
    let row = of_call(tx.conn(), call, id).await?;
    if waits_for(&row, Some(job)) {
        return Ok(row);
    }
    Err(AppError::refused("not_awaited", "The plan waits for this run no longer."))
}

/// Keeps what a run found in the place of the draft before; only the job does this.
#[derive(Clone)]
pub struct KeepPlan {
    pub call: CallId,
    pub plan: PlanId,
    pub job: JobId,
    pub found: Found,
}

impl Command for KeepPlan {
    const NEEDS: Permission = Permission::PlanAssignments;
    type Output = usize;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<usize>> {
        let row = waiting(tx, self.call, self.plan, self.job).await?;
        let about = about(&row);
        let before = plan_pair::Entity::find().filter(plan_pair::Column::PlanId.eq(row.id)).all(tx.conn()).await?;
        let before: BTreeMap<PlanPairId, plan_pair::Model> = before.into_iter().map(|pair| (pair.id, pair)).collect();
        let pairs = self.found.pairs.iter().map(|pair| found(tx, row.id, pair, &before)).collect::<Result<Vec<_>>>()?;
        plan_pair::Entity::delete_many().filter(plan_pair::Column::PlanId.eq(row.id)).exec(tx.conn()).await?;
        let count = pairs.len();
        insert_pairs(tx, pairs).await?;
        let gap = self.found.outcome.proof.as_ref().map_or(0, |proof| proof.gap);
        let mut change = step(row, Step::Find)?;
        change.job = Set(None);
        change.outcome = Set(Some(serde_json::to_value(&self.found.outcome)?));
        change.computed_at = Set(Some(tx.now()));
        change.update(tx.conn()).await?;
        Ok(tx.done(PlanEvent::Found { about, pairs: count, gap }, count))
    }
}

fn found(
    tx: &Tx,
    plan: PlanId,
    pair: &FoundPair,
    before: &BTreeMap<PlanPairId, plan_pair::Model>,
) -> Result<plan_pair::Model> {
    let kept = pair.id.and_then(|id| before.get(&id));
    Ok(plan_pair::Model {
        id: pair.id.unwrap_or_else(|| tx.new_id()),
        plan_id: plan,
        proposal_id: pair.proposal,
        evaluator_id: pair.evaluator,
        affinity: Some(pair.affinity),
        locked: pair.locked,
        origin: pair.origin,
        why: Some(serde_json::to_value(&pair.why)?),
        next: pair.next.as_ref().map(serde_json::to_value).transpose()?,
        left_out: None,
        assignment_id: kept.and_then(|row| row.assignment_id),
    })
}

/// Keeps why a run found nothing; only the job does this.
#[derive(Clone)]
pub struct FailPlan {
    pub call: CallId,
    pub plan: PlanId,
    pub job: JobId,
    pub failure: Failure,
}

impl Command for FailPlan {
    const NEEDS: Permission = Permission::PlanAssignments;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let row = waiting(tx, self.call, self.plan, self.job).await?;
        let about = about(&row);
        let mut change = step(row, Step::Fail)?;
        change.job = Set(None);
        change.reason = Set(serde_json::to_string(&self.failure)?);
        change.update(tx.conn()).await?;
        Ok(tx.done(PlanEvent::Failed { about }, ()))
    }
}

/// Keeps affinities and gaps of a draft that was changed by hand; only the job does this.
#[derive(Clone)]
pub struct KeepMeasured {
    pub call: CallId,
    pub plan: PlanId,
    pub found: Found,
}

impl Command for KeepMeasured {
    const NEEDS: Permission = Permission::PlanAssignments;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let row = of_call(tx.conn(), self.call, self.plan).await?;
        let about = about(&row);
        let rows = plan_pair::Entity::find().filter(plan_pair::Column::PlanId.eq(row.id)).all(tx.conn()).await?;
        let mut told: BTreeMap<PlanPairId, FoundPair> =
            self.found.pairs.into_iter().filter_map(|pair| Some((pair.id?, pair))).collect();
        for pair in rows.into_iter().filter(|pair| pair.affinity.is_none()) {
            let Some(known) = told.remove(&pair.id) else { continue };
            let mut change: plan_pair::ActiveModel = pair.into();
            change.affinity = Set(Some(known.affinity));
            change.why = Set(Some(serde_json::to_value(&known.why)?));
            change.update(tx.conn()).await?;
        }
        // What a run proved holds until a pair is changed, and then the change has taken it away.
        if row.outcome.is_none() {
            let mut change: plan::ActiveModel = row.into();
            change.outcome = Set(Some(serde_json::to_value(&self.found.outcome)?));
            change.update(tx.conn()).await?;
        }
        Ok(tx.done(PlanEvent::Measured { about }, ()))
    }
}

/// Keeps what going without a pair costs; only the job does this.
#[derive(Clone)]
pub struct KeepPrice {
    pub call: CallId,
    pub plan: PlanId,
    /// The version the draft had when it was worked out: for another one it does not hold.
    pub seen: i64,
    pub pair: PlanPairId,
    pub next: Next,
}

impl Command for KeepPrice {
    const NEEDS: Permission = Permission::PlanAssignments;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let row = super::seen(tx, self.call, self.plan, self.seen).await?;
        let pair = plan_pair::Entity::find_by_id(self.pair)
            .filter(plan_pair::Column::PlanId.eq(row.id))
            .one(tx.conn())
            .await?
            .ok_or(AppError::NotFound)?;
        let mut change: plan_pair::ActiveModel = pair.into();
        change.next = Set(Some(serde_json::to_value(&self.next)?));
        change.update(tx.conn()).await?;
        Ok(tx.done(PlanEvent::Priced { about: about(&row) }, ()))
    }
}
