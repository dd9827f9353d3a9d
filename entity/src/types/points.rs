//! Points of an evaluation, in hundredths, and the scale they are given on.

use super::{BadValue, decimal, share::number_text};
use sea_orm::DeriveValueType;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// Points in hundredths: 3.5 points are 350. "Not scored" is an absent row, never a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, DeriveValueType)]
pub struct Points(i32);

impl Points {
    pub const fn hundredths(value: i32) -> Self {
        Self(value)
    }

    pub const fn whole(value: i32) -> Self {
        Self(value * 100)
    }

    pub const fn as_hundredths(self) -> i32 {
        self.0
    }

    /// # Errors
    /// When the text is not a number with at most two decimals.
    pub fn parse(text: &str) -> Result<Self, BadValue> {
        let value = decimal::parse(text.trim(), 2)?;
        i32::try_from(value).map(Self).map_err(|_| BadValue::new("The number of points is too large"))
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&decimal::plain(i64::from(self.0), 2))
    }
}

impl Serialize for Points {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Points {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::parse(&number_text(from)?).map_err(serde::de::Error::custom)
    }
}

/// The points that may be given: from `min` to `max` in steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scale {
    pub min: Points,
    pub max: Points,
    pub step: Points,
}

impl Scale {
    /// Every value on the scale, lowest first.
    pub fn values(self) -> Vec<Points> {
        let step = self.step.0.max(1);
        (self.min.0..=self.max.0).step_by(usize::try_from(step).unwrap_or(1)).map(Points).collect()
    }

    /// Reads points typed by an evaluator.
    ///
    /// # Errors
    /// When the text is no number or the number is not on the scale.
    pub fn parse(self, text: &str) -> Result<Points, BadValue> {
        let points = Points::parse(text)?;
        if self.holds(points) {
            Ok(points)
        } else {
            Err(BadValue::new(format!("Choose between {} and {} in steps of {}", self.min, self.max, self.step)))
        }
    }

    pub fn holds(self, points: Points) -> bool {
        points >= self.min && points <= self.max && (points.0 - self.min.0) % self.step.0.max(1) == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_on_the_scale_is_points() {
        let scale = Scale { min: Points::whole(0), max: Points::whole(5), step: Points::hundredths(50) };
        assert_eq!(scale.parse("3,5"), Ok(Points::hundredths(350)));
        assert_eq!(scale.values().len(), 11);
        for text in ["3.25", "5.5", "-0.5", "x", ""] {
            assert!(scale.parse(text).is_err(), "{text}");
        }
    }
}
