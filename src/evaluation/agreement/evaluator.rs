//! One evaluator beside the others: severity, spread, agreement, lateness, comments. All with counts; where there is
//! too little to say something, the figure is a reason.

use crate::evaluation::calibration::model::{Estimate, NINETY, reml::Fit};
use std::collections::{BTreeMap, BTreeSet};

/// One submitted review.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Review {
    pub proposal: usize,
    pub evaluator: usize,
    /// The weighted total; none while the sheet lacks points.
    pub score: Option<f64>,
    /// Days after the due date, below zero when early; none without a due date.
    pub days_late: Option<f64>,
    pub comment_words: u32,
}

/// Why a figure is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lacking {
    /// So many cases where so many are needed.
    TooFew { have: usize, need: usize },
    /// All values are equal.
    NoVariation,
    /// The mixed model has no answer for this call.
    NoModel,
}

/// The standard deviation of one's own scores beside that of co-evaluators' scores for the same proposals.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    pub own: f64,
    pub own_scores: usize,
    pub others: f64,
    pub others_scores: usize,
    /// Own over others, with an approximate 90 % interval (normal on the scale of logarithms); below one uses less
    /// of the scale.
    pub ratio: f64,
    pub ratio_90: (f64, f64),
}

/// Mean absolute difference to co-evaluators, each proposal counting once.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// In points of the total, with the standard error over proposals.
    pub points: Estimate,
    pub proposals: usize,
    pub pairs: usize,
}

/// Correlation with the mean of the others over shared proposals.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Correlation {
    pub value: f64,
    /// By Fisher's transformation.
    pub interval_90: (f64, f64),
    pub proposals: usize,
}

/// Days against due.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lateness {
    /// Mean days after the due date; early days count below zero.
    pub days: Estimate,
    pub worst: f64,
    /// Reviews after the due date, and all with one.
    pub late: usize,
    pub reviews: usize,
}

/// Length of comments.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comments {
    pub words: Estimate,
    pub median: f64,
    pub shortest: u32,
    pub reviews: usize,
}

/// What is known of one evaluator.
#[derive(Debug, Clone, PartialEq)]
pub struct EvaluatorView {
    pub evaluator: usize,
    pub reviews: usize,
    /// By how many points less than the mean evaluator this one gives the same proposal, with standard error.
    pub severity: Result<Estimate, Lacking>,
    pub spread: Result<Spread, Lacking>,
    pub difference: Result<Difference, Lacking>,
    pub correlation: Result<Correlation, Lacking>,
    pub lateness: Result<Lateness, Lacking>,
    pub comments: Comments,
}

/// The view of every evaluator with a review, ascending by number. O(n k log n) for n reviews, k per proposal.
pub fn views(reviews: &[Review], fit: Option<&Fit>) -> Vec<EvaluatorView> {
    let mut given: BTreeMap<usize, Vec<(usize, f64)>> = BTreeMap::new();
    for review in reviews {
        if let Some(score) = review.score {
            given.entry(review.proposal).or_default().push((review.evaluator, score));
        }
    }
    let mut by_evaluator: BTreeMap<usize, Vec<&Review>> = BTreeMap::new();
    for review in reviews {
        by_evaluator.entry(review.evaluator).or_default().push(review);
    }
    let view = |(evaluator, own): (usize, Vec<&Review>)| {
        let shared = shared(evaluator, &own, &given);
        EvaluatorView {
            evaluator,
            reviews: own.len(),
            severity: severity(evaluator, fit),
            spread: spread(&shared),
            difference: difference(&shared),
            correlation: correlation(&shared),
            lateness: lateness(&own),
            comments: comments(&own),
        }
    };
    by_evaluator.into_iter().map(view).collect()
}

/// One's own score and those of the co-evaluators, for every proposal with both.
fn shared(evaluator: usize, own: &[&Review], given: &BTreeMap<usize, Vec<(usize, f64)>>) -> Vec<(f64, Vec<f64>)> {
    let proposals: BTreeSet<usize> = own.iter().map(|review| review.proposal).collect();
    let pair = |proposal: usize| {
        let scores = given.get(&proposal)?;
        let own = scores.iter().rev().find(|(by, _)| *by == evaluator)?.1;
        let others: Vec<f64> = scores.iter().filter(|(by, _)| *by != evaluator).map(|(_, score)| *score).collect();
        (!others.is_empty()).then_some((own, others))
    };
    proposals.into_iter().filter_map(pair).collect()
}

