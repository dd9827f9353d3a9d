//! When wishes are stated.

use entity::types::states::CallState;

/// Why no wish can be stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Closed {
    #[error("Wishes are stated once the call has closed.")]
    Early,
    #[error("Proposals have been given out; wishes are stated no longer.")]
    Late,
}

/// Whether wishes can be stated: after closing, when all proposals are in, and until they are given out.
///
/// # Errors
/// Why not.
pub fn open(state: CallState, deployed: bool) -> Result<(), Closed> {
    match state {
        CallState::Closed | CallState::Evaluating if !deployed => Ok(()),
        CallState::Draft | CallState::AgencyReview | CallState::Announced | CallState::Open => Err(Closed::Early),
        _ => Err(Closed::Late),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_come_after_closing_and_before_deploying() {
        assert_eq!(open(CallState::Open, false), Err(Closed::Early));
        assert_eq!(open(CallState::Closed, false), Ok(()));
        assert_eq!(open(CallState::Evaluating, false), Ok(()));
        assert_eq!(open(CallState::Evaluating, true), Err(Closed::Late));
        assert_eq!(open(CallState::Ranked, false), Err(Closed::Late));
    }
}
