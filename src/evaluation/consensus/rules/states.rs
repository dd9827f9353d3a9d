//! How the case of a proposal moves (lifecycle.json, object "review", from third_review on; domain.md 2.2: all sign, or
//! disagreement notes go to the panel).

use entity::types::states::{ConsensusState, VoiceState};

/// Most reminders of one draft: before the date, and after it.
pub const MOST_REMINDERS: i32 = 2;

/// What moves a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// The rule asks for a further review.
    AskThird,
    /// The rule or an officer asks the evaluators to agree.
    Open,
    /// The sheets are no longer apart.
    Settle,
    /// The rapporteur puts the draft to the reviewers.
    Send,
    /// The draft is changed, which takes signatures back.
    Revise,
    /// An officer decides that nothing needs to be agreed on.
    Waive,
    /// An officer gives a disputed draft back to its rapporteur.
    SendBack,
    /// It goes to the panel, with the disagreement notes.
    Escalate,
    /// What was closed is taken up again.
    Reopen,
}

impl Step {
    pub const ALL: [Self; 9] = [
        Self::AskThird,
        Self::Open,
        Self::Settle,
        Self::Send,
        Self::Revise,
        Self::Waive,
        Self::SendBack,
        Self::Escalate,
        Self::Reopen,
    ];
}

/// The case is not where this step starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("This is not possible while the consensus is in the state “{}”.", .from.label())]
pub struct IllegalStep {
    pub from: ConsensusState,
    pub step: Step,
}

/// The state a step leads to.
///
/// # Errors
/// When the step does not start in this state.
pub fn next(from: ConsensusState, step: Step) -> Result<ConsensusState, IllegalStep> {
    use ConsensusState as S;
    Ok(match (from, step) {
        (S::Settled, Step::AskThird) => S::ThirdReview,
        (S::ThirdReview | S::Settled | S::Waived, Step::Open) => S::Writing,
        (S::ThirdReview, Step::Settle) => S::Settled,
        (S::Writing, Step::Send) => S::Signing,
        (S::Writing | S::Signing | S::Disputed, Step::Revise) => S::Writing,
        (S::ThirdReview | S::Writing | S::Signing | S::Disputed, Step::Waive) => S::Waived,
        (S::Disputed, Step::SendBack) => S::Writing,
        (S::Writing | S::Signing | S::Disputed, Step::Escalate) => S::ToPanel,
        (S::Agreed | S::ToPanel, Step::Reopen) => S::Writing,
        (from, step) => return Err(IllegalStep { from, step }),
    })
}

/// Where a draft stands after its reviewers' answers; those who left do not count, and nobody alone agrees.
pub fn answered(voices: &[VoiceState]) -> ConsensusState {
    let mut counting = voices.iter().filter(|voice| **voice != VoiceState::Left).peekable();
    if counting.peek().is_none() {
        return ConsensusState::Signing;
    }
    let all: Vec<VoiceState> = counting.copied().collect();
    if all.contains(&VoiceState::Disagrees) {
        ConsensusState::Disputed
    } else if all.iter().all(|voice| *voice == VoiceState::Signed) {
        ConsensusState::Agreed
    } else {
        ConsensusState::Signing
    }
}

/// Whether evaluators still work on it, so that no ranking can be fixed.
pub fn is_open(state: ConsensusState) -> bool {
    use ConsensusState as S;
    matches!(state, S::ThirdReview | S::Writing | S::Signing | S::Disputed)
}

/// Whether reviewers see the case: a third review is the officers' business.
pub fn shown_to_reviewers(state: ConsensusState) -> bool {
    use ConsensusState as S;
    matches!(state, S::Writing | S::Signing | S::Disputed | S::Agreed | S::ToPanel)
}

/// The reviewer who drafts when nobody was named: whose total is nearest the mean, the first of several.
/// Totals are hundredths times basis points; `count · total` is compared with the sum, so nothing is rounded.
pub fn rapporteur(totals: &[(usize, i64)]) -> Option<usize> {
    let count = i64::try_from(totals.len()).ok()?;
    let sum: i64 = totals.iter().map(|(_, total)| total).sum();
    totals.iter().min_by_key(|(_, total)| (count * total - sum).abs()).map(|(who, _)| *who)
}

#[cfg(test)]
mod tests {
    use super::*;
    use VoiceState::{Disagrees, Left, Open, Signed};

    #[test]
    fn the_arrows_of_a_case() {
        let mut table = String::new();
        for &from in ConsensusState::ALL {
            for step in Step::ALL {
                if let Ok(to) = next(from, step) {
                    table.push_str(&format!("{from} --{step:?}--> {to}\n"));
                }
            }
        }
        insta::assert_snapshot!(table, @r"
        third_review --Open--> writing
        third_review --Settle--> settled
        third_review --Waive--> waived
        writing --Send--> signing
        writing --Revise--> writing
        writing --Waive--> waived
        writing --Escalate--> to_panel
        signing --Revise--> writing
        signing --Waive--> waived
        signing --Escalate--> to_panel
        disputed --Revise--> writing
        disputed --Waive--> waived
        disputed --SendBack--> writing
        disputed --Escalate--> to_panel
        agreed --Reopen--> writing
        to_panel --Reopen--> writing
        waived --Open--> writing
        settled --AskThird--> third_review
        settled --Open--> writing
        ");
    }

    #[test]
    fn all_sign_or_somebody_disagrees() {
        assert_eq!(answered(&[Signed, Open]), ConsensusState::Signing);
        assert_eq!(answered(&[Signed, Signed, Left]), ConsensusState::Agreed);
        assert_eq!(answered(&[Signed, Disagrees, Open]), ConsensusState::Disputed);
        assert_eq!(answered(&[Left]), ConsensusState::Signing);
    }

    #[test]
    fn the_reviewer_nearest_the_mean_drafts() {
        assert_eq!(rapporteur(&[(4, 200), (7, 340), (9, 500)]), Some(7));
        assert_eq!(rapporteur(&[(4, 200), (7, 400)]), Some(4));
        assert_eq!(rapporteur(&[]), None);
    }
}
