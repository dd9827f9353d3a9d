//! Countries by ISO 3166-1 alpha-2 code.

use super::BadValue;
use sea_orm::{
    ColIdx, DbErr, QueryResult, TryGetError, TryGetable, Value,
    sea_query::{ArrayType, ColumnType, Nullable, StringLen, ValueType, ValueTypeErr},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// A country, known to ISO 3166-1, by its two-letter code.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Country([u8; 2]);

impl Country {
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("??")
    }

    /// The English short name.
    pub fn name(&self) -> &'static str {
        rust_iso3166::from_alpha2(self.code()).map_or("Unknown", |c| c.name)
    }

    /// All countries, by English name.
    pub fn all() -> Vec<Self> {
        let mut all: Vec<_> = rust_iso3166::ALL.iter().filter_map(|c| c.alpha2.parse::<Self>().ok()).collect();
        all.sort_by_key(Self::name);
        all
    }

    /// A Nordic country in the sense of the Nordic Council of Ministers.
    pub fn is_nordic(&self) -> bool {
        matches!(self.code(), "DK" | "FI" | "IS" | "NO" | "SE" | "FO" | "GL" | "AX")
    }
}

impl FromStr for Country {
    type Err = BadValue;
    fn from_str(text: &str) -> Result<Self, BadValue> {
        let code = text.trim().to_ascii_uppercase();
        match (rust_iso3166::from_alpha2(&code), code.as_bytes()) {
            (Some(_), &[a, b]) => Ok(Self([a, b])),
            _ => Err(BadValue::new("Choose a country from the list")),
        }
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Country {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

impl From<Country> for Value {
    fn from(country: Country) -> Self {
        country.code().to_owned().into()
    }
}

impl TryGetable for Country {
    fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
        let text = String::try_get_by(row, index)?;
        text.parse().map_err(|e: BadValue| TryGetError::DbErr(DbErr::Type(e.to_string())))
    }
}

impl ValueType for Country {
    fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
        <String as ValueType>::try_from(value)?.parse().map_err(|_| ValueTypeErr)
    }
    fn type_name() -> String {
        "Country".to_owned()
    }
    fn array_type() -> ArrayType {
        ArrayType::String
    }
    fn column_type() -> ColumnType {
        ColumnType::String(StringLen::N(2))
    }
}

impl Nullable for Country {
    fn null() -> Value {
        String::null()
    }
}

impl sea_orm::IntoActiveValue<Country> for Country {
    fn into_active_value(self) -> sea_orm::ActiveValue<Country> {
        sea_orm::ActiveValue::Set(self)
    }
}
