//! Shares in basis points: intensities, weights, thresholds.

use super::{BadValue, decimal};
use sea_orm::DeriveValueType;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// A share of a whole in basis points, 0 (nothing) to 10 000 (all of it).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, DeriveValueType)]
pub struct Share(i32);

impl Share {
    pub const ZERO: Self = Self(0);
    pub const WHOLE: Self = Self(10_000);

    pub const fn percent(percent: i32) -> Self {
        Self(percent * 100)
    }

    pub const fn from_basis_points(points: i32) -> Self {
        Self(points)
    }

    pub const fn basis_points(self) -> i32 {
        self.0
    }

    /// Reads a percentage such as `50` or `12,5`.
    ///
    /// # Errors
    /// When the text is not a number between 0 and 100 with at most two decimals.
    pub fn parse(text: &str) -> Result<Self, BadValue> {
        let points = decimal::parse(text.trim().trim_end_matches('%'), 2)?;
        match i32::try_from(points) {
            Ok(points @ 0..=10_000) => Ok(Self(points)),
            _ => Err(BadValue::new("Enter a percentage between 0 and 100")),
        }
    }

    /// The percentage without the sign: `12.5`.
    pub fn number(self) -> String {
        decimal::plain(i64::from(self.0), 2)
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\u{a0}%", self.number())
    }
}

impl Serialize for Share {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.number())
    }
}

impl<'de> Deserialize<'de> for Share {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::parse(&number_text(from)?).map_err(serde::de::Error::custom)
    }
}

/// Takes a JSON string or number as the text it was written with.
///
/// # Errors
/// When the JSON value is neither.
pub fn number_text<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    match serde_json::Value::deserialize(from)? {
        serde_json::Value::String(text) => Ok(text),
        serde_json::Value::Number(number) => Ok(number.to_string()),
        _ => Err(serde::de::Error::custom("expected a number")),
    }
}
