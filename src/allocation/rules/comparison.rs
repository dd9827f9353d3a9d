//! Two scenarios side by side, with the difference shown (domain.md 6.4).

use super::scenario::Scenario;
use entity::types::{ids::ProposalId, money::Money};
use std::collections::BTreeSet;

/// What the second scenario has more, or less, than the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Funded by the second only, and by the first only, in the order of the walk.
    pub gained: Vec<ProposalId>,
    pub lost: Vec<ProposalId>,
    /// Second less first: proposals, hundredths of points, money in the currency of the call.
    pub funded: i64,
    pub score: i64,
    pub granted: Money,
}

/// Compares two scenarios of one setting.
pub fn compare(first: &Scenario, second: &Scenario) -> Comparison {
    let winners = |one: &Scenario| -> Vec<ProposalId> { one.winners().map(|line| line.proposal).collect() };
    let (one, other) = (winners(first), winners(second));
    let only = |own: &[ProposalId], rival: &[ProposalId]| -> Vec<ProposalId> {
        let rival: BTreeSet<&ProposalId> = rival.iter().collect();
        own.iter().filter(|proposal| !rival.contains(proposal)).copied().collect()
    };
    let count = |list: &[ProposalId]| i64::try_from(list.len()).unwrap_or(i64::MAX);
    Comparison {
        gained: only(&other, &one),
        lost: only(&one, &other),
        funded: count(&other) - count(&one),
        score: second.score - first.score,
        granted: Money::new(second.granted.minor - first.granted.minor, first.granted.currency),
    }
}
