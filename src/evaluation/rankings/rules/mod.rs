//! Weighted totals, thresholds, outliers, spread and the stated tie rule (domain.md 0.9, 2.5 and 2.6).
//!
//! All arithmetic is exact: a mean over three evaluators stays a fraction until it is shown, and two proposals
//! are only equal when their fractions are. Shown figures have two decimals, rounded half up. Points that people
//! agreed on count instead of the evaluators' own; what the call's outlier rule leaves out counts for nothing.

mod order;

pub use crate::evaluation::exact::{Fraction, Given};

use crate::evaluation::{
    consensus::rules::{outliers::kept, thresholds::k_of_n},
    exact::{common, for_criterion, total},
};
use entity::types::{
    ids::ProposalId,
    judging::KOfN,
    points::Points,
    states::AgreedSource,
    terms::{CallTerms, Criterion},
};
use std::collections::BTreeMap;

/// Where a lottery put a proposal: the draw orders only those whose order the points cannot tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lot {
    /// Clearly above the line the lottery was about.
    Above,
    /// Drawn: this place of so many.
    Drawn { place: u32, of: u32 },
    /// Clearly below the line, or unknown to the model.
    Below,
}

/// How the reason of a drawn place begins.
pub const DRAWN: &str = "Place";

/// A proposal with what its evaluators gave and what the tie rule may ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub proposal: ProposalId,
    /// Decides when nothing else does.
    pub code: String,
    /// Submitted sheets, one per evaluator: points by key of the criterion or of its parts.
    pub sheets: Vec<Given>,
    /// Points people agreed on, and who did.
    pub agreed: BTreeMap<String, (Points, AgreedSource)>,
    pub countries: u32,
    pub smes: u32,
    /// SMEs among all organisations that take part, and how many all are.
    pub sme_share: (u32, u32),
    /// Awards its applicants got in other calls.
    pub earlier_awards: u32,
    pub submitted_at: Option<chrono::DateTime<chrono::Utc>>,
    /// Hundredths of the expected rank, where the call orders by it and the model knows the proposal.
    pub expected: Option<u32>,
    /// What a signed lottery said.
    pub lot: Option<Lot>,
}

/// One criterion of a ranked proposal, in hundredths of points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RankedCriterion {
    pub key: String,
    /// Mean of the points that count; none when nobody gave any.
    pub mean: Option<i32>,
    /// Highest less lowest points.
    pub spread: i32,
    pub passes: bool,
    /// Who agreed on the points, when they are not the evaluators' own.
    pub agreed: Option<AgreedSource>,
    /// Evaluators whose points the call's outlier rule leaves out.
    pub left_out: u32,
}

/// A proposal's place and the reasons for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RankedLine {
    pub proposal: ProposalId,
    /// From 1; every place is held once.
    pub rank: u32,
    /// Weighted total on the scale of the points.
    pub total_hundredths: i32,
    /// Whether every threshold is reached.
    pub passes: bool,
    /// Which thresholds are not reached, in words.
    pub failed: Vec<String>,
    /// Highest less lowest total of one evaluator.
    pub spread: i32,
    /// Why it stands before or after its neighbour, when the totals do not say it.
    pub tie_reason: Option<String>,
    pub per_criterion: Vec<RankedCriterion>,
    /// The total of every complete sheet, lowest first.
    pub sheet_totals: Vec<i32>,
    /// Submitted sheets, complete or not.
    pub sheets: u32,
}

/// A candidate with its figures.
struct Scored<'a> {
    candidate: &'a Candidate,
    means: Vec<Option<Fraction>>,
    total: Fraction,
    spread: Fraction,
    sheet_totals: Vec<Fraction>,
    failed: Vec<String>,
    per_criterion: Vec<RankedCriterion>,
}

/// Orders candidates: those who pass before those who fail; then as a lottery drew them, if there was one; then by
/// what the call ranks by, the total or the expected rank; then by the call's tie rule.
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
        sheet_totals: one.sheet_totals.iter().map(|total| total.hundredths()).collect(),
        sheets: u32::try_from(one.candidate.sheets.len()).unwrap_or(u32::MAX),
    };
    scored.iter().enumerate().map(line).collect()
}

/// The points that count for one criterion.
struct Counting {
    given: Vec<Fraction>,
    /// Places of those that count.
    kept: Vec<usize>,
    agreed: Option<AgreedSource>,
}

