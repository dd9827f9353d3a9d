//! From the sheets of a call to what the mixed model says of them, as it is kept and shown.

use super::model::{
    self, Deviations, NINETY, Rating, Scores, Unusable,
    gibbs::{Sampling, gibbs},
    ranks::expected,
    reml::reml,
    zone::{Standing, zone},
};
use crate::{
    evaluation::{
        exact::{Fraction, total},
        judged::Judged,
    },
    kernel::secret,
};
use entity::types::ids::{EvaluatorId, ProposalId};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// The totals a calibration is made from.
#[derive(Debug, Clone, PartialEq)]
pub struct Inputs {
    /// Ascending, with or without sheets.
    pub proposals: Vec<ProposalId>,
    /// Ascending, with at least one complete sheet.
    pub evaluators: Vec<EvaluatorId>,
    /// Places in these lists, and the exact weighted total of a complete sheet.
    pub totals: Vec<(usize, usize, Fraction)>,
    /// Proposals with sheets that lack points for a criterion and so have no total.
    pub incomplete: Vec<ProposalId>,
    /// The SHA-256 of all of this, so that a changed sheet is noticed.
    pub digest: String,
}

impl Inputs {
    pub fn of(judged: &Judged) -> Self {
        let proposals: Vec<ProposalId> = judged.proposals.keys().copied().collect();
        let sheets = judged.sheets.iter();
        let mut known: Vec<_> =
            sheets.map(|s| (s.proposal, s.evaluator, total(&judged.call.terms, &s.points))).collect();
        known.sort_by_key(|(proposal, evaluator, _)| (*proposal, *evaluator));
        let mut incomplete: Vec<ProposalId> =
            known.iter().filter(|(.., total)| total.is_none()).map(|(proposal, ..)| *proposal).collect();
        incomplete.dedup();
        let mut evaluators: Vec<EvaluatorId> =
            known.iter().filter(|(.., total)| total.is_some()).map(|(_, evaluator, _)| *evaluator).collect();
        evaluators.sort_unstable();
        evaluators.dedup();
        let place = |(proposal, evaluator, total): (ProposalId, EvaluatorId, Option<Fraction>)| {
            Some((proposals.binary_search(&proposal).ok()?, evaluators.binary_search(&evaluator).ok()?, total?))
        };
        let totals: Vec<_> = known.into_iter().filter_map(place).collect();
        let written =
            |(p, e, total): &(usize, usize, Fraction)| json!([p, e, total.parts(), total.counted(total.parts())]);
        let said = json!({
            "proposals": proposals,
            "evaluators": evaluators,
            "totals": totals.iter().map(written).collect::<Vec<_>>(),
        });
        let digest = secret::hash(&said.to_string());
        Self { proposals, evaluators, totals, incomplete, digest }
    }

    /// The scores as the model takes them.
    ///
    /// # Errors
    /// Says why the model would have no answer.
    pub fn scores(&self) -> Result<Scores, Unusable> {
        let rating = |(proposal, evaluator, total): &(usize, usize, Fraction)| Rating {
            proposal: *proposal,
            evaluator: *evaluator,
            score: total.approximate(),
        };
        Scores::new(self.proposals.len(), &self.totals.iter().map(rating).collect::<Vec<_>>())
    }
}

/// Standard deviations of the three parts of a score, in points.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Spreads {
    pub proposals: f64,
    pub evaluators: f64,
    pub residual: f64,
}

impl From<Deviations> for Spreads {
    fn from(found: Deviations) -> Self {
        Self { proposals: found.proposals, evaluators: found.evaluators, residual: found.residual }
    }
}

/// A proposal as the model sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CalibratedProposal {
    pub proposal: ProposalId,
    pub sheets: usize,
    /// The mean of its sheets' totals.
    pub raw: f64,
    /// The same with the evaluators' severity taken out, drawn towards the mean as far as few sheets say little.
    pub adjusted: f64,
    pub adjusted_90: (f64, f64),
    pub expected_rank: f64,
    /// By the fast route, as a check.
    pub expected_rank_reml: f64,
    pub rank_50: (u32, u32),
    pub rank_90: (u32, u32),
    /// The chance to be among the places there are.
    pub above: f64,
    /// `above`, `within` or `below` the line.
    pub side: Side,
    /// The number of its island, the largest being 0.
    pub island: usize,
}

impl CalibratedProposal {
    /// The expected rank in hundredths, as it orders where a call says so.
    pub fn hundredths(&self) -> u32 {
        (self.expected_rank * 100.0).round() as u32
    }
}

/// On which side of the funding line a proposal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Above,
    Within,
    Below,
}

impl Side {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Above => "above",
            Self::Within => "within",
            Self::Below => "below",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Above => "Above the line",
            Self::Within => "Not distinguishable",
            Self::Below => "Below the line",
        }
    }
}

/// An evaluator as the model sees them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CalibratedEvaluator {
    pub evaluator: EvaluatorId,
    pub sheets: usize,
    /// By how many points less than the mean evaluator they give to the same proposal, with its standard error.
    pub severity: f64,
    pub error: f64,
}

