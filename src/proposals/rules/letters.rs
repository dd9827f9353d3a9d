//! Letters of commitment: signed, and bound to the right date.
//!
//! A letter speaks for this call, so it is signed after the call opened and no later than the part is submitted.
//! Signatures are collected before the deadline, with a list of who is missing, because elsewhere one missing
//! paper rejects a whole application (domain.md 2.1).

use super::Finding;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use entity::types::{period, states::LetterState};

/// What is known of one letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterFacts {
    /// Names the letter in findings.
    pub key: String,
    /// Who signs: a person or an organisation.
    pub signer: String,
    /// Whether the part cannot be submitted without it.
    pub required: bool,
    pub state: LetterState,
    /// The day written on the letter.
    pub signed_on: Option<NaiveDate>,
}

/// Checks letters for a part that is submitted on this day; days are those of the home agency's zone.
pub fn check_letters(
    opens_at: Option<DateTime<Utc>>,
    zone: Tz,
    letters: &[LetterFacts],
    submitted_on: NaiveDate,
) -> Vec<Finding> {
    let opened = opens_at.map(|at| at.with_timezone(&zone).date_naive());
    letters.iter().filter_map(|letter| one(letter, opened, submitted_on)).collect()
}

fn one(letter: &LetterFacts, opened: Option<NaiveDate>, submitted_on: NaiveDate) -> Option<Finding> {
    let who = &letter.signer;
    let open = |code, message: String| {
        let make = if letter.required { Finding::error } else { Finding::warning };
        Some(make(code, letter.key.clone(), message))
    };
    match (letter.state, letter.signed_on) {
        (LetterState::Withdrawn, _) => None,
        (LetterState::Asked, _) => open("letters.unsigned", format!("{who} has not signed yet")),
        (LetterState::Refused, _) => open("letters.refused", format!("{who} has refused to sign")),
        (LetterState::Signed, None) => open("letters.undated", format!("The letter of {who} has no date")),
        (LetterState::Signed, Some(day)) if day > submitted_on => {
            open("letters.late", format!("The letter of {who} is dated {}, after the submission", period::day(day)))
        }
        (LetterState::Signed, Some(day)) => {
            let opened = opened.filter(|opened| day < *opened)?;
            let message = format!(
                "The letter of {who} is dated {}, before the call opened on {}",
                period::day(day),
                period::day(opened)
            );
            open("letters.early", message)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{call, codes};
    use super::*;

    fn check(required: bool, state: LetterState, signed_on: Option<&str>) -> Vec<Finding> {
        let signed_on = signed_on.map(|day| day.parse().unwrap());
        let letter = LetterFacts { key: "l".into(), signer: "Visual Sweden".into(), required, state, signed_on };
        check_letters(call().opens_at, Tz::Europe__Stockholm, &[letter], "2017-10-30".parse().unwrap())
    }

    #[test]
    fn a_letter_is_signed_between_opening_and_submission() {
        let codes_of = |day| codes(&check(true, LetterState::Signed, Some(day)));

        assert_eq!(codes_of("2017-04-03"), Vec::<&str>::new());
        assert_eq!(codes_of("2017-10-30"), Vec::<&str>::new());
        assert_eq!(codes_of("2017-04-02"), ["letters.early"]);
        assert_eq!(codes_of("2017-10-31"), ["letters.late"]);
    }

    #[test]
    fn a_missing_letter_blocks_only_when_it_is_required() {
        assert_eq!(check(true, LetterState::Asked, None)[0].message, "Visual Sweden has not signed yet");
        assert!(super::super::is_clean(&check(false, LetterState::Asked, None)));
        assert_eq!(check(true, LetterState::Withdrawn, None), vec![]);
    }
}
