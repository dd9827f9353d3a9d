//! Exact points: fractions of hundredths, what a sheet gives for a criterion, and its weighted total.

use entity::types::{
    points::Points,
    share::Share,
    terms::{CallTerms, Criterion},
};
use std::{cmp::Ordering, collections::BTreeMap};

/// Points by key: of a criterion (`c1`), or of a part of one (`c1.market`).
pub type Given = BTreeMap<String, Points>;

/// What a sheet gives for a criterion: its own points, else the mean of its parts that have points (domain.md 2.1,
/// Eurostars). A part somebody abstained from counts for nothing.
pub fn for_criterion(criterion: &Criterion, sheet: &Given) -> Option<Fraction> {
    if let Some(points) = sheet.get(&criterion.key) {
        return Some(Fraction::whole(points.as_hundredths()));
    }
    let part = |key: &str| sheet.get(&format!("{}.{key}", criterion.key)).map(|points| points.as_hundredths());
    Fraction::mean(&criterion.sub_criteria.iter().filter_map(|one| part(&one.key)).collect::<Vec<_>>())
}

/// The weighted total of a sheet; none while a criterion has no points, because totals over fewer criteria do not
/// compare.
pub fn total(terms: &CallTerms, sheet: &Given) -> Option<Fraction> {
    let weighted = terms.criteria.iter().map(|criterion| {
        let points = for_criterion(criterion, sheet)?;
        Some(points.weighed(criterion.weight))
    });
    weighted.collect::<Option<Vec<_>>>().map(|all| all.into_iter().fold(Fraction::ZERO, Fraction::plus))
}

/// Into how many parts a hundredth must be cut for all of these to be whole numbers of parts.
pub fn common(points: &[Fraction]) -> i64 {
    let parts = points.iter().fold(1, |all, one| all / gcd(all, one.den) * one.den);
    i64::try_from(parts).unwrap_or(1)
}

/// A number of hundredths as a reduced fraction; small enough that products of two never overflow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fraction {
    num: i128,
    /// Always above zero.
    den: i128,
}

impl Fraction {
    pub const ZERO: Self = Self { num: 0, den: 1 };

    /// A whole number of hundredths.
    pub const fn whole(hundredths: i32) -> Self {
        Self { num: hundredths as i128, den: 1 }
    }

    /// The mean of points in hundredths; none of nothing.
    pub fn mean(points: &[i32]) -> Option<Self> {
        let n = i128::try_from(points.len()).ok().filter(|n| *n > 0)?;
        Some(Self::reduced(points.iter().map(|p| i128::from(*p)).sum(), n))
    }

    /// Times a criterion's weight.
    pub fn weighed(self, weight: Share) -> Self {
        self.times(i128::from(weight.basis_points()), 10_000)
    }

    /// Into how many parts a hundredth must be cut for this number to be whole.
    pub fn parts(self) -> i64 {
        i64::try_from(self.den).unwrap_or(1)
    }

    /// How many parts of a hundredth this is, when a hundredth is cut into a multiple of [`parts`](Self::parts).
    pub fn counted(self, parts: i64) -> i64 {
        i64::try_from(self.num * i128::from(parts) / self.den).unwrap_or(i64::MAX)
    }

    /// In points, for models and pictures.
    pub fn approximate(self) -> f64 {
        self.num as f64 / self.den as f64 / 100.0
    }

    pub fn plus(self, other: Self) -> Self {
        Self::reduced(self.num * other.den + other.num * self.den, self.den * other.den)
    }

    pub fn minus(self, other: Self) -> Self {
        Self::reduced(self.num * other.den - other.num * self.den, self.den * other.den)
    }

    /// This number times a ratio of two small numbers.
    pub fn times(self, num: i128, den: i128) -> Self {
        Self::reduced(self.num * num, self.den * den)
    }

    /// Rounded half up to whole hundredths.
    pub fn hundredths(self) -> i32 {
        let rounded = (self.num * 2 + self.den).div_euclid(self.den * 2);
        i32::try_from(rounded).unwrap_or(i32::MAX)
    }

    /// In points with two decimals: `3.85`.
    pub fn text(self) -> String {
        entity::types::decimal::fixed(i64::from(self.hundredths()), 2)
    }

    fn reduced(num: i128, den: i128) -> Self {
        let shared = gcd(num.abs(), den.abs()).max(1);
        let sign = if den < 0 { -1 } else { 1 };
        Self { num: sign * num / shared, den: sign * den / shared }
    }
}

impl Ord for Fraction {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.num * other.den).cmp(&(other.num * self.den))
    }
}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirds_stay_thirds_and_round_half_up() {
        let third = Fraction::mean(&[300, 350, 350]).unwrap();
        assert_eq!(third.text(), "3.33");
        assert_eq!(third.times(3, 1), Fraction::whole(1000));
        assert_eq!(Fraction::mean(&[100, 101]).unwrap().hundredths(), 101);
        assert_eq!(Fraction::mean(&[]), None);
        assert!(Fraction::mean(&[300, 350, 350]) > Fraction::mean(&[333]));
    }
}
