//! Releasing all decisions of a call.

use super::super::{
    events::{DecisionEvent, Told},
    rules,
    walk::{self, Walk, WalkLine, WalkPart},
};
use crate::{
    calls::{publishing::commands::step, rules::CallStep},
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx, access::scope},
    proposals::{rules::PartStep, states::commands::advance},
};
use entity::{
    decisions::decision,
    types::{
        ids::{AccountId, CallId, PartId, ProposalId},
        money::Money,
        states::{DecisionState, Outcome, PartState},
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use std::collections::BTreeMap;

/// Releases every decision of a call at once, when each agency has confirmed its list.
#[derive(Clone)]
pub struct ReleaseDecisions {
    pub call: CallId,
    /// The marks of the decisions the secretariat saw in the preview; a change since is refused.
    pub seen: String,
}

impl Command for ReleaseDecisions {
    const NEEDS: Permission = Permission::ReleaseDecisions;
    type Output = u64;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<u64>> {
        let walk = walk::load(tx.conn(), self.call).await?;
        // Who has a conflict of interest with a proposal neither saw it in the preview nor learns that it is there.
        let hidden = scope::conflicted(tx.conn(), leave.actor()).await?;
        complete(&walk, &hidden)?;
        let visible = walk.visible(tx.conn(), leave).await?;
        super::unchanged(&walk, &self.seen, &walk.decided_but(&hidden), &visible)?;
        let by = leave.account()?;
        let places = walk.reserve_places();
        let told = walk.parts().filter_map(|(line, part)| told(&walk, line, part, &places)).collect::<Vec<_>>();
        for (_, part) in walk.parts() {
            let Some(row) = part.decision.clone() else {
                continue;
            };
            move_part(tx, &part.part.state, part.part.id, row.outcome).await?;
            release(tx, row, by, places.get(&part.part.id).copied()).await?;
        }
        let moved = step(tx, self.call, CallStep::Decide).await?;
        let count = told.iter().filter(|one| !hidden.contains(&one.proposal)).count() as u64;
        let released = DecisionEvent::Released { call: self.call, code: walk.call.code.clone(), told };
        Ok(tx.done(released, count).and(moved))
    }
}

/// Everything that can stand against the release, whoever looks.
fn complete(walk: &Walk, hidden: &[ProposalId]) -> Result<()> {
    let undecided = walk.parts().filter(|(_, p)| p.decision.is_none());
    let (unseen, seen): (Vec<_>, Vec<_>) = undecided.partition(|(line, _)| hidden.contains(&line.proposal.id));
    if !(unseen.is_empty() && seen.is_empty()) {
        let message = match seen.len() {
            0 => "Some parts have no decision yet.".to_owned(),
            n => format!("{n} parts have no decision yet."),
        };
        return Err(AppError::refused("undecided", message));
    }
    for agency in &walk.agencies {
        let funded = Money::new(walk.funded(agency.agency, None), agency.budget.currency);
        rules::check_budget(walk.available(agency), funded)?;
    }
    let waiting: Vec<&str> =
        walk.deciding().filter(|a| walk.confirmation(a).is_none()).map(|a| a.name.as_str()).collect();
    if !waiting.is_empty() {
        let message = format!("These agencies have not confirmed their decisions: {}.", waiting.join(", "));
        return Err(AppError::refused("not_confirmed", message));
    }
    Ok(())
}

async fn release(tx: &Tx, row: decision::Model, by: AccountId, place: Option<i32>) -> Result<()> {
    let version = row.version + 1;
    let mut row: decision::ActiveModel = row.into();
    row.state = Set(DecisionState::Released);
    row.released_by = Set(Some(by));
    row.released_at = Set(Some(tx.now()));
    row.reserve_place = Set(place);
    row.version = Set(version);
    row.update(tx.conn()).await?;
    Ok(())
}

async fn move_part(tx: &Tx, from: &PartState, part: PartId, outcome: Outcome) -> Result<()> {
    let step = match (from, outcome) {
        (PartState::Recommended, Outcome::Fund) => PartStep::Award,
        (PartState::Recommended, Outcome::Reserve) => PartStep::Reserve,
        (_, Outcome::Reject) => PartStep::Reject,
        _ => return Err(AppError::refused("below_threshold", "A part below a threshold can only be rejected.")),
    };
    advance(tx, part, step).await?;
    Ok(())
}

fn told(walk: &Walk, line: &WalkLine, part: &WalkPart, places: &BTreeMap<PartId, i32>) -> Option<Told> {
    let decision = part.decision.as_ref()?;
    Some(Told {
        proposal: line.proposal.id,
        part: part.part.id,
        code: line.proposal.code.clone(),
        title: line.proposal.title.clone(),
        agency: walk.agency(part.agency).map(|a| a.name.clone()).unwrap_or_default(),
        outcome: decision.outcome,
        amount: Money::new(decision.minor, decision.currency),
        reason: decision.reason.clone(),
        conditions: decision.conditions.clone(),
        reserve_place: places.get(&part.part.id).copied(),
        reserve_until: decision.reserve_until,
    })
}
