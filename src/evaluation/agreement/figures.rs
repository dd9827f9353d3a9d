//! From the sheets of a call to coefficients with intervals, and to what is known of each evaluator.

use super::{
    coefficients::{
        Judgement, Undefined,
        ac1::ac1,
        alpha::{Alpha, Metric},
        bootstrap::{Resampling, interval},
        icc, units,
    },
    evaluator::{EvaluatorView, Lacking, Review, views},
};
use crate::evaluation::{
    calibration::{figures::Inputs, model::reml::reml},
    exact::{Fraction, for_criterion, total},
    judged::{Judged, JudgedSheet},
};
use entity::types::{
    ids::{EvaluatorId, ProposalId},
    terms::CallTerms,
};

/// A coefficient with the interval that holds it with 90 %; the interval may have no meaning where the value has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    pub value: f64,
    pub interval: Option<(f64, f64)>,
}

/// A coefficient, or why it has no meaning.
pub type Coefficient = Result<Measured, Undefined>;

/// How far evaluators agree on one criterion, or on the weighted total.
#[derive(Debug, Clone, PartialEq)]
pub struct Agreement {
    /// The criterion's key; none for the total.
    pub criterion: Option<String>,
    pub name: String,
    /// Proposals with at least two values, and all values of theirs.
    pub proposals: usize,
    pub values: usize,
    pub alpha_interval: Coefficient,
    pub alpha_ordinal: Coefficient,
    /// Of one evaluator's points, whoever they are.
    pub icc: Coefficient,
    /// Exact agreement beyond chance; none for totals, which are no categories.
    pub ac1: Option<Coefficient>,
}

/// What an alpha is held to mean (Krippendorff, "Content Analysis", 4th edition 2018, chapter 12).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    Reliable,
    Tentative,
    Doubtful,
}

/// Where conclusions are only tentative, and where they are reliable.
pub const TENTATIVE: f64 = 0.667;
const RELIABLE: f64 = 0.8;

impl Meaning {
    pub fn of(alpha: f64) -> Self {
        match alpha {
            a if a >= RELIABLE => Self::Reliable,
            a if a >= TENTATIVE => Self::Tentative,
            _ => Self::Doubtful,
        }
    }

    pub const fn words(self) -> &'static str {
        match self {
            Self::Reliable => "They see the same thing",
            Self::Tentative => "They mostly see the same thing",
            Self::Doubtful => "They do not see the same thing",
        }
    }
}

/// Resampled calls: enough for two digits, fewer where a call is large and its intervals narrow.
const REPLICATES: usize = 500;
const LARGE: usize = 300;

/// The seed of the resampling. The same sheets show the same intervals.
const SEED: u64 = 20_171_213;

/// Agreement on the total and then on every criterion.
pub fn agreement(judged: &Judged) -> Vec<Agreement> {
    let terms = &judged.call.terms;
    let whole = measure(judged, None, "Weighted total".to_owned(), None, |sheet| total(terms, &sheet.points));
    let steps = terms.evaluation.scale.values().len();
    let each = terms.criteria.iter().map(|criterion| {
        let points = |sheet: &JudgedSheet| for_criterion(criterion, &sheet.points);
        measure(judged, Some(criterion.key.clone()), criterion.name.clone(), Some(steps), points)
    });
    std::iter::once(whole).chain(each).collect()
}

