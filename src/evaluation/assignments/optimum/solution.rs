//! What was found, how good it is, and the proof.

use super::{best_set::best_set, problem::Problem, terms::Terms};

/// An assignment that keeps every rule, with the proof of how good it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solution {
    /// Evaluators of each proposal, ascending.
    pub chosen: Vec<Vec<usize>>,
    /// Sum of the affinities of all pairs, in millionths.
    pub total: i64,
    /// The total with the bonus for kept pairs: what was maximised.
    pub worth: i64,
    /// No assignment that keeps the rules (and the floor, if one was asked) is worth more.
    pub bound: i64,
    /// What one more place at each evaluator is worth, in millionths; below zero where the least load costs.
    /// [`bound_at`] recomputes from them the bound that was found without branching.
    pub places: Vec<i64>,
}

impl Solution {
    /// What a better assignment could at most gain; zero when this one is proven to be the best.
    pub fn gap(&self) -> i64 {
        self.bound - self.worth
    }

    /// Sum of affinities of one proposal, in millionths.
    pub fn sum(&self, problem: &Problem, proposal: usize) -> i64 {
        let row = &problem.affinities[proposal * problem.evaluators..][..problem.evaluators];
        self.chosen[proposal].iter().map(|e| i64::from(row[*e])).sum()
    }

    pub(super) fn of(terms: &Terms<'_>, sets: &[Vec<u32>], bound: i64, places: Vec<i64>) -> Self {
        let mut chosen: Vec<Vec<usize>> = sets.iter().map(|set| set.iter().map(|e| *e as usize).collect()).collect();
        chosen.iter_mut().for_each(|set| set.sort_unstable());
        Self { chosen, total: total(terms, sets), worth: worth(terms, sets), bound, places }
    }
}

/// An upper bound of what any assignment can be worth, from any prices of places: the proof of an optimum.
///
/// Every proposal takes its best set at these prices, and every place is sold at its price: no assignment within the
/// loads is worth more (weak duality). `None` when some proposal has no set at all. Millionths; O(pairs) and what
/// the rules of single proposals need.
///
/// # Panics
/// When there is not one price for each evaluator.
pub fn bound_at(problem: &Problem, floor: Option<i64>, prices: &[i64]) -> Option<i64> {
    bound(&Terms::new(problem, floor), prices)
}

pub(super) fn bound(terms: &Terms<'_>, prices: &[i64]) -> Option<i64> {
    let mut bound = sold(terms, prices);
    for p in 0..terms.problem.proposals {
        bound += best_set(terms, p, prices)?.0;
    }
    Some(bound)
}

/// The best set of every proposal, with the bound they make.
pub(super) fn best_sets(terms: &Terms<'_>, prices: &[i64]) -> Option<(i64, Vec<Vec<u32>>)> {
    let mut bound = sold(terms, prices);
    let mut sets = Vec::with_capacity(terms.problem.proposals);
    for p in 0..terms.problem.proposals {
        let (net, set) = best_set(terms, p, prices)?;
        bound += net;
        sets.push(set);
    }
    Some((bound, sets))
}

/// What all places bring at these prices, or the least loads cost.
pub(super) fn sold(terms: &Terms<'_>, prices: &[i64]) -> i64 {
    let price = |(load, price): (&super::problem::Load, &i64)| {
        price * i64::from(if *price > 0 { load.most } else { load.least })
    };
    terms.problem.loads.iter().zip(prices).map(price).sum()
}

/// Affinity of all pairs of these sets.
pub(super) fn total(terms: &Terms<'_>, sets: &[Vec<u32>]) -> i64 {
    pairs(sets).map(|(p, e)| terms.affinity(p, e)).sum()
}

/// Affinity and bonus of all pairs of these sets.
pub(super) fn worth(terms: &Terms<'_>, sets: &[Vec<u32>]) -> i64 {
    pairs(sets).map(|(p, e)| terms.worth(p, e)).sum()
}

fn pairs(sets: &[Vec<u32>]) -> impl Iterator<Item = (usize, usize)> {
    sets.iter().enumerate().flat_map(|(p, set)| set.iter().map(move |e| (p, *e as usize)))
}
