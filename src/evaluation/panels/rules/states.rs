//! How a meeting and the proposals on its agenda move (domain.md 2.2: a panel discusses, decides, and signs minutes).

use entity::types::states::{PanelItemState, PanelState};

/// What moves a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    Open,
    Pause,
    Resume,
    Close,
    /// Taken up again before anything is signed.
    Reopen,
    Sign,
}

impl Step {
    pub const ALL: [Self; 6] = [Self::Open, Self::Pause, Self::Resume, Self::Close, Self::Reopen, Self::Sign];

    /// The word of forms and the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Close => "close",
            Self::Reopen => "reopen",
            Self::Sign => "sign",
        }
    }
}

/// The meeting is not where this step starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("This is not possible while the meeting is in the state “{}”.", .0.label())]
pub struct IllegalStep(pub PanelState);

/// The state a step leads to.
///
/// # Errors
/// When the step does not start in this state.
pub fn next(from: PanelState, step: Step) -> Result<PanelState, IllegalStep> {
    use PanelState as S;
    Ok(match (from, step) {
        (S::Planned, Step::Open) | (S::Paused, Step::Resume) | (S::Closed, Step::Reopen) => S::Open,
        (S::Open, Step::Pause) => S::Paused,
        (S::Open | S::Paused, Step::Close) => S::Closed,
        (S::Closed | S::Signed, Step::Sign) => S::Signed,
        (from, _) => return Err(IllegalStep(from)),
    })
}

/// Whether members come and go, and the agenda can still change.
pub fn is_running(state: PanelState) -> bool {
    matches!(state, PanelState::Planned | PanelState::Open | PanelState::Paused)
}

/// What moves a proposal on the agenda.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ItemStep {
    /// Called up; also again, after it was deferred or decided.
    Begin,
    Decide,
    Defer,
}

/// The proposal is not where this step starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("This is not possible for a proposal in the state “{}”.", .0.label())]
pub struct IllegalItemStep(pub PanelItemState);

/// The state a step leads to.
///
/// # Errors
/// When the step does not start in this state.
pub fn next_item(from: PanelItemState, step: ItemStep) -> Result<PanelItemState, IllegalItemStep> {
    use PanelItemState as S;
    Ok(match (from, step) {
        (S::Waiting | S::Deferred | S::Decided, ItemStep::Begin) => S::Discussed,
        (S::Discussed, ItemStep::Decide) => S::Decided,
        (S::Discussed, ItemStep::Defer) => S::Deferred,
        (from, _) => return Err(IllegalItemStep(from)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use PanelItemState as I;
    use PanelState::{Closed, Open, Paused, Planned, Signed};

    #[test]
    fn the_arrows_of_a_meeting() {
        let arrows: Vec<(PanelState, Step, PanelState)> = PanelState::ALL
            .iter()
            .flat_map(|from| Step::ALL.iter().filter_map(|step| Some((*from, *step, next(*from, *step).ok()?))))
            .collect();
        assert_eq!(
            arrows,
            [
                (Planned, Step::Open, Open),
                (Open, Step::Pause, Paused),
                (Open, Step::Close, Closed),
                (Paused, Step::Resume, Open),
                (Paused, Step::Close, Closed),
                (Closed, Step::Reopen, Open),
                (Closed, Step::Sign, Signed),
                (Signed, Step::Sign, Signed),
            ]
        );
    }

    #[test]
    fn only_what_is_discussed_is_decided_or_deferred() {
        assert_eq!(next_item(I::Waiting, ItemStep::Begin), Ok(I::Discussed));
        assert_eq!(next_item(I::Decided, ItemStep::Begin), Ok(I::Discussed));
        assert_eq!(next_item(I::Discussed, ItemStep::Decide), Ok(I::Decided));
        assert_eq!(next_item(I::Waiting, ItemStep::Decide), Err(IllegalItemStep(I::Waiting)));
        assert_eq!(next_item(I::Discussed, ItemStep::Begin), Err(IllegalItemStep(I::Discussed)));
        assert_eq!(next_item(I::Decided, ItemStep::Defer), Err(IllegalItemStep(I::Decided)));
    }
}
