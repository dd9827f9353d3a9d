//! How a call moves from draft to archive (lifecycle.json, object "call").

use entity::types::states::CallState;
use std::fmt;

/// What moves a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CallStep {
    /// The secretariat asks the agencies to approve their annexes.
    SendToAgencies,
    /// The secretariat takes the call back to change it.
    TakeBack,
    /// Every funding agency has approved its annex; the call becomes public.
    Announce,
    /// The opening time has come.
    Open,
    /// The last agency's deadline has passed.
    Close,
    /// Eligibility is settled for all parts.
    StartEvaluation,
    /// The ranking is fixed.
    FixRanking,
    /// The decisions are released.
    Decide,
    /// All grants are closed.
    Archive,
}

impl CallStep {
    /// Every step, in the order of a call's life.
    pub const ALL: [Self; 9] = [
        Self::SendToAgencies,
        Self::TakeBack,
        Self::Announce,
        Self::Open,
        Self::Close,
        Self::StartEvaluation,
        Self::FixRanking,
        Self::Decide,
        Self::Archive,
    ];

    /// The step as people read it on a button.
    pub const fn label(self) -> &'static str {
        match self {
            Self::SendToAgencies => "Send to the agencies",
            Self::TakeBack => "Take back to draft",
            Self::Announce => "Announce",
            Self::Open => "Open",
            Self::Close => "Close",
            Self::StartEvaluation => "Start the evaluation",
            Self::FixRanking => "Fix the ranking",
            Self::Decide => "Release the decisions",
            Self::Archive => "Archive",
        }
    }
}

impl fmt::Display for CallStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

/// The call is not where this step starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("“{step}” is not possible while the call is in the state “{}”", .from.label())]
pub struct IllegalStep {
    pub from: CallState,
    pub step: CallStep,
}

/// The state a step leads to.
///
/// # Errors
/// When the step does not start in this state.
pub fn next(from: CallState, step: CallStep) -> Result<CallState, IllegalStep> {
    use CallState as S;
    use CallStep as E;
    Ok(match (from, step) {
        (S::Draft, E::SendToAgencies) => S::AgencyReview,
        (S::AgencyReview, E::TakeBack) => S::Draft,
        (S::AgencyReview, E::Announce) => S::Announced,
        (S::Announced, E::Open) => S::Open,
        (S::Open, E::Close) => S::Closed,
        (S::Closed, E::StartEvaluation) => S::Evaluating,
        (S::Evaluating, E::FixRanking) => S::Ranked,
        (S::Ranked, E::Decide) => S::Decided,
        (S::Decided, E::Archive) => S::Archived,
        _ => return Err(IllegalStep { from, step }),
    })
}

/// The steps that start in this state.
pub fn steps_from(from: CallState) -> Vec<CallStep> {
    CallStep::ALL.into_iter().filter(|step| next(from, *step).is_ok()).collect()
}

/// Whether the terms are public, so that a change needs a corrigendum (lifecycle.json, event "corrigendum").
pub fn is_public(state: CallState) -> bool {
    !matches!(state, CallState::Draft | CallState::AgencyReview)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_walks_its_whole_life_in_one_direction() {
        let mut state = CallState::Draft;
        for step in CallStep::ALL.into_iter().filter(|s| *s != CallStep::TakeBack) {
            state = next(state, step).unwrap();
        }
        assert_eq!(state, CallState::Archived);
        assert_eq!(steps_from(CallState::Archived), vec![]);
    }

    #[test]
    fn only_a_call_with_the_agencies_goes_back_to_draft() {
        for state in CallState::ALL {
            assert_eq!(next(*state, CallStep::TakeBack).is_ok(), *state == CallState::AgencyReview);
        }
        let refused = next(CallState::Open, CallStep::Announce).unwrap_err();
        assert_eq!(refused.to_string(), "“Announce” is not possible while the call is in the state “Open”");
    }
}
