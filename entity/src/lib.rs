//! Rows: one file per table, in the order of the funding pipeline, and the values they share with rules.

#![expect(clippy::disallowed_methods, reason = "sea-orm writes the nested saves of a row, which begin a transaction")]

pub mod accounts;
pub mod agreements;
pub mod allocation;
pub mod calls;
pub mod clusters;
pub mod decisions;
pub mod documents;
pub mod eligibility;
pub mod evaluation;
pub mod kernel;
pub mod lists;
pub mod notifications;
pub mod organisations;
pub mod proposals;
pub mod reporting;
pub mod types;
