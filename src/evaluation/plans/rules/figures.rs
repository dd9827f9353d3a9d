//! What drafts are compared by, told from their pairs.

use super::{model::Scene, settings::POINT};
use crate::evaluation::assignments::optimum::Figures;
use entity::types::{
    decimal,
    ids::{EvaluatorId, ProposalId},
};
use std::collections::{BTreeMap, BTreeSet};

/// A pair with its affinity in millionths.
pub type Weighed = (ProposalId, EvaluatorId, i64);

/// Figures of a draft over these proposals and evaluators; `wished` are the pairs evaluators would like.
pub fn figures(
    proposals: &[ProposalId],
    evaluators: &[EvaluatorId],
    pairs: &[Weighed],
    wished: &BTreeSet<(ProposalId, EvaluatorId)>,
) -> Figures {
    let mut sums: BTreeMap<ProposalId, i64> = proposals.iter().map(|id| (*id, 0)).collect();
    let mut load: BTreeMap<EvaluatorId, usize> = evaluators.iter().map(|id| (*id, 0)).collect();
    let mut met = BTreeSet::new();
    for (proposal, evaluator, affinity) in pairs {
        *sums.entry(*proposal).or_default() += affinity;
        *load.entry(*evaluator).or_default() += 1;
        met.insert((*proposal, *evaluator));
    }
    let load: Vec<usize> = load.into_values().collect();
    Figures::counted(sums.into_values().collect(), &load, wished.difference(&met).count())
}

/// Pairs of one draft that are not in the other.
pub fn missing<T: Ord + Copy>(one: &BTreeSet<T>, other: &BTreeSet<T>) -> Vec<T> {
    one.difference(other).copied().collect()
}

/// What is on and not covered by these pairs: the proposal, and what it lacks in words.
pub fn uncovered(scene: &Scene, settings: &super::settings::Settings, chosen: &[Vec<usize>]) -> Vec<(usize, String)> {
    let asked = super::model::asked(scene, settings, |_| vec![0; scene.evaluators.len()]);
    let mut lacking = Vec::new();
    for (need, label) in asked.problem.needs.iter().zip(&asked.needs) {
        let circle = &asked.problem.circles[need.circle];
        let there = chosen[need.proposal].iter().filter(|e| circle.contains(e)).count();
        if there < need.least as usize {
            lacking.push((need.proposal, format!("nobody {label}")));
        }
    }
    for circle in &asked.problem.apart {
        let people = &asked.problem.circles[*circle];
        for (proposal, set) in chosen.iter().enumerate() {
            if set.iter().filter(|e| people.contains(e)).count() > 1 {
                lacking.push((proposal, format!("two from {}", asked.organisations[circle])));
            }
        }
    }
    for (proposal, set) in chosen.iter().enumerate() {
        let wanted = asked.problem.wanted[proposal] as usize;
        if set.len() < wanted {
            lacking.push((proposal, format!("{} of {wanted} evaluators", set.len())));
        }
    }
    lacking.sort();
    lacking
}

/// Affinity as people see it: 1 000 000 is 100.
pub fn points(millionths: i64) -> String {
    decimal::fixed((millionths * 10 + POINT / 2).div_euclid(POINT), 1)
}
