//! How a plan moves.

use entity::types::states::PlanState;

/// What moves a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// Settings or pairs are changed.
    Change,
    /// A run is ordered.
    Order,
    /// A run found an assignment, or a list of pairs was applied.
    Find,
    /// A run found why there is none.
    Fail,
    /// The run is given up.
    Cancel,
    /// Invitations go out; again for those that could not go out before.
    Deploy,
    /// The invitations nobody has answered are taken back.
    TakeBack,
    /// Another plan of the call was deployed.
    Supersede,
}

impl Step {
    pub const ALL: [Self; 8] = [
        Self::Change,
        Self::Order,
        Self::Find,
        Self::Fail,
        Self::Cancel,
        Self::Deploy,
        Self::TakeBack,
        Self::Supersede,
    ];
}

/// The plan is not where this step starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("This is not possible while the plan is in the state “{}”.", .from.label())]
pub struct IllegalStep {
    pub from: PlanState,
}

/// The state a step leads to.
///
/// # Errors
/// When the step does not start in this state.
pub fn next(from: PlanState, step: Step) -> Result<PlanState, IllegalStep> {
    use PlanState as S;
    Ok(match (from, step) {
        // What was computed holds no longer for other settings; pairs stay as the draft to begin from.
        (S::Drafted | S::Ready | S::Failed, Step::Change) => S::Drafted,
        (S::Drafted | S::Ready | S::Failed, Step::Order) => S::Computing,
        (S::Computing | S::Drafted | S::Ready | S::Failed, Step::Find) => S::Ready,
        (S::Computing, Step::Fail) => S::Failed,
        (S::Computing, Step::Cancel) => S::Drafted,
        (S::Ready | S::Deployed, Step::Deploy) => S::Deployed,
        (S::Deployed, Step::TakeBack) => S::Ready,
        (S::Drafted | S::Computing | S::Ready | S::Failed, Step::Supersede) => S::Superseded,
        _ => return Err(IllegalStep { from }),
    })
}

/// Whether pairs and settings can still be changed.
pub fn is_open(state: PlanState) -> bool {
    next(state, Step::Change).is_ok()
}
