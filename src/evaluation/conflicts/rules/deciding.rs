//! What an officer may decide about a finding, and when.

use entity::types::states::FindingState;

/// The finding stands as it should already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("This was decided already: {}.", .0.label())]
pub struct Decided(pub FindingState);

/// The state a decision leads to: a conflict or none. What was decided may be decided the other way; what is no longer
/// found may still be confirmed, because it was true when somebody judged.
///
/// # Errors
/// When it was decided that way before.
pub fn decide(from: FindingState, conflict: bool) -> Result<FindingState, Decided> {
    match (from, conflict) {
        (FindingState::Confirmed, true) | (FindingState::Dismissed, false) => Err(Decided(from)),
        (_, true) => Ok(FindingState::Confirmed),
        (_, false) => Ok(FindingState::Dismissed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_can_be_turned_but_not_repeated() {
        for &from in FindingState::ALL {
            let outcomes = [decide(from, true), decide(from, false)];
            let decided = matches!(from, FindingState::Confirmed | FindingState::Dismissed);
            assert_eq!(outcomes.iter().filter(|outcome| outcome.is_err()).count(), usize::from(decided), "{from}");
        }
        assert_eq!(decide(FindingState::Dismissed, true), Ok(FindingState::Confirmed));
    }
}
