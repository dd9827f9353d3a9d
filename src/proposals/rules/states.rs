//! How a part moves from draft to its end (lifecycle.json, object "part", as far as its states exist here).

use entity::types::states::PartState;
use std::fmt;

/// What moves a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PartStep {
    /// The cluster hands the part in before its agency's deadline.
    Submit,
    /// The cluster takes it back to change it, before the deadline.
    Reopen,
    /// The cluster gives it up, before the decision.
    Withdraw,
    /// A second officer has confirmed that it is eligible.
    DeclareEligible,
    /// A second officer has confirmed that it is not.
    DeclareIneligible,
    /// The ranking is fixed and the proposal is above the thresholds.
    Recommend,
    /// The ranking is fixed and the proposal is below a threshold.
    NotRecommend,
    /// The agency funds it, from the ranking or from the reserve list.
    Award,
    /// The agency's money is spent, or a needed partner's is.
    Reserve,
    /// It is not funded.
    Reject,
    /// The agreement is signed.
    Contract,
    /// The cluster declines the grant before its agreement has dates (lifecycle.json: decline).
    Decline,
    /// The final report is accepted.
    Close,
}

impl PartStep {
    /// Every step, in the order of a part's life.
    pub const ALL: [Self; 13] = [
        Self::Submit,
        Self::Reopen,
        Self::Withdraw,
        Self::DeclareEligible,
        Self::DeclareIneligible,
        Self::Recommend,
        Self::NotRecommend,
        Self::Award,
        Self::Reserve,
        Self::Reject,
        Self::Contract,
        Self::Decline,
        Self::Close,
    ];

    /// The step as people read it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Submit => "Submit",
            Self::Reopen => "Reopen",
            Self::Withdraw => "Withdraw",
            Self::DeclareEligible => "Declare eligible",
            Self::DeclareIneligible => "Declare not eligible",
            Self::Recommend => "Place above the thresholds",
            Self::NotRecommend => "Place below a threshold",
            Self::Award => "Fund",
            Self::Reserve => "Put on the reserve list",
            Self::Reject => "Do not fund",
            Self::Contract => "Start",
            Self::Decline => "Decline the grant",
            Self::Close => "Close",
        }
    }
}

impl fmt::Display for PartStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

/// The part is not where this step starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("“{step}” is not possible while the part is in the state “{}”", .from.label())]
pub struct IllegalPartStep {
    pub from: PartState,
    pub step: PartStep,
}

/// The state a step leads to; deadlines and permissions are asked elsewhere.
///
/// # Errors
/// When the step does not start in this state.
pub fn next(from: PartState, step: PartStep) -> Result<PartState, IllegalPartStep> {
    use PartState as S;
    use PartStep as E;
    Ok(match (from, step) {
        (S::Draft, E::Submit) => S::Submitted,
        (S::Submitted, E::Reopen) => S::Draft,
        // "Before decision": every state until one is released.
        (S::Submitted | S::Eligible | S::Recommended | S::NotRecommended, E::Withdraw) => S::Withdrawn,
        (S::Submitted, E::DeclareEligible) => S::Eligible,
        (S::Submitted, E::DeclareIneligible) => S::Ineligible,
        // Until decisions are released, a new version of the ranking may turn it round.
        (S::Eligible | S::NotRecommended, E::Recommend) => S::Recommended,
        (S::Eligible | S::Recommended, E::NotRecommend) => S::NotRecommended,
        (S::Recommended | S::Reserve, E::Award) => S::Awarded,
        (S::Recommended, E::Reserve) => S::Reserve,
        (S::Recommended | S::NotRecommended | S::Reserve, E::Reject) => S::Rejected,
        (S::Awarded, E::Contract) => S::Contracted,
        (S::Awarded, E::Decline) => S::Withdrawn,
        (S::Contracted, E::Close) => S::Closed,
        _ => return Err(IllegalPartStep { from, step }),
    })
}

/// The steps that start in this state.
pub fn steps_from(from: PartState) -> Vec<PartStep> {
    PartStep::ALL.into_iter().filter(|step| next(from, *step).is_ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_funded_part_walks_to_its_end() {
        let walk = [
            PartStep::Submit,
            PartStep::Reopen,
            PartStep::Submit,
            PartStep::DeclareEligible,
            PartStep::Recommend,
            PartStep::Reserve,
            PartStep::Award,
            PartStep::Contract,
            PartStep::Close,
        ];
        let end = walk.into_iter().try_fold(PartState::Draft, next);
        assert_eq!(end, Ok(PartState::Closed));
    }

    #[test]
    fn ends_are_ends() {
        for end in [PartState::Withdrawn, PartState::Ineligible, PartState::Rejected, PartState::Closed] {
            assert_eq!(steps_from(end), vec![], "{end}");
        }
    }

    #[test]
    fn nothing_is_funded_without_having_been_judged() {
        for state in PartState::ALL {
            let may = matches!(state, PartState::Recommended | PartState::Reserve);
            assert_eq!(next(*state, PartStep::Award).is_ok(), may, "{state}");
        }
        let refused = next(PartState::Draft, PartStep::Award).unwrap_err();
        assert_eq!(refused.to_string(), "“Fund” is not possible while the part is in the state “Draft”");
    }
}
