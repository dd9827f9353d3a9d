//! What a call file holds and how it is written.

use crate::calls::rules::{TermsFinding, check_terms};
use entity::types::{
    country::Country,
    terms::{AnnexTerms, CallTerms},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The version of the format this program writes.
pub const FORMAT: u32 = 1;

/// A whole call with the annexes of its agencies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallFile {
    /// Version of the format: 1.
    pub fairway_call: u32,
    /// What people quote: `IE-2017`.
    pub code: String,
    pub call: CallTerms,
    pub annexes: Vec<AnnexFile>,
}

/// One agency's annex in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnnexFile {
    pub agency: AgencyRef,
    pub terms: AnnexTerms,
}

/// The agency an annex belongs to, as far as a file names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgencyRef {
    /// Stays the same in every file of the agency: `lt-mita`.
    pub key: String,
    pub name: String,
    pub country: Country,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
}

impl CallFile {
    /// A file of the current format.
    pub fn new(code: String, call: CallTerms, annexes: Vec<AnnexFile>) -> Self {
        Self { fairway_call: FORMAT, code, call, annexes }
    }

    /// What [`check_terms`] finds in this file, warnings included.
    pub fn findings(&self) -> Vec<TermsFinding> {
        let annexes: Vec<_> = self.annexes.iter().map(|a| (a.agency.name.clone(), a.terms.clone())).collect();
        check_terms(&self.call, &annexes)
    }
}

/// Writes a call in the one form a file has: indented, absent values left out, a line end at the end.
pub fn write(file: &CallFile) -> String {
    let mut value = serde_json::to_value(file).unwrap_or(Value::Null);
    drop_nulls(&mut value);
    format!("{value:#}\n")
}

/// Leaves out what is absent, as files do.
pub(in crate::calls) fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}