impl Counting {
    fn of(terms: &CallTerms, criterion: &Criterion, candidate: &Candidate) -> Self {
        let points: Given = candidate.agreed.iter().map(|(key, (points, _))| (key.clone(), *points)).collect();
        if let Some(agreed) = for_criterion(criterion, &points) {
            let below = format!("{}.", criterion.key);
            let ours = |key: &str| key == criterion.key || key.starts_with(&below);
            let source = candidate.agreed.iter().filter(|(key, _)| ours(key)).map(|(_, (_, source))| *source).max();
            return Self { given: vec![agreed], kept: vec![0], agreed: source };
        }
        let given: Vec<Fraction> = candidate.sheets.iter().filter_map(|s| for_criterion(criterion, s)).collect();
        let parts = common(&given);
        let end = |points: Points| i64::from(points.as_hundredths()) * parts;
        let scale = terms.evaluation.scale;
        let counted: Vec<i64> = given.iter().map(|points| points.counted(parts)).collect();
        let kept = kept(terms.evaluation.outliers, (end(scale.min), end(scale.max)), &counted);
        Self { given, kept, agreed: None }
    }

    fn kept(&self) -> Vec<Fraction> {
        self.kept.iter().filter_map(|place| self.given.get(*place).copied()).collect()
    }

    fn mean(&self) -> Option<Fraction> {
        let kept = self.kept();
        let count = i128::try_from(kept.len()).ok().filter(|count| *count > 0)?;
        Some(kept.into_iter().fold(Fraction::ZERO, Fraction::plus).times(1, count))
    }

    fn spread(&self) -> Fraction {
        match (self.given.iter().max(), self.given.iter().min()) {
            (Some(most), Some(least)) => most.minus(*least),
            _ => Fraction::ZERO,
        }
    }
}

fn score<'a>(terms: &CallTerms, candidate: &'a Candidate) -> Scored<'a> {
    let mut failed = Vec::new();
    let counting: Vec<Counting> = terms.criteria.iter().map(|c| Counting::of(terms, c, candidate)).collect();
    let means: Vec<Option<Fraction>> = counting.iter().map(Counting::mean).collect();
    let mut per_criterion = Vec::new();
    for ((criterion, points), mean) in terms.criteria.iter().zip(&counting).zip(&means) {
        let passes = threshold(criterion, *mean, &mut failed);
        per_criterion.push(RankedCriterion {
            key: criterion.key.clone(),
            mean: mean.map(Fraction::hundredths),
            spread: points.spread().hundredths(),
            passes,
            agreed: points.agreed,
            left_out: u32::try_from(points.given.len() - points.kept.len()).unwrap_or(u32::MAX),
        });
    }
    let weighted = terms.criteria.iter().zip(&means).filter_map(|(c, m)| Some((*m)?.weighed(c.weight)));
    let sum = weighted.fold(Fraction::ZERO, Fraction::plus);
    if let Some(rule) = terms.evaluation.k_of_n {
        enough(rule, &counting, &mut failed);
    }
    if let Some(share) = terms.evaluation.threshold_overall {
        let needed = Fraction::whole(terms.evaluation.scale.max.as_hundredths()).weighed(share);
        if sum < needed {
            failed.push(format!(
                "The total of {} is below {}, which is {share} of the greatest",
                sum.text(),
                needed.text()
            ));
        }
    }
    let mut sheet_totals: Vec<Fraction> = candidate.sheets.iter().filter_map(|sheet| total(terms, sheet)).collect();
    sheet_totals.sort();
    let spread = match (sheet_totals.last(), sheet_totals.first()) {
        (Some(most), Some(least)) => most.minus(*least),
        _ => Fraction::ZERO,
    };
    Scored { candidate, means, total: sum, spread, sheet_totals, failed, per_criterion }
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

/// The rule that so many criteria reach so much.
fn enough(rule: KOfN, counting: &[Counting], failed: &mut Vec<String>) {
    let kept: Vec<Vec<Fraction>> = counting.iter().map(Counting::kept).collect();
    let parts = common(&kept.concat());
    let points: Vec<Vec<i64>> = kept.iter().map(|of| of.iter().map(|one| one.counted(parts)).collect()).collect();
    let least = i64::from(rule.least.as_hundredths()) * parts;
    let least = Points::hundredths(i32::try_from(least).unwrap_or(i32::MAX));
    let reached = k_of_n(KOfN { least, ..rule }, &points);
    if !reached.passes {
        failed.push(format!(
            "{} of {} criteria have at least {}; the call asks for {}",
            reached.reached.len(),
            counting.len(),
            rule.least,
            rule.criteria
        ));
    }
}

#[cfg(test)]
mod tests;
