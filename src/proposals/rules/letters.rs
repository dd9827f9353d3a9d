//! Letters of commitment: signed, and bound to the right date.
//!
//! A letter speaks for this call, so it is signed after the call opened and no later than the part is submitted.
//! Signatures are collected before the deadline, with a list of who is missing, because elsewhere one missing
//! paper rejects a whole application (domain.md 2.1). A document that partners or companies sign is needed from each
//! of them: one letter speaks for one signer.

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

/// Somebody whose letter a document of the call asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The company of the part, when it is one.
    pub company: Option<String>,
    pub name: String,
}

/// A letter that was asked for or signed: from which company of the part, and from which organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterFrom {
    pub company: Option<String>,
    pub organisation: String,
}

/// Those of whom no letter is there, when so many of them sent a signed paper that was attached; papers bear no
/// name here, so when there are fewer of them than are missing, all who are missing are named.
pub fn without_letter<'a>(wanted: &'a [Wanted], letters: &[LetterFrom], papers: usize) -> Vec<&'a Wanted> {
    let mut free: Vec<&LetterFrom> = letters.iter().collect();
    let mut missing = Vec::new();
    for one in wanted {
        let same = |letter: &&LetterFrom| match (&one.company, &letter.company) {
            (Some(wanted), Some(given)) => wanted == given,
            _ => plain(&one.name) == plain(&letter.organisation),
        };
        match free.iter().position(same) {
            Some(at) => drop(free.swap_remove(at)),
            None => missing.push(one),
        }
    }
    if missing.len() <= papers { Vec::new() } else { missing }
}

fn plain(name: &str) -> String {
    name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
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

    fn wanted(names: &[&str]) -> Vec<Wanted> {
        names.iter().map(|name| Wanted { company: None, name: (*name).into() }).collect()
    }

    fn from(name: &str) -> LetterFrom {
        LetterFrom { company: None, organisation: name.into() }
    }

    #[test]
    fn one_letter_speaks_for_one_partner() {
        let partners = wanted(&["Visual Sweden", "Oslo Cancer Cluster"]);
        let missing = |letters: &[LetterFrom], papers| {
            without_letter(&partners, letters, papers).into_iter().map(|w| w.name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(missing(&[], 0), ["Visual Sweden", "Oslo Cancer Cluster"]);
        assert_eq!(missing(&[from("VISUAL  Sweden")], 0), ["Oslo Cancer Cluster"]);
        assert_eq!(missing(&[from("Visual Sweden"), from("Visual Sweden")], 0), ["Oslo Cancer Cluster"]);
        assert_eq!(missing(&[from("Visual Sweden")], 1), Vec::<String>::new());
        assert_eq!(missing(&[], 1), ["Visual Sweden", "Oslo Cancer Cluster"]);
    }

    #[test]
    fn a_company_is_known_by_its_entry_not_by_its_name() {
        let companies = [Wanted { company: Some("a".into()), name: "Optics".into() }];
        let letter = |company: Option<&str>, name: &str| LetterFrom {
            company: company.map(str::to_owned),
            organisation: name.into(),
        };
        assert!(without_letter(&companies, &[letter(Some("a"), "Optics UAB")], 0).is_empty());
        assert!(without_letter(&companies, &[letter(None, "optics")], 0).is_empty());
        assert_eq!(without_letter(&companies, &[letter(Some("b"), "Optics")], 0).len(), 1);
    }

    #[test]
    fn a_missing_letter_blocks_only_when_it_is_required() {
        assert_eq!(check(true, LetterState::Asked, None)[0].message, "Visual Sweden has not signed yet");
        assert!(super::super::is_clean(&check(false, LetterState::Asked, None)));
        assert_eq!(check(true, LetterState::Withdrawn, None), vec![]);
    }
}
