//! The next step of a call for one kind of staff (lifecycle.json, object "call").

use entity::types::states::CallState;

/// What somebody is to a call; the first that fits counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hat {
    Secretariat,
    Agency,
    Chair,
    Reporting,
    Auditor,
}

/// What is counted of a call, narrowed to the agencies of those who work for one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub annexes: i64,
    pub annexes_approved: i64,
    pub parts_drafted: i64,
    /// Handed in and not yet checked.
    pub parts_unchecked: i64,
    /// Everything that was handed in and not withdrawn.
    pub parts_submitted: i64,
    pub parts_undecided: i64,
    pub parts_awarded: i64,
    pub reviews: i64,
    pub reviews_submitted: i64,
    pub decisions_pending: i64,
    pub reports_waiting: i64,
}

/// The one next thing to do, and the page below the call where it is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextStep {
    pub label: String,
    pub page: &'static str,
}

fn step(label: impl Into<String>, page: &'static str) -> Option<NextStep> {
    Some(NextStep { label: label.into(), page })
}

/// The next step in a call; none when it is somebody else's turn.
pub fn next_step(hat: Hat, state: CallState, counts: &Counts) -> Option<NextStep> {
    use CallState::{AgencyReview, Announced, Archived, Closed, Decided, Draft, Evaluating, Open, Ranked};
    match (hat, state) {
        (Hat::Auditor, _) | (_, Archived) => None,
        (Hat::Secretariat, Draft) => step("Finish the call", ""),
        (Hat::Secretariat, AgencyReview) if counts.annexes_approved < counts.annexes => None,
        (Hat::Secretariat, AgencyReview) => step("Publish the call", ""),
        (Hat::Secretariat, Announced | Open) => step("See how the call goes", "/figures"),
        (Hat::Secretariat, Closed) if counts.parts_unchecked > 0 => {
            step("Follow the eligibility checks", "/eligibility")
        }
        (Hat::Secretariat, Closed) => step("Assign evaluators", "/evaluation"),
        (Hat::Secretariat, Evaluating) if counts.reviews_submitted < counts.reviews => {
            step("Follow the evaluation", "/evaluation")
        }
        (Hat::Secretariat, Evaluating) => step("Draw the ranking", "/ranking"),
        (Hat::Secretariat, Ranked) if counts.parts_undecided > 0 => step("Follow the decisions", "/decisions"),
        (Hat::Secretariat, Ranked) => step("Release the decisions", "/decisions/preview"),
        (Hat::Secretariat, Decided) => step("See agreements and reports", "/reports"),
        (Hat::Agency, AgencyReview) if counts.annexes_approved < counts.annexes => {
            step("Check and approve your annex", "/annexes")
        }
        (Hat::Agency, Open | Closed) if counts.parts_unchecked > 0 => {
            step(format!("Check {}", parts(counts.parts_unchecked)), "/eligibility")
        }
        (Hat::Agency, Ranked) if counts.parts_undecided > 0 => {
            step(format!("Decide on {}", parts(counts.parts_undecided)), "/decisions")
        }
        (Hat::Agency | Hat::Reporting, Decided) if counts.reports_waiting > 0 => {
            let noun = if counts.reports_waiting == 1 { "report" } else { "reports" };
            step(format!("Check {} {noun}", counts.reports_waiting), "/reports")
        }
        (Hat::Agency, Decided) if counts.parts_awarded > 0 => step("See agreements", "/agreements"),
        (Hat::Chair, Evaluating | Ranked) => step("See the ranking", "/ranking"),
        (Hat::Agency | Hat::Chair | Hat::Reporting, _) => None,
    }
}

fn parts(count: i64) -> String {
    if count == 1 { "1 part".to_owned() } else { format!("{count} parts") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_sees_their_own_next_step() {
        let counts =
            Counts { annexes: 8, annexes_approved: 7, parts_unchecked: 1, parts_undecided: 3, ..Counts::default() };
        let said = |hat, state| next_step(hat, state, &counts).map(|next| next.label);

        assert_eq!(said(Hat::Secretariat, CallState::AgencyReview), None);
        assert_eq!(said(Hat::Agency, CallState::AgencyReview).as_deref(), Some("Check and approve your annex"));
        assert_eq!(said(Hat::Agency, CallState::Closed).as_deref(), Some("Check 1 part"));
        assert_eq!(said(Hat::Agency, CallState::Ranked).as_deref(), Some("Decide on 3 parts"));
        assert_eq!(said(Hat::Secretariat, CallState::Ranked).as_deref(), Some("Follow the decisions"));
        assert_eq!(said(Hat::Auditor, CallState::Ranked), None);
    }

    #[test]
    fn the_secretariat_has_a_way_on_in_every_running_phase() {
        let done = Counts { annexes: 2, annexes_approved: 2, reviews: 3, reviews_submitted: 3, ..Counts::default() };
        for &state in CallState::ALL.iter().filter(|state| **state != CallState::Archived) {
            assert!(next_step(Hat::Secretariat, state, &done).is_some(), "{state}");
        }
    }
}