impl CalibratedEvaluator {
    /// The central 90 % interval.
    pub fn interval_90(&self) -> (f64, f64) {
        (self.severity - NINETY * self.error, self.severity + NINETY * self.error)
    }
}

/// What the model says of a call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibrated {
    pub mean: f64,
    pub spreads: Spreads,
    pub spreads_reml: Spreads,
    /// Below 1.05 the sampler has settled.
    pub split_ratio: f64,
    pub draws: usize,
    /// The expected rank of the last proposal that fits; none when all or none fit.
    pub line: Option<f64>,
    /// Places left for those within the zone.
    pub open: usize,
    /// By expected rank.
    pub proposals: Vec<CalibratedProposal>,
    /// The most severe first.
    pub evaluators: Vec<CalibratedEvaluator>,
    /// Groups without a shared evaluator between them; one when all can be compared.
    pub islands: usize,
    pub unscored: Vec<ProposalId>,
    pub incomplete: Vec<ProposalId>,
}

/// Runs both routes of the model for a line of so many places.
///
/// # Errors
/// Says why the model has no answer.
pub fn calibrate(inputs: &Inputs, places: u32, seed: u64) -> Result<Calibrated, Unusable> {
    let scores = inputs.scores()?;
    let fit = reml(&scores);
    let fast = expected(&fit);
    let posterior = gibbs(&scores, &Sampling::usual(&scores, seed, &[places]));
    let zone = zone(&posterior.ranks_50(), usize::try_from(places).unwrap_or(usize::MAX));
    let of = |proposal: usize| inputs.totals.iter().filter(move |(p, ..)| *p == proposal);
    let island = |proposal: usize| scores.islands().iter().position(|i| i.proposals.contains(&proposal)).unwrap_or(0);
    let mean = posterior.mean.value;
    let mut proposals: Vec<CalibratedProposal> = posterior
        .proposals
        .iter()
        .map(|one| CalibratedProposal {
            proposal: inputs.proposals[one.proposal],
            sheets: of(one.proposal).count(),
            raw: of(one.proposal).map(|(.., total)| total.approximate()).sum::<f64>() / of(one.proposal).count() as f64,
            adjusted: mean + one.effect.value,
            adjusted_90: (mean + one.effect_90.0, mean + one.effect_90.1),
            expected_rank: one.expected_rank,
            expected_rank_reml: fast.iter().find(|f| f.proposal == one.proposal).map_or(0.0, |f| f.rank),
            rank_50: one.rank_50,
            rank_90: one.rank_90,
            above: one.above.first().copied().unwrap_or_default(),
            side: match zone.standing(one.proposal) {
                Some(Standing::Above) => Side::Above,
                Some(Standing::NotDistinguishable) => Side::Within,
                Some(Standing::Below) | None => Side::Below,
            },
            island: island(one.proposal),
        })
        .collect();
    proposals.sort_by(|a, b| a.expected_rank.total_cmp(&b.expected_rank).then(a.proposal.cmp(&b.proposal)));
    let mut evaluators: Vec<CalibratedEvaluator> = posterior
        .evaluators
        .iter()
        .map(|one| CalibratedEvaluator {
            evaluator: inputs.evaluators[one.evaluator],
            sheets: inputs.totals.iter().filter(|(_, e, _)| *e == one.evaluator).count(),
            severity: -one.effect.value,
            error: one.effect.error,
        })
        .collect();
    evaluators.sort_by(|a, b| b.severity.total_cmp(&a.severity).then(a.evaluator.cmp(&b.evaluator)));
    Ok(Calibrated {
        mean,
        spreads: posterior.deviations.into(),
        spreads_reml: fit.deviations.into(),
        split_ratio: posterior.split_ratio,
        draws: posterior.draws,
        line: zone.line,
        open: zone.open,
        proposals,
        evaluators,
        islands: scores.islands().len(),
        unscored: scores.unscored().iter().map(|place| inputs.proposals[*place]).collect(),
        incomplete: inputs.incomplete.clone(),
    })
}

/// Why the model has no answer, for people.
pub fn why(unusable: Unusable) -> String {
    use model::Unusable as U;
    match unusable {
        U::NoScores => "No complete sheet was submitted yet.".to_owned(),
        U::NotANumber(_) | U::UnknownProposal(_) => "The points of a sheet cannot be read.".to_owned(),
        U::OneProposal => "Only one proposal has complete sheets, so there is nothing to order.".to_owned(),
        U::OneEvaluator => "One evaluator judged everything: severity cannot be told from the mean.".to_owned(),
        U::AllEqual => "All totals are equal, so there is nothing to tell apart.".to_owned(),
        U::NoProposalTwice => {
            "No proposal was judged twice: its quality cannot be told from chance. Assign a second evaluator."
                .to_owned()
        }
        U::TooFewScores { scores, effects } => format!(
            "{scores} sheets are too few to tell {effects} proposals and evaluators apart. Wait for more of them."
        ),
    }
}
