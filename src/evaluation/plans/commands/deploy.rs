//! A plan becomes invitations, and those nobody has answered can be taken back.

use super::{about, seen, step};
use crate::{
    evaluation::{
        assignments::{
            commands::{Asking, ahead, invite, take_back},
            queries::{Bars, readings, summary},
        },
        plans::{
            events::PlanEvent,
            queries::{Fate, fates, visible},
            rules::states::{Step, next},
        },
    },
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx, access::scope, error::ForField},
};
use chrono::{DateTime, Utc};
use entity::{
    calls::call,
    evaluation::{assignment, plan, plan_pair},
    proposals::proposal,
    types::{
        ids::{AssignmentId, CallId, PlanId, ProposalId},
        states::{AssignmentState, PlanState},
        text,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Longest reason, in characters.
const REASON: usize = 300;

/// What deploying did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deployed {
    pub invited: usize,
    pub people: usize,
    pub left_out: usize,
}

/// Invites everybody of a plan who is not asked yet; what turned out to be a conflict since is left out. The other
/// drafts of the call are superseded.
#[derive(Clone)]
pub struct DeployPlan {
    pub call: CallId,
    pub plan: PlanId,
    pub seen: i64,
    /// When the sheets are due.
    pub due: Option<DateTime<Utc>>,
}

impl Command for DeployPlan {
    const NEEDS: Permission = Permission::AssignEvaluators;
    type Output = Deployed;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<Deployed>> {
        let due = ahead(tx, self.due)?;
        let row = seen(tx, self.call, self.plan, self.seen).await?;
        // Told before anything is looked at, because a draft of any other state invites nobody.
        next(row.state, Step::Deploy).map_err(|illegal| AppError::refused("plan_state", illegal.to_string()))?;
        let call = call::Entity::find_by_id(self.call).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
        let hidden = scope::conflicted(tx.conn(), leave.actor()).await?;
        let bars = Bars::of_call(tx.conn(), self.call, &hidden).await?;
        let told = fates(tx.conn(), leave, &row, &bars).await?;
        let asked: BTreeSet<ProposalId> =
            told.iter().filter(|(_, fate)| *fate == Fate::Invited).map(|(pair, _)| pair.proposal_id).collect();
        if asked.is_empty() {
            return Err(AppError::refused("nobody_to_invite", "Nobody of this plan can be invited at present."));
        }
        let asked: Vec<ProposalId> = asked.into_iter().collect();
        let proposals: BTreeMap<ProposalId, proposal::Model> = proposal::Entity::find()
            .filter(proposal::Column::Id.is_in(asked.iter().copied()))
            .all(tx.conn())
            .await?
            .into_iter()
            .map(|proposal| (proposal.id, proposal))
            .collect();
        let summaries: BTreeMap<ProposalId, String> =
            readings(tx.conn(), leave, &asked).await?.iter().map(|r| (r.id, summary(r))).collect();
        let by = leave.account()?;
        let (mut invited, mut people, mut left_out) = (Vec::new(), BTreeSet::new(), 0);
        for (pair, fate) in told {
            let mut change: plan_pair::ActiveModel = pair.clone().into();
            match fate {
                Fate::LeftOut(why) => {
                    left_out += 1;
                    change.left_out = Set(Some(why.chars().take(REASON).collect()));
                }
                Fate::Invited => {
                    let (Some(member), Some(proposal)) =
                        (bars.member(pair.evaluator_id), proposals.get(&pair.proposal_id))
                    else {
                        continue;
                    };
                    let asking = Asking {
                        proposal,
                        call: &call,
                        evaluator: pair.evaluator_id,
                        expert: &member.account,
                        due,
                        by,
                    };
                    let before = bars.task(pair.proposal_id, pair.evaluator_id).cloned();
                    let about_it = summaries.get(&pair.proposal_id).cloned().unwrap_or_default();
                    let (task, event) = invite(tx, &asking, before, about_it).await?;
                    people.insert(pair.evaluator_id);
                    invited.push(event);
                    change.assignment_id = Set(Some(task));
                    change.left_out = Set(None);
                }
            }
            change.update(tx.conn()).await?;
        }
        let done = Deployed { invited: invited.len(), people: people.len(), left_out };
        let about = about(&row);
        let mut change = step(row, Step::Deploy)?;
        change.deployed_by = Set(Some(by));
        change.deployed_at = Set(Some(tx.now()));
        change.import = Set(None);
        change.update(tx.conn()).await?;
        supersede(tx, self.call, self.plan).await?;
        let event = PlanEvent::Deployed { about, invited: done.invited, left_out };
        Ok(invited.into_iter().fold(tx.done(event, done), |all, event| all.and(event)))
    }
}

/// Sets the other drafts of a call aside.
async fn supersede(tx: &Tx, call: CallId, but: PlanId) -> Result<()> {
    let others = plan::Entity::find()
        .filter(plan::Column::CallId.eq(call))
        .filter(plan::Column::Id.ne(but))
        .filter(plan::Column::State.is_not_in([PlanState::Deployed, PlanState::Superseded]))
        .all(tx.conn())
        .await?;
    for other in others {
        let mut change = step(other, Step::Supersede)?;
        change.job = Set(None);
        change.import = Set(None);
        change.update(tx.conn()).await?;
    }
    Ok(())
}

/// Takes back the invitations of a deployed plan that nobody has answered; the plan is ready again.
#[derive(Clone)]
pub struct TakeBackPlan {
    pub call: CallId,
    pub plan: PlanId,
    pub seen: i64,
    pub reason: String,
}

impl Command for TakeBackPlan {
    const NEEDS: Permission = Permission::AssignEvaluators;
    type Output = usize;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<usize>> {
        let row = seen(tx, self.call, self.plan, self.seen).await?;
        let reason = text::line(&self.reason, REASON).for_field("reason")?;
        next(row.state, Step::TakeBack).map_err(|illegal| AppError::refused("plan_state", illegal.to_string()))?;
        let pairs = visible(leave, &row).filter(plan_pair::Column::AssignmentId.is_not_null()).all(tx.conn()).await?;
        let open: BTreeSet<AssignmentId> = assignment::Entity::find()
            .filter(assignment::Column::Id.is_in(pairs.iter().filter_map(|pair| pair.assignment_id)))
            .filter(assignment::Column::State.eq(AssignmentState::Invited))
            .all(tx.conn())
            .await?
            .into_iter()
            .map(|task| task.id)
            .collect();
        let mut events = Vec::new();
        for pair in pairs {
            let Some(task) = pair.assignment_id.filter(|id| open.contains(id)) else { continue };
            events.push(take_back(tx, task, &reason).await?);
            let mut change: plan_pair::ActiveModel = pair.into();
            change.assignment_id = Set(None);
            change.update(tx.conn()).await?;
        }
        if events.is_empty() {
            return Err(AppError::refused(
                "all_answered",
                "Everybody has answered; nothing can be taken back at once.",
            ));
        }
        let (about, taken) = (about(&row), events.len());
        step(row, Step::TakeBack)?.update(tx.conn()).await?;
        let event = PlanEvent::TakenBack { about, taken, reason };
        Ok(events.into_iter().fold(tx.done(event, taken), |all, event| all.and(event)))
    }
}