fn severity(evaluator: usize, fit: Option<&Fit>) -> Result<Estimate, Lacking> {
    let fit = fit.ok_or(Lacking::NoModel)?;
    let found = fit.evaluators.iter().find(|effect| effect.index == evaluator);
    let effect = found.ok_or(Lacking::TooFew { have: 0, need: 1 })?.effect;
    Ok(Estimate { value: -effect.value, error: effect.error })
}

fn spread(shared: &[(f64, Vec<f64>)]) -> Result<Spread, Lacking> {
    let own: Vec<f64> = shared.iter().map(|(own, _)| *own).collect();
    let others: Vec<f64> = shared.iter().flat_map(|(_, others)| others.iter().copied()).collect();
    let need = 3;
    if own.len() < need {
        return Err(Lacking::TooFew { have: own.len(), need });
    }
    let (own_sd, others_sd) = (deviation(&own), deviation(&others));
    if own_sd <= 0.0 || others_sd <= 0.0 {
        return Err(Lacking::NoVariation);
    }
    let ratio = own_sd / others_sd;
    let freedom = |count: usize| 2.0 * (count as f64 - 1.0);
    let width = libm::exp(NINETY * (1.0 / freedom(own.len()) + 1.0 / freedom(others.len())).sqrt());
    Ok(Spread {
        own: own_sd,
        own_scores: own.len(),
        others: others_sd,
        others_scores: others.len(),
        ratio,
        ratio_90: (ratio / width, ratio * width),
    })
}

fn difference(shared: &[(f64, Vec<f64>)]) -> Result<Difference, Lacking> {
    let need = 2;
    if shared.len() < need {
        return Err(Lacking::TooFew { have: shared.len(), need });
    }
    let apart = |(own, others): &(f64, Vec<f64>)| mean(&others.iter().map(|o| (own - o).abs()).collect::<Vec<_>>());
    let per_proposal: Vec<f64> = shared.iter().map(apart).collect();
    Ok(Difference {
        points: estimate(&per_proposal),
        proposals: shared.len(),
        pairs: shared.iter().map(|(_, others)| others.len()).sum(),
    })
}

fn correlation(shared: &[(f64, Vec<f64>)]) -> Result<Correlation, Lacking> {
    let need = 4;
    if shared.len() < need {
        return Err(Lacking::TooFew { have: shared.len(), need });
    }
    let (own, others): (Vec<f64>, Vec<f64>) = shared.iter().map(|(own, others)| (*own, mean(others))).unzip();
    let (own_mean, others_mean) = (mean(&own), mean(&others));
    let along: f64 = own.iter().zip(&others).map(|(a, b)| (a - own_mean) * (b - others_mean)).sum();
    let scale = deviation(&own) * deviation(&others) * (own.len() as f64 - 1.0);
    if scale <= 0.0 {
        return Err(Lacking::NoVariation);
    }
    let value = (along / scale).clamp(-1.0, 1.0);
    let half = NINETY / (own.len() as f64 - 3.0).sqrt();
    let end = |shift: f64| libm::tanh(libm::atanh(value) + shift);
    Ok(Correlation { value, interval_90: (end(-half), end(half)), proposals: own.len() })
}

fn lateness(own: &[&Review]) -> Result<Lateness, Lacking> {
    let days: Vec<f64> = own.iter().filter_map(|review| review.days_late).collect();
    if days.is_empty() {
        return Err(Lacking::TooFew { have: 0, need: 1 });
    }
    Ok(Lateness {
        days: estimate(&days),
        worst: days.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        late: days.iter().filter(|days| **days > 0.0).count(),
        reviews: days.len(),
    })
}

