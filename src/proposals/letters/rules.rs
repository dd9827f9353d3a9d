//! What a letter says, when it may be answered, and which day it may bear.
//!
//! A letter speaks for this call: it is signed after the call opened and no later than the part is submitted
//! (see [`crate::proposals::rules::check_letters`]).

use crate::kernel::error::Refusal;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use entity::types::{
    BadValue,
    money::Money,
    period,
    states::{LetterState, PartState},
};

/// Most letters of one part, so that nobody writes to half the world in a cluster's name.
pub const MOST_LETTERS: usize = 60;
/// Between two mails to the same signer.
pub const PATIENCE: TimeDelta = TimeDelta::hours(24);

/// What a letter is written from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterData {
    pub call: String,
    pub proposal: String,
    pub code: String,
    pub applicant: String,
    pub agency: String,
    /// The organisation that signs.
    pub organisation: String,
    pub requested: Money,
    pub total: Money,
}

/// The text of a letter, to be changed by the team before it is sent.
pub fn prepared(data: &LetterData) -> String {
    format!(
        "To {agency}\n\nWe, {organisation}, know the proposal “{proposal}” ({code}), with which {applicant} applies in \
         the call {call}. We want to take part in it.\n\nThe part of {applicant} has costs of {total}, for which a \
         grant of {requested} is asked for. We will bring to the project what is described for us in the proposal, \
         and we know that it begins only when the grant is decided.",
        agency = data.agency,
        organisation = if data.organisation.is_empty() { "[organisation]" } else { &data.organisation },
        proposal = data.proposal,
        code = data.code,
        applicant = data.applicant,
        call = data.call,
        total = data.total,
        requested = data.requested,
    )
}

/// Whether a letter can still be signed or refused.
///
/// # Errors
/// Why not, as a sentence for the signer.
pub fn answerable(letter: LetterState, part: PartState, closed: bool) -> Result<(), Refusal> {
    let refuse = |code, message: &str| Err(Refusal { code, message: message.to_owned() });
    match (letter, part) {
        (LetterState::Signed, _) => refuse("letter_signed", "This letter is signed already."),
        (LetterState::Refused, _) => refuse("letter_refused", "You refused this letter already."),
        (LetterState::Withdrawn, _) => refuse("letter_withdrawn", "This letter is no longer needed."),
        (LetterState::Asked, _) if closed => refuse("deadline_passed", "The deadline of the call has passed."),
        (LetterState::Asked, PartState::Draft) => Ok(()),
        (LetterState::Asked, _) => {
            refuse("part_submitted", "The application was submitted meanwhile, so the letter can no longer be signed.")
        }
    }
}

/// Whether a paper may bear this day: from the opening of the call to today, by the agency's calendar.
///
/// # Errors
/// Which days are possible.
pub fn day_on_paper(
    day: NaiveDate,
    opens_at: Option<DateTime<Utc>>,
    today: NaiveDate,
    zone: Tz,
) -> Result<NaiveDate, BadValue> {
    if day > today {
        return Err(BadValue::new("The day on the letter lies in the future"));
    }
    match opens_at.map(|at| at.with_timezone(&zone).date_naive()).filter(|opened| day < *opened) {
        Some(opened) => {
            let opened = period::day(opened);
            Err(BadValue::new(format!("The letter must be signed after the call opened on {opened}")))
        }
        None => Ok(day),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use entity::types::money::Currency;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_prepared_letter_names_the_amounts() {
        let money = |minor| Money::new(minor, Currency::Eur);
        let text = prepared(&LetterData {
            call: "Innovation Express 2017".into(),
            proposal: "Light".into(),
            code: "IE-2017-001".into(),
            applicant: "Sunrise Valley".into(),
            agency: "MITA".into(),
            organisation: "Optics UAB".into(),
            requested: money(1_200_000),
            total: money(1_500_000),
        });
        assert!(text.contains("grant of 12\u{a0}000\u{a0}EUR"), "{text}");
        assert!(text.starts_with("To MITA\n\nWe, Optics UAB, know"), "{text}");
    }

    #[test]
    fn a_paper_bears_a_day_of_the_call() {
        let opens = "2017-04-03T07:00:00Z".parse().ok();
        let check = |text: &str| day_on_paper(day(text), opens, day("2017-09-01"), Tz::Europe__Vilnius);
        assert!(check("2017-04-03").is_ok());
        assert!(check("2017-09-01").is_ok());
        assert!(check("2017-04-02").unwrap_err().0.contains("after the call opened on 3 April 2017"));
        assert!(check("2017-09-02").unwrap_err().0.contains("future"));
    }

    #[test]
    fn a_letter_is_answered_once_and_in_time() {
        use LetterState as L;
        let code = |letter, part, closed| answerable(letter, part, closed).map_err(|r| r.code);
        assert_eq!(code(L::Asked, PartState::Draft, false), Ok(()));
        assert_eq!(code(L::Asked, PartState::Draft, true), Err("deadline_passed"));
        assert_eq!(code(L::Asked, PartState::Submitted, false), Err("part_submitted"));
        assert_eq!(code(L::Signed, PartState::Draft, false), Err("letter_signed"));
        assert_eq!(code(L::Withdrawn, PartState::Draft, false), Err("letter_withdrawn"));
    }
}
