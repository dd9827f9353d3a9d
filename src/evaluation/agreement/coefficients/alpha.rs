//! Krippendorff's alpha: one less observed over expected disagreement (Krippendorff 2011, "Computing Krippendorff's
//! Alpha-Reliability"). Any number of raters, missing values included: a unit with one value
//! says nothing and is left out.

use super::{Undefined, categories, usable};

/// What counts as how far apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// Equal or not.
    Nominal,
    /// By how many values lie between.
    Ordinal,
    /// By the square of the difference.
    Interval,
    /// By the square of difference over sum; values from zero on.
    Ratio,
}

/// Units made ready, so that resampling does not sort values again.
#[derive(Debug, Clone)]
pub struct Alpha {
    metric: Metric,
    values: Vec<f64>,
    units: Vec<Vec<usize>>,
}

impl Alpha {
    /// # Errors
    /// When a value is not finite, or is below zero under the ratio metric, or there are too few units or raters.
    pub fn new(units: &[Vec<f64>], metric: Metric) -> Result<Self, Undefined> {
        usable(units)?;
        if metric == Metric::Ratio && units.iter().flatten().any(|value| *value < 0.0) {
            return Err(Undefined::Negative);
        }
        let (values, units) = categories(units);
        Ok(Self { metric, values, units })
    }

    /// Alpha over all units. O(N k + v²) for N values, k per unit, v distinct.
    ///
    /// # Errors
    /// When the values that can be paired do not vary.
    pub fn all(&self) -> Result<f64, Undefined> {
        self.among(&(0..self.units.len()).collect::<Vec<_>>())
    }

    /// Alpha over chosen units, one chosen twice counting twice.
    ///
    /// # Errors
    /// When the values that can be paired do not vary.
    pub fn among(&self, chosen: &[usize]) -> Result<f64, Undefined> {
        let v = self.values.len();
        let mut pairs = vec![0.0; v * v];
        let mut totals = vec![0.0; v];
        for unit in chosen.iter().filter_map(|i| self.units.get(*i)).filter(|unit| unit.len() > 1) {
            let weight = 1.0 / (unit.len() - 1) as f64;
            for (i, a) in unit.iter().enumerate() {
                totals[*a] += 1.0;
                for b in &unit[..i] {
                    pairs[(*a).min(*b) * v + (*a).max(*b)] += weight;
                }
            }
        }
        let count: f64 = totals.iter().sum();
        let (mut observed, mut expected) = (0.0, 0.0);
        for a in 0..v {
            let mut between = 0.0;
            for b in a + 1..v {
                let apart = self.apart(a, b, &totals, between);
                between += totals[b];
                observed += pairs[a * v + b] * apart;
                expected += totals[a] * totals[b] * apart;
            }
        }
        match expected > 0.0 {
            true => Ok(1.0 - (count - 1.0) * observed / expected),
            false => Err(Undefined::NoVariation),
        }
    }

    /// The squared distance of two values, the first smaller; `between` counts the values between them.
    fn apart(&self, a: usize, b: usize, totals: &[f64], between: f64) -> f64 {
        let (low, high) = (self.values[a], self.values[b]);
        let distance = match self.metric {
            Metric::Nominal => 1.0,
            Metric::Ordinal => between + (totals[a] + totals[b]) / 2.0,
            Metric::Interval => high - low,
            Metric::Ratio => (high - low) / (high + low),
        };
        distance * distance
    }
}
