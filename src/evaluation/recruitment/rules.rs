//! How an invitation to a call moves, and when somebody who is silent is reminded.

use chrono::{DateTime, TimeDelta, Utc};
use entity::types::states::RecruitmentState;

/// What moves somebody on the list of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The secretariat invites, for the first time or again.
    Invite,
    Accept,
    Decline,
    /// Nobody answered in time.
    Lapse,
    /// The secretariat takes the invitation or the listing back.
    Withdraw,
}

impl Step {
    pub const ALL: [Self; 5] = [Self::Invite, Self::Accept, Self::Decline, Self::Lapse, Self::Withdraw];
}

/// The invitation is not where this step starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("This is not possible while the invitation is in the state “{}”.", .from.label())]
pub struct IllegalStep {
    pub from: RecruitmentState,
}

/// The state a step leads to.
///
/// # Errors
/// When the step does not start in this state.
pub fn next(from: RecruitmentState, step: Step) -> Result<RecruitmentState, IllegalStep> {
    use RecruitmentState as S;
    Ok(match (from, step) {
        (S::Listed | S::Declined | S::Lapsed | S::Withdrawn, Step::Invite) => S::Invited,
        (S::Invited, Step::Accept) => S::Accepted,
        (S::Invited, Step::Decline) => S::Declined,
        (S::Invited, Step::Lapse) => S::Lapsed,
        (S::Listed | S::Invited | S::Accepted, Step::Withdraw) => S::Withdrawn,
        _ => return Err(IllegalStep { from }),
    })
}

/// Whether a call that has somebody in this state recruits: from then on only those who accepted are assigned.
pub fn recruits(state: RecruitmentState) -> bool {
    !matches!(state, RecruitmentState::Listed | RecruitmentState::Withdrawn)
}

/// How long somebody may be silent before the next reminder.
const PATIENCE: TimeDelta = TimeDelta::days(5);
/// Reminders before the secretariat is told.
pub const REMINDERS: i32 = 2;
/// How long an invitation holds when nothing else is said, and how long it may hold.
pub const HOLDS: TimeDelta = TimeDelta::days(21);
pub const LONGEST: TimeDelta = TimeDelta::days(120);

/// An invitation that waits for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    pub invited_at: DateTime<Utc>,
    pub lapses_at: DateTime<Utc>,
    pub reminders: i32,
    pub reminded_at: Option<DateTime<Utc>>,
    pub escalated: bool,
}

/// What is due with an invitation that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    Remind,
    /// The secretariat is told that two reminders did not help.
    Escalate,
    Lapse,
}

/// What is due now, if anything.
pub fn due(waiting: &Waiting, now: DateTime<Utc>) -> Option<Due> {
    if now >= waiting.lapses_at {
        return Some(Due::Lapse);
    }
    let silent = now - waiting.reminded_at.unwrap_or(waiting.invited_at) >= PATIENCE;
    match (silent, waiting.reminders < REMINDERS, waiting.escalated) {
        (true, true, _) => Some(Due::Remind),
        (true, false, false) => Some(Due::Escalate),
        _ => None,
    }
}

/// Why people decline: key and sentence.
pub const DECLINES: &[(&str, &str)] = &[
    ("time", "I have no time in this period"),
    ("expertise", "The call is outside my field"),
    ("interest", "I or my employer take part in the call"),
    ("other", "Another reason"),
];

/// The sentence of a reason to decline.
pub fn decline(key: &str) -> Option<&'static str> {
    DECLINES.iter().find(|(known, _)| *known == key).map(|(_, sentence)| *sentence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use RecruitmentState as S;

    #[test]
    fn an_answer_is_given_once_and_an_invitation_can_be_sent_again() {
        assert_eq!(next(S::Listed, Step::Invite).and_then(|s| next(s, Step::Accept)), Ok(S::Accepted));
        for over in [S::Declined, S::Lapsed, S::Withdrawn] {
            assert_eq!(next(over, Step::Invite), Ok(S::Invited));
            assert!(Step::ALL.into_iter().skip(1).all(|step| next(over, step).is_err()));
        }
        assert!(next(S::Accepted, Step::Decline).is_err() && next(S::Listed, Step::Accept).is_err());
    }

    #[test]
    fn the_silent_are_reminded_twice_then_the_secretariat_is_told() {
        let start: DateTime<Utc> = "2018-03-01T09:00:00Z".parse().unwrap();
        let day = TimeDelta::days(1);
        let mut waiting = Waiting {
            invited_at: start,
            lapses_at: start + day * 30,
            reminders: 0,
            reminded_at: None,
            escalated: false,
        };
        let mut told = Vec::new();
        for n in 0..=31 {
            let now = start + day * n;
            match due(&waiting, now) {
                Some(Due::Remind) => {
                    waiting.reminders += 1;
                    waiting.reminded_at = Some(now);
                    told.push((n, Due::Remind));
                }
                Some(Due::Escalate) => {
                    waiting.escalated = true;
                    told.push((n, Due::Escalate));
                }
                Some(Due::Lapse) => told.push((n, Due::Lapse)),
                None => {}
            }
        }
        let expected = [(5, Due::Remind), (10, Due::Remind), (15, Due::Escalate), (30, Due::Lapse), (31, Due::Lapse)];
        assert_eq!(told, expected);
    }
}
