//! The strategies, to be offered side by side (domain.md 6.4).

use super::{
    pot::Pot,
    scenario::{Scenario, Verdict},
    setting::{Refusal, Setting},
    walk::{Decision, Left, Walk},
};
use crate::allocation::optimum::{Effort, Item, Order, Problem, Progress, best};
use entity::types::{ids::OrganisationId, share::Share};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a ranking is turned into money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strategy {
    /// From the top, a proposal is funded only if every part fits what its agency has left; else it is skipped and the
    /// walk goes on (Eurostars' virtual common pot, domain.md 2.1).
    StrictSkip,
    /// The walk ends at the first that does not fit.
    StrictStop,
    /// Parts whose agency cannot pay are dropped, if the consortium stands without them.
    DropPartner,
    /// Parts are cut to what their agency has left, but not below this share of what they asked, nor below the
    /// agency's smallest grant.
    CutToFloor { floor: Share },
    /// A common pot fills gaps (mixed mode, domain.md 2.3).
    BalancingPot(Pot),
}

/// What an optimum makes as great as it can.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// The sum of scores.
    Score,
    /// The number of proposals.
    Number,
}

/// The optimum as a mirror of the walks: it breaks the order of ranks, and is nothing to decide by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mirror {
    pub scenario: Scenario,
    /// What was reached, in hundredths of points or in proposals, what no choice can pass, and what the linear
    /// relaxation alone says.
    pub value: i64,
    pub bound: i64,
    pub relaxed: i64,
    /// A hint for each agency where money is short: what a thousand units of its currency more would add, in
    /// thousandths of what is counted, if proposals could be funded in part (the shadow price of its budget).
    pub hints: BTreeMap<OrganisationId, i64>,
    /// Steps of the search.
    pub steps: u64,
}

impl Mirror {
    /// What a better choice could at most add; nothing when this one is proven to be best.
    pub fn gap(&self) -> i64 {
        self.bound - self.value
    }
}

/// Walks down the ranking. O(candidates × parts).
///
/// # Errors
/// When the setting or the pot contradicts itself.
pub fn allocate(setting: &Setting, strategy: &Strategy) -> Result<Scenario, Refusal> {
    check(setting, strategy)?;
    let walk = Walk::of(setting);
    let mut left = begin(setting, strategy);
    let decisions = walk.run(strategy, &mut left);
    Ok(Scenario::of(setting, pot(strategy), &decisions))
}

/// The choice of whole proposals with the greatest sum within all budgets; ranks do not count. Signed grants stay.
/// `tell` is told how far the search is, and says whether to go on.
///
/// # Errors
/// When the setting contradicts itself or is too large.
pub fn mirror(
    setting: &Setting,
    goal: Goal,
    effort: Effort,
    tell: &mut dyn FnMut(Progress) -> bool,
) -> Result<Mirror, Refusal> {
    setting.check()?;
    let walk = Walk::of(setting);
    let item = |at: usize| {
        let value = match goal {
            Goal::Score => i64::from(setting.candidates[at].score.as_hundredths()).max(0),
            Goal::Number => 1,
        };
        match walk.needs(at) {
            // All of it is signed, or it asks for no money.
            Some(needs) if needs.is_empty() => Item { value, needs, order: Order::Taken },
            Some(needs) => Item { value, needs, order: Order::Free },
            None => Item { value, needs: Vec::new(), order: Order::Barred },
        }
    };
    let problem = Problem { items: (0..setting.candidates.len()).map(item).collect(), budgets: setting.free() };
    let skipped = walk.run(&Strategy::StrictSkip, &mut begin(setting, &Strategy::StrictSkip));
    let start: Vec<usize> = (0..skipped.len()).filter(|at| skipped[*at].verdict.funds()).collect();
    // What was checked leaves nothing to be refused but its size.
    let found = best(&problem, &start, effort, tell).map_err(|_| Refusal::TooMany)?;
    let mut left = begin(setting, &Strategy::StrictSkip);
    for at in &found.chosen {
        walk.pay(*at, &walk.whole(*at), &mut left);
    }
    let decide = |at: usize| -> Decision {
        if found.chosen.binary_search(&at).is_ok() {
            walk.whole(at)
        } else if problem.items[at].order == Order::Barred {
            walk.unfunded(at, Verdict::Broken, Vec::new())
        } else {
            walk.unfunded(at, Verdict::NotChosen, walk.lacking(at, &left))
        }
    };
    let decisions: Vec<Decision> = (0..setting.candidates.len()).map(decide).collect();
    let hint = |(at, agency): (usize, &super::Agency)| {
        let thousand = 1000 * 10_i64.pow(agency.budget.currency.decimals());
        (agency.id, found.prices.hint(at, thousand))
    };
    Ok(Mirror {
        scenario: Scenario::of(setting, None, &decisions),
        value: found.value,
        bound: found.bound,
        relaxed: found.relaxed,
        hints: setting.agencies.iter().enumerate().map(hint).filter(|(_, hint)| *hint > 0).collect(),
        steps: found.steps,
    })
}

pub(super) fn check(setting: &Setting, strategy: &Strategy) -> Result<(), Refusal> {
    setting.check()?;
    pot(strategy).map_or(Ok(()), |pot| pot.check(setting))
}

/// What there is at the beginning of a walk.
pub(super) fn begin(setting: &Setting, strategy: &Strategy) -> Left {
    Left { agencies: setting.free(), pot: pot(strategy).map_or(0, |pot| pot.money.minor) }
}

fn pot(strategy: &Strategy) -> Option<&Pot> {
    match strategy {
        Strategy::BalancingPot(pot) => Some(pot),
        _ => None,
    }
}
