//! Thresholds that let some criteria fall short: "k of n criteria at least t" (Eurostars: 4.3 of 6 in two of three).

pub use entity::types::judging::KOfN;

/// How far a proposal is from the rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    pub passes: bool,
    /// Places of the criteria that reach the threshold.
    pub reached: Vec<usize>,
    /// Places of those that do not; a criterion without points reaches nothing.
    pub short: Vec<usize>,
}

/// Applies the rule to the points that count, by criterion. A mean is compared by its sum, so no rounding can lift it.
pub fn k_of_n(rule: KOfN, points: &[Vec<i64>]) -> Reached {
    let reaches = |criterion: &usize| reaches(&points[*criterion], i64::from(rule.least.as_hundredths()));
    let (reached, short): (Vec<usize>, Vec<usize>) = (0..points.len()).partition(reaches);
    Reached { passes: reached.len() >= rule.criteria as usize, reached, short }
}

/// Whether the mean of points is at least so much.
pub fn reaches(points: &[i64], least: i64) -> bool {
    let count = i64::try_from(points.len()).unwrap_or(i64::MAX);
    count > 0 && points.iter().sum::<i64>() >= least.saturating_mul(count)
}