fn measure(
    judged: &Judged,
    criterion: Option<String>,
    name: String,
    steps: Option<usize>,
    points: impl Fn(&JudgedSheet) -> Option<Fraction>,
) -> Agreement {
    let proposals: Vec<ProposalId> = judged.proposals.keys().copied().collect();
    let evaluators = evaluators(judged);
    let judgement = |sheet: &JudgedSheet| {
        let rater = evaluators.binary_search(&sheet.evaluator).ok()?;
        Some(Judgement {
            unit: proposals.binary_search(&sheet.proposal).ok()?,
            rater,
            value: points(sheet)?.approximate(),
        })
    };
    let units = units(&judged.sheets.iter().filter_map(judgement).collect::<Vec<_>>());
    let paired = units.iter().filter(|unit| unit.len() > 1);
    let replicates = if units.len() > LARGE { REPLICATES / 5 } else { REPLICATES };
    let with_interval = |value: Result<f64, Undefined>, among: &dyn Fn(&[usize]) -> Result<f64, Undefined>| {
        let resampling = Resampling { seed: SEED, replicates, level: 0.9 };
        let interval = interval(units.len(), resampling, among).ok().map(|found| (found.low, found.high));
        value.map(|value| Measured { value, interval })
    };
    let alpha = |metric| {
        let alpha = Alpha::new(&units, metric)?;
        with_interval(alpha.all(), &|chosen| alpha.among(chosen))
    };
    let chosen = |places: &[usize]| places.iter().map(|place| units[*place].clone()).collect::<Vec<_>>();
    Agreement {
        criterion,
        name,
        proposals: paired.clone().count(),
        values: paired.map(Vec::len).sum(),
        alpha_interval: alpha(Metric::Interval),
        alpha_ordinal: alpha(Metric::Ordinal),
        icc: with_interval(icc::one_way(&units), &|places| icc::one_way(&chosen(places))),
        ac1: steps.map(|steps| {
            let value = |units: &[Vec<f64>]| ac1(units, steps).map(|found| found.value);
            with_interval(value(&units), &|places| value(&chosen(places)))
        }),
    }
}

fn evaluators(judged: &Judged) -> Vec<EvaluatorId> {
    let mut evaluators: Vec<_> = judged.sheets.iter().map(|sheet| sheet.evaluator).collect();
    evaluators.sort_unstable();
    evaluators.dedup();
    evaluators
}

/// What is known of every evaluator with a sheet, in the order of their ids.
pub fn of_evaluators(judged: &Judged) -> Vec<(EvaluatorId, EvaluatorView)> {
    let terms: &CallTerms = &judged.call.terms;
    let inputs = Inputs::of(judged);
    let evaluators = evaluators(judged);
    let day = |span: chrono::TimeDelta| span.num_minutes() as f64 / (24.0 * 60.0);
    let review = |sheet: &JudgedSheet| {
        Some(Review {
            proposal: inputs.proposals.binary_search(&sheet.proposal).ok()?,
            evaluator: evaluators.binary_search(&sheet.evaluator).ok()?,
            score: total(terms, &sheet.points).map(Fraction::approximate),
            days_late: sheet.submitted_at.zip(sheet.due_at).map(|(submitted, due)| day(submitted - due)),
            comment_words: sheet.words,
        })
    };
    let reviews: Vec<Review> = judged.sheets.iter().filter_map(review).collect();
    // The model numbers evaluators by those with a complete sheet, the reviews by all: they are brought together here.
    let fit = inputs.scores().ok().map(|scores| {
        let mut fit = reml(&scores);
        for effect in &mut fit.evaluators {
            let id = inputs.evaluators[effect.index];
            effect.index = evaluators.binary_search(&id).unwrap_or(usize::MAX);
        }
        fit
    });
    views(&reviews, fit.as_ref()).into_iter().map(|view| (evaluators[view.evaluator], view)).collect()
}

/// Why a figure is missing, for people.
pub fn lacking(why: Lacking) -> String {
    match why {
        Lacking::TooFew { have, need } => format!("{have} where {need} are needed"),
        Lacking::NoVariation => "all equal".to_owned(),
        Lacking::NoModel => "the sheets are too few".to_owned(),
    }
}

/// Why a coefficient has no meaning, for people.
pub const fn undefined(why: Undefined) -> &'static str {
    match why {
        Undefined::FewUnits => "fewer than two proposals",
        Undefined::FewRaters => "no proposal with two sheets",
        Undefined::NoVariation => "all points are equal",
        Undefined::Incomplete => "points are missing",
        Undefined::Negative | Undefined::NotANumber => "points cannot be read",
        Undefined::FewReplicates => "too few proposals vary",
    }
}
