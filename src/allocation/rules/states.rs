//! How a scenario moves.

use entity::types::states::ScenarioState;

/// What moves a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// Its settings are changed.
    Change,
    /// Its optimum is searched in the background.
    Order,
    /// It is computed.
    Find,
    /// The search is given up, or failed.
    Cancel,
    /// It is signed and decides who is funded.
    Adopt,
    /// It is no longer looked at.
    SetAside,
}

impl Step {
    pub const ALL: [Self; 6] = [Self::Change, Self::Order, Self::Find, Self::Cancel, Self::Adopt, Self::SetAside];
}

/// The scenario is not where this step starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("This is not possible while the scenario is in the state “{}”.", .from.label())]
pub struct IllegalStep {
    pub from: ScenarioState,
}

/// The state a step leads to.
///
/// # Errors
/// When the step does not start in this state.
pub fn next(from: ScenarioState, step: Step) -> Result<ScenarioState, IllegalStep> {
    use ScenarioState as S;
    Ok(match (from, step) {
        (S::Drafted | S::Computed, Step::Change) => S::Drafted,
        (S::Drafted | S::Computed, Step::Order) => S::Computing,
        (S::Drafted | S::Computing | S::Computed, Step::Find) => S::Computed,
        (S::Computing, Step::Cancel) => S::Drafted,
        (S::Computed, Step::Adopt) => S::Adopted,
        (S::Drafted | S::Computed, Step::SetAside) => S::SetAside,
        _ => return Err(IllegalStep { from }),
    })
}

/// Whether settings can still be changed.
pub fn is_open(state: ScenarioState) -> bool {
    next(state, Step::Change).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_adopted_or_set_aside_stays_so() {
        for from in [ScenarioState::Adopted, ScenarioState::SetAside] {
            assert!(Step::ALL.iter().all(|step| next(from, *step).is_err()));
        }
        assert_eq!(next(ScenarioState::Computed, Step::Adopt), Ok(ScenarioState::Adopted));
        assert!(next(ScenarioState::Drafted, Step::Adopt).is_err());
    }
}
