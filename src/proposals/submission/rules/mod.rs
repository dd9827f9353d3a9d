//! What keeps a part from being submitted, what a submitted version is worth, and what two versions differ in.

pub mod compare;

use super::links::Chapter;
use crate::proposals::rules::Severity;
use entity::types::states::{PartState, ProposalState};

/// What the signatory confirms with the last button.
pub const STATEMENT: &str = "I am entitled to sign for the organisation. What is submitted is complete and true, the \
     companies named know that they take part, and I accept the terms of the call and of the agency's annex.";

/// One thing to do, or to know, before submitting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    pub chapter: Chapter,
    /// The chapter's title.
    pub title: String,
    pub severity: Severity,
    pub code: &'static str,
    /// A sentence for the applicant.
    pub message: String,
    /// Where in the chapter it is mended.
    pub field: String,
}

/// Whether nothing keeps the part from being submitted.
pub fn is_clear(points: &[Point]) -> bool {
    errors(points) == 0
}

/// How many things must be mended first.
pub fn errors(points: &[Point]) -> usize {
    points.iter().filter(|p| p.severity == Severity::Error).count()
}

/// Whether a letter speaks of other amounts than the part now asks for: grant and costs.
pub fn letter_outdated(said: (i64, i64), now: (i64, i64)) -> bool {
    said != now
}

/// The state of a proposal follows from its parts (domain.md 6.2).
pub fn proposal_state(parts: &[PartState]) -> ProposalState {
    let open = |state: &PartState| matches!(state, PartState::Draft | PartState::Withdrawn);
    match parts {
        parts if parts.iter().any(|state| !open(state)) => ProposalState::Submitted,
        parts if parts.contains(&PartState::Draft) || parts.is_empty() => ProposalState::Draft,
        _ => ProposalState::Withdrawn,
    }
}

/// The code people quote: proposal, country and a few letters that cannot be guessed.
pub fn receipt_code(proposal: &str, country: &str, letters: &str) -> String {
    format!("{proposal}-{country}-{letters}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proposal_is_submitted_as_long_as_one_part_is() {
        use PartState as P;
        assert_eq!(proposal_state(&[P::Draft, P::Submitted]), ProposalState::Submitted);
        assert_eq!(proposal_state(&[P::Draft, P::Withdrawn]), ProposalState::Draft);
        assert_eq!(proposal_state(&[P::Withdrawn, P::Withdrawn]), ProposalState::Withdrawn);
        assert_eq!(proposal_state(&[P::Withdrawn, P::Eligible]), ProposalState::Submitted);
    }
}
