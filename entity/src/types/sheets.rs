//! What somebody says of a proposal on a score sheet, as a value that is kept whole.

use super::points::Points;
use sea_orm::FromJsonQueryResult;
use serde::{Deserialize, Serialize};

/// Points and comment for one criterion or one part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// Of the criterion (`c1`) or of its part (`c1.market`).
    pub key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<Points>,
    #[serde(default)]
    pub comment: String,
    /// Why no points are given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub abstained: Option<String>,
}

/// A whole sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(deny_unknown_fields)]
pub struct SheetText {
    pub said: Vec<Said>,
    /// To the applicant, about the whole.
    #[serde(default)]
    pub comment: String,
    /// To panel and secretariat only.
    #[serde(default)]
    pub private_note: String,
}
