//! Ranks as quantities with uncertainty; rank 1 is the best.

use super::reml::Fit;

/// A proposal's expected rank: one plus the chances of all others to be better (Laird and Louis 1989,
/// doi 10.3102/10769986014001029).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExpectedRank {
    /// The caller's number of the proposal.
    pub proposal: usize,
    /// Between 1 and the number of scored proposals.
    pub rank: f64,
}

/// Expected ranks from the joint normal distribution of REML's predictions, in the order of the caller's numbers.
/// O(m³ + n² k) for n proposals
/// with k scores and m levels of the smaller block.
pub fn expected(fit: &Fit) -> Vec<ExpectedRank> {
    let n = fit.proposals.len();
    let mut ranks = vec![1.0; n];
    let variances: Vec<f64> = fit.proposals.iter().map(|p| p.effect.error * p.effect.error).collect();
    let covariances_of = fit.covariance.rows();
    for p in 0..n {
        let covariances = covariances_of(p);
        for q in p + 1..n {
            let gap = fit.proposals[q].effect.value - fit.proposals[p].effect.value;
            let better = chance_above(gap, variances[p] + variances[q] - 2.0 * covariances[q]);
            ranks[p] += better;
            ranks[q] += 1.0 - better;
        }
    }
    fit.proposals.iter().zip(ranks).map(|(p, rank)| ExpectedRank { proposal: p.index, rank }).collect()
}

/// The chance that a normal variable of this mean and variance is above zero; a half when it is surely zero.
fn chance_above(mean: f64, variance: f64) -> f64 {
    if variance > 0.0 {
        return 0.5 * libm::erfc(-mean / (2.0 * variance).sqrt());
    }
    match mean.partial_cmp(&0.0) {
        Some(std::cmp::Ordering::Greater) => 1.0,
        Some(std::cmp::Ordering::Less) => 0.0,
        _ => 0.5,
    }
}

/// Bits of a key that hold the number of the value.
const NUMBER: u64 = (1 << 21) - 1;

/// Places of the largest to the smallest value, from 1; `order` is working space. Values that are equal in their first
/// ten digits are ordered by number, of which there are two million at most.
pub(super) fn ranked(values: &[f64], order: &mut Vec<u64>, ranks: &mut [u32]) {
    order.clear();
    order.extend(values.iter().zip(0u64..).map(|(value, number)| descending(*value) & !NUMBER | number));
    order.sort_unstable();
    for (key, rank) in order.iter().zip(1u32..) {
        ranks[(key & NUMBER) as usize] = rank;
    }
}

/// A whole number that is smaller the larger the value is.
fn descending(value: f64) -> u64 {
    let bits = value.to_bits();
    let ascending = if bits >> 63 == 1 { !bits } else { bits | 1 << 63 };
    !ascending
}
