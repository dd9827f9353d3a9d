//! From points per criterion to one weighted total per sheet.

use super::Rating;
use std::collections::BTreeMap;

/// One evaluator's points for one criterion of one proposal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CriterionScore {
    pub proposal: usize,
    pub evaluator: usize,
    /// Its place in the list of weights.
    pub criterion: usize,
    pub points: f64,
}

/// Weighted totals, and the sheets that have none.
#[derive(Debug, Clone, PartialEq)]
pub struct Totals {
    /// By proposal, then evaluator.
    pub ratings: Vec<Rating>,
    /// Proposal and evaluator of sheets that lack a criterion; a total over fewer criteria would not compare.
    pub incomplete: Vec<(usize, usize)>,
}

/// Adds up each sheet's points by weight; a criterion given twice counts with its last points, one that is not in the
/// list of weights counts for nothing. O(n log n).
pub fn totals(scores: &[CriterionScore], weights: &[f64]) -> Totals {
    let mut sheets: BTreeMap<(usize, usize), Vec<Option<f64>>> = BTreeMap::new();
    for score in scores {
        let sheet = sheets.entry((score.proposal, score.evaluator)).or_insert_with(|| vec![None; weights.len()]);
        if let Some(place) = sheet.get_mut(score.criterion) {
            *place = Some(score.points);
        }
    }
    let mut totals = Totals { ratings: Vec::new(), incomplete: Vec::new() };
    for ((proposal, evaluator), points) in sheets {
        let weighted = points.iter().zip(weights).map(|(points, weight)| points.map(|points| points * weight));
        match weighted.sum::<Option<f64>>() {
            Some(score) => totals.ratings.push(Rating { proposal, evaluator, score }),
            None => totals.incomplete.push((proposal, evaluator)),
        }
    }
    totals
}
