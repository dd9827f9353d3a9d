//! Divergence, outliers and "k of n" in exact arithmetic.
//!
//! Points are hundredths; weights are basis points, so a weighted total is a whole number of millionths of a point.

pub mod divergence;
pub mod outliers;
pub mod states;
pub mod thresholds;

/// One evaluator's points by criterion, in hundredths; none where a criterion has no points yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The caller's number of the evaluator.
    pub evaluator: usize,
    pub points: Vec<Option<i64>>,
}

impl Sheet {
    /// The weighted total in hundredths times basis points; none unless every criterion has points.
    pub fn total(&self, weights: &[i64]) -> Option<i64> {
        if self.points.len() != weights.len() {
            return None;
        }
        self.points.iter().zip(weights).map(|(points, weight)| points.map(|points| points * weight)).sum()
    }
}

/// Basis points in a whole.
pub const WHOLE: i64 = 10_000;

#[cfg(test)]
mod tests;
