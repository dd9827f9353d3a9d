//! Exact fractions of hundredths of points.

use std::cmp::Ordering;

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
