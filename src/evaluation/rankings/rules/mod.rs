//! Weighted totals, thresholds, spread and the stated tie rule (domain.md 0.9, 2.5 and 2.6).
//!
//! All arithmetic is exact: a mean over three evaluators stays a fraction until it is shown, and two proposals
//! are only equal when their fractions are. Shown figures have two decimals, rounded half up.

mod fraction;
mod order;

pub use fraction::Fraction;

use entity::types::{
    ids::ProposalId,
    points::Points,
    share::Share,
    terms::{CallTerms, Criterion},
};
use std::collections::BTreeMap;

/// A proposal with what its evaluators gave and what the tie rule may ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub proposal: ProposalId,
    /// Decides when nothing else does.
    pub code: String,
    /// Submitted sheets, one per evaluator: points by key of the criterion.
    pub sheets: Vec<BTreeMap<String, Points>>,
    pub countries: u32,
    pub smes: u32,
    pub submitted_at: Option<chrono::DateTime<chrono::Utc>>,
}

/// One criterion of a ranked proposal, in hundredths of points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RankedCriterion {
    pub key: String,
    /// Mean over the evaluators; none when nobody gave points.
    pub mean: Option<i32>,
    /// Highest less lowest points.
    pub spread: i32,
    pub passes: bool,
}

/// A proposal's place and the reasons for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RankedLine {
    pub proposal: ProposalId,
    /// From 1; every place is held once.
    pub rank: u32,
    /// Weighted total on the scale of the points.
    pub total_hundredths: i32,
    /// Whether every threshold is reached; those who fail one stand below all who pass.
    pub passes: bool,
    /// The thresholds that are not reached, as sentences.
    pub failed: Vec<String>,
    /// Highest less lowest weighted total of a single evaluator, in hundredths.
    pub spread: i32,
    /// Why this proposal stands before or after one with the same total.
    pub tie_reason: Option<String>,
    pub per_criterion: Vec<RankedCriterion>,
}

/// A candidate with its figures.
struct Scored<'a> {
    candidate: &'a Candidate,
    means: Vec<Option<Fraction>>,
    total: Fraction,
    spread: Fraction,
    failed: Vec<String>,
    per_criterion: Vec<RankedCriterion>,
}

/// Orders candidates: those who pass before those who fail, then by total, then by the call's tie rule.
pub fn rank(terms: &CallTerms, candidates: &[Candidate]) -> Vec<RankedLine> {
    let mut scored: Vec<Scored<'_>> = candidates.iter().map(|c| score(terms, c)).collect();
    scored.sort_by(|a, b| order::compare(terms, a, b));
    let line = |(i, one): (usize, &Scored<'_>)| RankedLine {
        proposal: one.candidate.proposal,
        rank: u32::try_from(i + 1).unwrap_or(u32::MAX),
        total_hundredths: one.total.hundredths(),
        passes: one.failed.is_empty(),
        failed: one.failed.clone(),
        spread: one.spread.hundredths(),
        tie_reason: order::reason(terms, &scored, i),
        per_criterion: one.per_criterion.clone(),
    };
    scored.iter().enumerate().map(line).collect()
}

fn score<'a>(terms: &CallTerms, candidate: &'a Candidate) -> Scored<'a> {
    let scale_max = terms.evaluation.scale.max;
    let mut failed = Vec::new();
    let mut means = Vec::new();
    let mut per_criterion = Vec::new();
    for criterion in &terms.criteria {
        let given: Vec<i32> =
            candidate.sheets.iter().filter_map(|s| s.get(&criterion.key)).map(|p| p.as_hundredths()).collect();
        let mean = Fraction::mean(&given);
        let passes = threshold(criterion, mean, &mut failed);
        let spread = given.iter().max().zip(given.iter().min()).map_or(0, |(max, min)| max - min);
        means.push(mean);
        let mean = mean.map(Fraction::hundredths);
        per_criterion.push(RankedCriterion { key: criterion.key.clone(), mean, spread, passes });
    }
    let weighted = terms.criteria.iter().zip(&means).filter_map(|(c, m)| Some(weigh((*m)?, c.weight)));
    let total = weighted.fold(Fraction::ZERO, Fraction::plus);
    if let Some(share) = terms.evaluation.threshold_overall {
        let needed = weigh(Fraction::whole(scale_max.as_hundredths()), share);
        if total < needed {
            failed.push(format!(
                "The total of {} is below {}, which is {share} of the greatest",
                total.text(),
                needed.text()
            ));
        }
    }
    Scored { candidate, means, total, spread: spread_of_totals(terms, candidate), failed, per_criterion }
}

fn threshold(criterion: &Criterion, mean: Option<Fraction>, failed: &mut Vec<String>) -> bool {
    let Some(mean) = mean else {
        failed.push(format!("“{}” has no points", criterion.name));
        return false;
    };
    match criterion.threshold {
        Some(least) if mean < Fraction::whole(least.as_hundredths()) => {
            failed.push(format!("“{}” has {}; the threshold is {least}", criterion.name, mean.text()));
            false
        }
        _ => true,
    }
}

/// How far apart the evaluators are as a whole: each one's own weighted total, highest less lowest.
fn spread_of_totals(terms: &CallTerms, candidate: &Candidate) -> Fraction {
    let total = |sheet: &BTreeMap<String, Points>| {
        terms
            .criteria
            .iter()
            .filter_map(|c| Some(weigh(Fraction::whole(sheet.get(&c.key)?.as_hundredths()), c.weight)))
            .fold(Fraction::ZERO, Fraction::plus)
    };
    let totals: Vec<Fraction> = candidate.sheets.iter().map(total).collect();
    match (totals.iter().max(), totals.iter().min()) {
        (Some(max), Some(min)) => max.minus(*min),
        _ => Fraction::ZERO,
    }
}

fn weigh(points: Fraction, weight: Share) -> Fraction {
    points.times(i128::from(weight.basis_points()), 10_000)
}

#[cfg(test)]
mod tests;
