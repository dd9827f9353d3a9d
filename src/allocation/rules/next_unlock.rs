//! What a little more money, or a little less, would change (domain.md 6.4: "EUR 9,000 more in LT would fund three more
//! projects"); exact, by walking again.
//!
//! The amounts are found by halving. This is exact because "the result is another one" never turns false again as money
//! grows: at the first candidate that is decided differently, all budgets hold at least as much as before, it therefore
//! gets more parts than before, and with still more money it, or one above it, still does. With less money likewise.

use super::{
    pot::{self, Pot, Turn},
    setting::{Refusal, Setting},
    strategies::{Strategy, begin, check},
    walk::{Decision, Left, Walk},
};
use entity::types::{
    ids::{OrganisationId, ProposalId},
    money::Money,
};
use serde::{Deserialize, Serialize};

/// The smallest amount that changes who is funded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// None for the balancing pot.
    pub agency: Option<OrganisationId>,
    pub amount: Money,
    /// Proposals of which a part is funded that was not, and of which one is not that was, in the order of the walk.
    pub gains: Vec<ProposalId>,
    pub loses: Vec<ProposalId>,
}

/// How near every budget is to another result. Where nothing is named, no amount changes anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sensitivity {
    pub more: Vec<Change>,
    pub less: Vec<Change>,
}

/// The smallest money more, and the smallest money less, that changes who is funded, for every agency and the pot. Cuts
/// that merely become smaller or greater are no other result; with a pot that pays afterwards, whether the pot is
/// needed is part of the result.
///
/// # Errors
/// When the setting or the pot contradicts itself.
pub fn sensitivity(setting: &Setting, strategy: &Strategy) -> Result<Sensitivity, Refusal> {
    check(setting, strategy)?;
    let walk = Walk::of(setting);
    let start = begin(setting, strategy);
    let now = walk.run(strategy, &mut start.clone());
    let tried = Tried { walk: &walk, strategy, start: &start, now: &now };
    let mut found = Sensitivity { more: Vec::new(), less: Vec::new() };
    let mut wanted = vec![0_i64; setting.agencies.len()];
    for at in 0..setting.candidates.len() {
        for (agency, need) in walk.needs(at).unwrap_or_default() {
            wanted[agency] = wanted[agency].saturating_add(need);
        }
    }
    for (agency, wanted) in wanted.iter().copied().enumerate() {
        let free = start.agencies[agency];
        found.more.extend(tried.least(Purse::Agency(agency), 1, wanted - free));
        found.less.extend(tried.least(Purse::Agency(agency), -1, free));
    }
    if let Strategy::BalancingPot(pot) = strategy {
        let all = wanted.iter().enumerate().map(|(at, wanted)| pot::cost(setting, at, *wanted));
        found.more.extend(tried.least(Purse::Pot, 1, all.fold(0, i64::saturating_add) - pot.money.minor));
        found.less.extend(tried.least(Purse::Pot, -1, pot.money.minor));
    }
    Ok(found)
}

#[derive(Clone, Copy)]
enum Purse {
    Agency(usize),
    Pot,
}

struct Tried<'a> {
    walk: &'a Walk<'a>,
    strategy: &'a Strategy,
    start: &'a Left,
    now: &'a [Decision],
}

impl Tried<'_> {
    /// The smallest amount up to `most` that changes the result.
    fn least(&self, purse: Purse, sign: i64, most: i64) -> Option<Change> {
        if most <= 0 || !self.differs(purse, sign * most) {
            return None;
        }
        // `same` changes nothing, `other` does.
        let (mut same, mut other) = (0, most);
        while other - same > 1 {
            let middle = same + (other - same) / 2;
            if self.differs(purse, sign * middle) {
                other = middle;
            } else {
                same = middle;
            }
        }
        let then = self.walk.run(self.strategy, &mut self.with(purse, sign * other));
        Some(self.change(purse, other, &then))
    }

    fn with(&self, purse: Purse, by: i64) -> Left {
        let mut left = self.start.clone();
        match purse {
            Purse::Agency(agency) => left.agencies[agency] += by,
            Purse::Pot => left.pot += by,
        }
        left
    }

    fn differs(&self, purse: Purse, by: i64) -> bool {
        let mut left = self.with(purse, by);
        let other = |one: &Decision, other: &Decision| {
            one.grants.iter().zip(&other.grants).any(|(a, b)| a.is_some() != b.is_some())
        };
        if let Strategy::BalancingPot(Pot { turn: Turn::Afterwards, .. }) = self.strategy {
            let then = self.walk.run(self.strategy, &mut left);
            return self.now.iter().zip(&then).any(|(a, b)| a.verdict != b.verdict || other(a, b));
        }
        let mut differs = false;
        self.walk.down(self.strategy, &mut left, |at, decision| {
            differs = other(&self.now[at], &decision);
            !differs
        });
        differs
    }

    fn change(&self, purse: Purse, amount: i64, then: &[Decision]) -> Change {
        let setting = self.walk.setting;
        let only = |one: &[Decision], other: &[Decision]| -> Vec<ProposalId> {
            let more = |at: &usize| {
                one[*at].grants.iter().zip(&other[*at].grants).any(|(own, rival)| own.is_some() && rival.is_none())
            };
            (0..one.len()).filter(more).map(|at| setting.candidates[at].proposal).collect()
        };
        let (agency, currency) = match purse {
            Purse::Agency(at) => (Some(setting.agencies[at].id), setting.agencies[at].budget.currency),
            Purse::Pot => (None, setting.currency),
        };
        Change {
            agency,
            amount: Money::new(amount, currency),
            gains: only(then, self.now),
            loses: only(self.now, then),
        }
    }
}
