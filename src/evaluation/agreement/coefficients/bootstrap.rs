//! Intervals by resampling units (Efron's percentile interval; for alpha see Krippendorff 2016).

use super::Undefined;
use crate::evaluation::calibration::model::random::Random;

/// How to resample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Resampling {
    pub seed: u64,
    /// Resampled calls.
    pub replicates: usize,
    /// Share of the distribution within the interval, such as 0.9.
    pub level: f64,
}

/// A percentile interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    pub low: f64,
    pub high: f64,
    /// Resampled calls in which the coefficient had a meaning; the interval is theirs.
    pub replicates: usize,
}

/// Resamples so many units and computes a coefficient over those chosen, each as often as it was drawn.
///
/// # Errors
/// When the coefficient has a meaning in fewer than half of the resampled calls.
pub fn interval(
    units: usize,
    resampling: Resampling,
    mut coefficient: impl FnMut(&[usize]) -> Result<f64, Undefined>,
) -> Result<Interval, Undefined> {
    if units < 2 {
        return Err(Undefined::FewUnits);
    }
    let mut random = Random::seeded(resampling.seed);
    let mut found = Vec::with_capacity(resampling.replicates);
    let mut chosen = vec![0; units];
    for _ in 0..resampling.replicates {
        chosen.iter_mut().for_each(|place| *place = random.below(units));
        found.extend(coefficient(&chosen).ok());
    }
    if found.is_empty() || found.len() * 2 < resampling.replicates {
        return Err(Undefined::FewReplicates);
    }
    found.sort_by(f64::total_cmp);
    let tail = (1.0 - resampling.level) / 2.0;
    let at = |share: f64| {
        let place = (share * found.len() as f64).ceil() as usize;
        found[place.clamp(1, found.len()) - 1]
    };
    Ok(Interval { low: at(tail), high: at(1.0 - tail), replicates: found.len() })
}
