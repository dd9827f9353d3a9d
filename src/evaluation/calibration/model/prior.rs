//! What the sampler believes before it sees a score.

use super::{Scores, random::Random};

/// A belief about a standard deviation, in the unit of the scores.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Belief {
    /// Known.
    Fixed(f64),
    /// Anything up to a bound, all equally likely (Gelman 2006, doi 10.1214/06-BA117A). Needs three levels or more.
    Flat { upper: f64 },
    /// Two flat parts up to a bound that add up as variances: density proportional to the deviation.
    TwoFlat { upper: f64 },
    /// Half of a Cauchy distribution: as likely below as above the scale, with a long tail (Gelman 2006).
    HalfCauchy { scale: f64 },
}

/// A belief about everything.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prior {
    pub proposals: Belief,
    pub evaluators: Belief,
    pub residual: Belief,
    /// Whether the mean is taken to be the mean of all scores; otherwise every mean is as likely.
    pub mean_known: bool,
}

/// Share of the deviation of all scores at which the default prior has its half.
const WEAK: f64 = 0.25;

impl Prior {
    /// The default: half-Cauchy with its half at a quarter of the deviation of all scores, and any mean. Weak: with
    /// twenty proposals the scores outweigh it, with five it keeps the deviations from running away.
    pub fn weak(scores: &Scores) -> Self {
        let belief = Belief::HalfCauchy { scale: WEAK * scores.deviation() };
        Self { proposals: belief, evaluators: belief, residual: belief, mean_known: false }
    }

    /// The prior of the Swiss National Science Foundation's ranking (ERforResearch, continuous outcome), for a scale
    /// of this range between its least and its greatest score: on its scale of 1 to 6, deviations up to 2 and
    /// evaluators of deviation 0.5 around the mean of all scores. Its model has one more normal part per proposal and
    /// evaluator, which with one score per pair cannot be told from chance; together they are [`Belief::TwoFlat`].
    pub fn snsf(range: f64) -> Self {
        let upper = 0.4 * range;
        Self {
            proposals: Belief::Flat { upper },
            evaluators: Belief::Fixed(0.1 * range),
            residual: Belief::TwoFlat { upper },
            mean_known: true,
        }
    }
}

/// How often a number beyond a bound is drawn anew before the bound itself is taken.
const TRIES: usize = 100;

impl Belief {
    /// Where the sampler begins.
    pub(super) fn start(self, deviation: f64) -> f64 {
        match self {
            Self::Fixed(value) => value,
            Self::Flat { upper } | Self::TwoFlat { upper } => (deviation / 2.0).min(upper / 2.0),
            Self::HalfCauchy { .. } => deviation / 2.0,
        }
    }

    /// How much likelier one deviation is than another before any score.
    pub(super) fn odds(self, of: f64, over: f64) -> f64 {
        match self {
            Self::Fixed(_) => 0.0,
            Self::Flat { upper } => f64::from(of <= upper),
            Self::TwoFlat { upper } => f64::from(of <= upper) * of / over,
            Self::HalfCauchy { scale } => (scale * scale + over * over) / (scale * scale + of * of),
        }
    }

    /// Draws a deviation given so many normal values of this sum of squares; `now` is the deviation so far.
    pub(super) fn draw(self, random: &mut Random, count: usize, squares: f64, now: f64) -> f64 {
        let half = count as f64 / 2.0;
        // A variance is the rate over a gamma number of the shape.
        let mut bounded = |shape: f64, upper: f64| {
            let variance = || squares / 2.0 / random.gamma(shape.max(0.25));
            std::iter::repeat_with(variance)
                .take(TRIES)
                .map(f64::sqrt)
                .find(|deviation| *deviation <= upper)
                .unwrap_or(upper)
        };
        match self {
            Self::Fixed(value) => value,
            Self::Flat { upper } => bounded(half - 0.5, upper),
            Self::TwoFlat { upper } => bounded(half - 1.0, upper),
            // An inverse gamma whose rate is itself random (Wand et al. 2011, doi 10.1214/11-BA631).
            Self::HalfCauchy { scale } => {
                let rate = random.gamma(1.0) / (1.0 / (scale * scale) + 1.0 / (now * now));
                ((squares / 2.0 + rate) / random.gamma(half + 0.5)).sqrt()
            }
        }
    }
}