fn comments(own: &[&Review]) -> Comments {
    let mut words: Vec<u32> = own.iter().map(|review| review.comment_words).collect();
    words.sort_unstable();
    let middle = |place: usize| words.get(place).copied().map_or(0.0, f64::from);
    Comments {
        words: estimate(&words.iter().map(|words| f64::from(*words)).collect::<Vec<_>>()),
        median: (middle(words.len().saturating_sub(1) / 2) + middle(words.len() / 2)) / 2.0,
        shortest: words.first().copied().unwrap_or(0),
        reviews: words.len(),
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// With one value less than there are in the denominator; zero for fewer than two.
fn deviation(values: &[f64]) -> f64 {
    let mean = mean(values);
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    (squares / (values.len() as f64 - 1.0).max(1.0)).sqrt()
}

/// The mean with its standard error, which is infinite for a single value: one case says nothing about the next.
fn estimate(values: &[f64]) -> Estimate {
    let error = match values.len() {
        0 | 1 => f64::INFINITY,
        count => deviation(values) / (count as f64).sqrt(),
    };
    Estimate { value: mean(values), error }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::calibration::model::{Rating, Scores, reml::reml};

    fn review(proposal: usize, evaluator: usize, score: f64) -> Review {
        Review { proposal, evaluator, score: Some(score), days_late: Some(score - 3.0), comment_words: 10 }
    }

    /// Three evaluators on six proposals; the third gives a point less, the second is two days late at most.
    fn call() -> Vec<Review> {
        let quality = [1.0, 2.0, 3.0, 4.0, 5.0, 2.5];
        let scores = quality.iter().enumerate().flat_map(|(proposal, quality)| {
            let noise = if proposal % 2 == 0 { 0.5 } else { 0.0 };
            [(0, *quality), (1, quality + noise), (2, quality - 1.0)]
                .map(|(evaluator, score)| review(proposal, evaluator, score))
        });
        scores.collect()
    }

    #[test]
    fn the_severe_one_is_found_with_the_others_spread() {
        let reviews = call();
        let rating = |r: &Review| Rating { proposal: r.proposal, evaluator: r.evaluator, score: r.score.unwrap() };
        let scores = Scores::new(6, &reviews.iter().map(rating).collect::<Vec<_>>()).unwrap();
        let fit = reml(&scores);
        let views = views(&reviews, Some(&fit));

        let severe = &views[2];
        let severity = severe.severity.unwrap();
        assert!((0.6..1.0).contains(&severity.value) && severity.error > 0.0, "{severity:?}");
        let spread = severe.spread.unwrap();
        assert!(spread.ratio_90.0 < 1.0 && 1.0 < spread.ratio_90.1, "{spread:?}");
        assert_eq!((spread.own_scores, spread.others_scores), (6, 12));
        let difference = severe.difference.unwrap();
        assert!((difference.points.value - 1.125).abs() < 1e-12, "{difference:?}");
        assert_eq!((difference.proposals, difference.pairs), (6, 12));
        let correlation = severe.correlation.unwrap();
        assert!(correlation.value > 0.98 && correlation.interval_90.0 < correlation.value, "{correlation:?}");
    }

    #[test]
    fn lateness_and_comments_carry_their_counts() {
        let mut reviews = call();
        reviews[0].days_late = None;
        reviews[0].comment_words = 40;
        reviews[3].comment_words = 21;
        let views = views(&reviews, None);

        let late = views[0].lateness.unwrap();
        assert_eq!((late.reviews, late.late), (5, 2));
        assert!((late.worst - 2.0).abs() < 1e-12 && (late.days.value - 0.3).abs() < 1e-12, "{late:?}");
        let comments = views[0].comments;
        assert_eq!((comments.reviews, comments.shortest), (6, 10));
        assert!((comments.median - 10.0).abs() < 1e-12 && (comments.words.value - 101.0 / 6.0).abs() < 1e-12);
        assert_eq!(views[0].severity, Err(Lacking::NoModel));
    }

    #[test]
    fn too_little_is_a_reason() {
        let mut alone = review(0, 0, 3.0);
        alone.days_late = None;
        let views = views(&[alone, review(1, 1, 3.0), review(1, 2, 3.0)], None);

        assert_eq!(views[0].spread, Err(Lacking::TooFew { have: 0, need: 3 }));
        assert_eq!(views[0].difference, Err(Lacking::TooFew { have: 0, need: 2 }));
        assert_eq!(views[1].correlation, Err(Lacking::TooFew { have: 1, need: 4 }));
        assert_eq!(views[0].lateness, Err(Lacking::TooFew { have: 0, need: 1 }));
        assert_eq!(views[0].comments.words.error, f64::INFINITY);

        let flat: Vec<Review> = (0..5).flat_map(|p| [review(p, 0, 3.0), review(p, 1, p as f64)]).collect();
        let views = super::views(&flat, None);
        assert_eq!(views[0].spread, Err(Lacking::NoVariation));
        assert_eq!(views[0].correlation, Err(Lacking::NoVariation));
    }
}
