//! What drafts of an assignment are compared by.

use super::{
    problem::{Pair, Problem},
    solution::Solution,
};

/// Figures of one draft; sums of affinities in millionths. Proposals that want nobody are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// Sum over all pairs.
    pub total: i64,
    /// Sum of the worst-served proposal.
    pub worst: i64,
    /// Sum of the proposal at a tenth of the way from the worst: nearest rank, the ⌈n/10⌉-th from below.
    pub tenth_percentile: i64,
    /// Mean sum of the worst tenth of proposals, ⌊n/10⌋ but at least one, rounded down.
    pub worst_tenth: i64,
    /// How many evaluators have each load, from 0 on.
    pub loads: Vec<usize>,
    /// Wished pairs that are not in the draft.
    pub unmet_wishes: usize,
}

impl Figures {
    /// Figures of a solution, with the pairs evaluators or officers wished for. O(pairs chosen + proposals log
    /// proposals).
    pub fn of(problem: &Problem, solution: &Solution, wishes: &[Pair]) -> Self {
        let sums =
            (0..problem.proposals).filter(|p| problem.wanted[*p] > 0).map(|p| solution.sum(problem, p)).collect();
        let mut load = vec![0_usize; problem.evaluators];
        solution.chosen.iter().flatten().for_each(|e| load[*e] += 1);
        let unmet = |wish: &&Pair| {
            solution.chosen.get(wish.proposal).is_none_or(|chosen| chosen.binary_search(&wish.evaluator).is_err())
        };
        Self::counted(sums, &load, wishes.iter().filter(unmet).count())
    }

    /// Figures of a draft told by the sum of each proposal and the load of each evaluator.
    pub fn counted(mut sums: Vec<i64>, load: &[usize], unmet_wishes: usize) -> Self {
        sums.sort_unstable();
        let tenth = &sums[..(sums.len() / 10).max(1).min(sums.len())];
        let count = i64::try_from(tenth.len()).unwrap_or(i64::MAX).max(1);
        let mut loads = vec![0; load.iter().max().map_or(0, |most| most + 1)];
        load.iter().for_each(|n| loads[*n] += 1);
        Self {
            total: sums.iter().sum(),
            worst: sums.first().copied().unwrap_or(0),
            tenth_percentile: sums.get(sums.len().div_ceil(10).max(1) - 1).copied().unwrap_or(0),
            worst_tenth: tenth.iter().sum::<i64>().div_euclid(count),
            loads,
            unmet_wishes,
        }
    }
}
