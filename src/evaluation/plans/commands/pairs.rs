//! Pairs are locked, added and taken out by hand.

use super::{about, open, seen};
use crate::{
    evaluation::{
        assignments::{queries::Bars, rules::counts},
        plans::{
            events::{Deed, Named, PlanEvent},
            queries::visible,
        },
    },
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx, access::scope, error::OnUnique},
};
use entity::{
    accounts::account,
    evaluation::{evaluator, plan, plan_pair},
    proposals::proposal,
    types::{
        ids::{CallId, EvaluatorId, JobId, PlanId, PlanPairId, ProposalId},
        states::{AssignmentState, PairOrigin},
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// A pair the actor may see, with the words the log knows it by.
async fn pair(tx: &Tx, leave: Leave<'_>, row: &plan::Model, id: PlanPairId) -> Result<(plan_pair::Model, Named)> {
    let pair = visible(leave, row).filter(plan_pair::Column::Id.eq(id)).one(tx.conn()).await?;
    let pair = pair.ok_or(AppError::NotFound)?;
    let code = proposal::Entity::find_by_id(pair.proposal_id).one(tx.conn()).await?.map(|p| p.code);
    let person = evaluator::Entity::find_by_id(pair.evaluator_id).find_also_related(account::Entity);
    let person = person.one(tx.conn()).await?.and_then(|(_, account)| account).map(|account| account.name);
    let named =
        Named { proposal: pair.proposal_id, code: code.unwrap_or_default(), person: person.unwrap_or_default() };
    Ok((pair, named))
}

fn stands() -> AppError {
    AppError::refused("task_stands", "This task was given already; take it back at the proposal if it must go.")
}

/// The pairs changed: what a run proved holds no longer.
async fn changed(tx: &Tx, row: plan::Model) -> Result<()> {
    let id = row.id;
    let mut change = open(row)?;
    change.outcome = Set(None);
    change.import = Set(None);
    change.update(tx.conn()).await?;
    let nothing = sea_orm::sea_query::Expr::value(Option::<serde_json::Value>::None);
    plan_pair::Entity::update_many()
        .col_expr(plan_pair::Column::Next, nothing)
        .filter(plan_pair::Column::PlanId.eq(id))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Locks a pair, so that no run moves it, or unlocks it.
#[derive(Clone)]
pub struct LockPair {
    pub call: CallId,
    pub plan: PlanId,
    pub seen: i64,
    pub pair: PlanPairId,
    pub locked: bool,
}

impl Command for LockPair {
    const NEEDS: Permission = Permission::PlanAssignments;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let row = seen(tx, self.call, self.plan, self.seen).await?;
        let (pair, named) = pair(tx, leave, &row, self.pair).await?;
        if pair.origin == PairOrigin::Task {
            return Err(stands());
        }
        let about = about(&row);
        open(row)?.update(tx.conn()).await?;
        let mut change: plan_pair::ActiveModel = pair.into();
        change.locked = Set(self.locked);
        change.update(tx.conn()).await?;
        let deed = if self.locked { Deed::Locked } else { Deed::Unlocked };
        Ok(tx.done(PlanEvent::PairTouched { about, pair: named, deed }, ()))
    }
}

/// Takes a pair out of the draft.
#[derive(Clone)]
pub struct RemovePair {
    pub call: CallId,
    pub plan: PlanId,
    pub seen: i64,
    pub pair: PlanPairId,
}

impl Command for RemovePair {
    const NEEDS: Permission = Permission::PlanAssignments;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let row = seen(tx, self.call, self.plan, self.seen).await?;
        let (pair, named) = pair(tx, leave, &row, self.pair).await?;
        if pair.origin == PairOrigin::Task {
            return Err(stands());
        }
        let about = about(&row);
        changed(tx, row).await?;
        plan_pair::Entity::delete_by_id(pair.id).exec(tx.conn()).await?;
        Ok(tx.done(PlanEvent::PairTouched { about, pair: named, deed: Deed::Removed }, ()))
    }
}

/// Puts a pair into the draft, locked, so that the next run keeps it.
#[derive(Clone)]
pub struct AddPair {
    pub call: CallId,
    pub plan: PlanId,
    pub seen: i64,
    pub proposal: ProposalId,
    pub evaluator: EvaluatorId,
}

impl Command for AddPair {
    const NEEDS: Permission = Permission::PlanAssignments;
    type Output = PlanPairId;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<PlanPairId>> {
        let row = seen(tx, self.call, self.plan, self.seen).await?;
        let proposal = crate::evaluation::assignments::queries::evaluated(leave, self.call)
            .filter(proposal::Column::Id.eq(self.proposal))
            .one(tx.conn())
            .await?
            .ok_or_else(|| AppError::invalid("proposal", "Choose a proposal from the list"))?;
        let hidden = scope::conflicted(tx.conn(), leave.actor()).await?;
        let bars = Bars::of_proposal(tx.conn(), self.call, self.proposal, &hidden).await?;
        let member = bars
            .member(self.evaluator)
            .ok_or_else(|| AppError::invalid("evaluator", "Choose an evaluator from the list"))?;
        let name = &member.account.name;
        let cannot = |why: &str| AppError::invalid("evaluator", format!("{name} cannot be asked: {why}"));
        if let Some(bar) = bars.bar(self.proposal, member) {
            return Err(cannot(&bar));
        }
        match bars.task(self.proposal, self.evaluator).map(|task| task.state) {
            Some(state) if counts(state) => return Err(cannot(&format!("already {}", state.label().to_lowercase()))),
            Some(AssignmentState::Declined) => return Err(cannot("declined this proposal before")),
            _ => {}
        }
        if bars.places(self.evaluator).is_none() {
            return Err(cannot("has not accepted to evaluate in this call"));
        }
        let (about, named) = (
            about(&row),
            Named { proposal: proposal.id, code: proposal.code.clone(), person: member.account.name.clone() },
        );
        let new = plan_pair::Model {
            id: tx.new_id(),
            plan_id: row.id,
            proposal_id: self.proposal,
            evaluator_id: self.evaluator,
            affinity: None,
            locked: true,
            origin: PairOrigin::ByHand,
            why: None,
            next: None,
            left_out: None,
            assignment_id: None,
        };
        changed(tx, row).await?;
        let twice = AppError::invalid("evaluator", format!("{name} is on {} in this plan already", proposal.code));
        let id = new.id;
        let new: plan_pair::ActiveModel = new.into();
        plan_pair::Entity::insert(new.reset_all()).exec_without_returning(tx.conn()).await.on_unique(twice)?;
        Ok(tx.done(PlanEvent::PairTouched { about, pair: named, deed: Deed::Added }, id))
    }
}

/// Has it worked out what going without a pair costs.
#[derive(Clone)]
pub struct OrderPrice {
    pub call: CallId,
    pub plan: PlanId,
    pub pair: PlanPairId,
}

impl Command for OrderPrice {
    const NEEDS: Permission = Permission::PlanAssignments;
    type Output = JobId;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<JobId>> {
        leave.account()?;
        let row = super::of_call(tx.conn(), self.call, self.plan).await?;
        let (pair, _) = pair(tx, leave, &row, self.pair).await?;
        if pair.locked {
            return Err(AppError::refused("locked", "This pair is locked: no run goes without it."));
        }
        let job: JobId = tx.new_id();
        Ok(tx.done(PlanEvent::PriceOrdered { about: about(&row), pair: pair.id, job }, job))
    }
}
