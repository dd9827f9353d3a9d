//! What must be true of a part and of a consortium, whoever types it in.
//!
//! Each check returns findings with the place they belong to, so that the form shows them beside its fields and
//! the check before submission lists them all.

pub mod activities;
pub mod budget;
pub mod consortium;
pub mod label;
pub mod letters;
pub mod smes;
pub mod states;

pub use crate::calls::rules::Severity;
pub use activities::check_activities;
pub use budget::{BudgetSums, CostLine, FundingLine, IN_KIND, check_budget, sums};
pub use consortium::{PartFacts, check_consortium, check_deadline};
pub use label::check_label;
pub use letters::{LetterFacts, LetterFrom, Wanted, check_letters, without_letter};
pub use smes::{SmeFacts, check_commitments, check_smes};
pub use states::{IllegalPartStep, PartStep, next};

/// One thing that is wrong or odd in a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub severity: Severity,
    /// Stays the same in every language: `grant.ceiling`.
    pub code: &'static str,
    /// A sentence for the applicant.
    pub message: String,
    /// The field or the key of the line it belongs to.
    pub field: String,
}

impl Finding {
    fn error(code: &'static str, field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Error, code, message: message.into(), field: field.into() }
    }

    fn warning(code: &'static str, field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, code, message: message.into(), field: field.into() }
    }
}

/// Whether nothing among the findings keeps the part from being submitted.
pub fn is_clean(findings: &[Finding]) -> bool {
    findings.iter().all(|f| f.severity != Severity::Error)
}

#[cfg(test)]
mod fixtures;
