//! What an officer looks at, and when a verdict can be given.
//!
//! The questions follow from the consortium rules of the call and from the agency's annex (domain.md 1.3 to 1.5);
//! reasons come from a list with a text beside them, and a second officer confirms (lifecycle.json, events
//! "declare_eligible" and "declare_ineligible").
//!
//! Beside it stands the law the platform computes (domain.md 3), each part by the date of the case: who owns whom
//! ([`ownership`]), the SME test ([`sme`]), room for de minimis aid ([`de_minimis`]), undertakings in difficulty
//! ([`difficulty`]), shares and thresholds ([`intensity`]), and a consortium's rules as data ([`consortium`]). All answer
//! with [`finding`]s.

pub mod consortium;
pub mod de_minimis;
pub mod difficulty;
pub mod finding;
pub mod intensity;
pub mod ownership;
pub mod sme;

use crate::proposals::reading::rules::Topic;
use chrono::{DateTime, Utc};
use entity::types::{
    BadValue,
    country::Country,
    ids::AccountId,
    states::{AnnexClass, Verdict},
    terms::{AnnexTerms, CallTerms},
};
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// An officer's answer to one question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    Yes,
    No,
    NotApplicable,
}

impl Answer {
    pub const ALL: [Self; 3] = [Self::Yes, Self::No, Self::NotApplicable];

    /// The word forms and programs use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::NotApplicable => "not_applicable",
        }
    }

    /// The words people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Yes => "Yes",
            Self::No => "No",
            Self::NotApplicable => "Does not apply",
        }
    }
}

impl FromStr for Answer {
    type Err = BadValue;
    fn from_str(text: &str) -> Result<Self, BadValue> {
        let found = Self::ALL.into_iter().find(|answer| answer.word() == text);
        found.ok_or_else(|| BadValue::new("Choose one from the list"))
    }
}

/// What is known of a part before anybody looks.
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    pub call: &'a CallTerms,
    pub annex: &'a AnnexTerms,
    pub agency: &'a str,
    /// The country of the home agency.
    pub home: Country,
    /// The country of the applicant.
    pub seat: Country,
    pub submitted_at: Option<DateTime<Utc>>,
    /// What the rules found, by topic.
    pub found: &'a [(Topic, String)],
}

/// One question of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub key: &'static str,
    pub question: String,
    /// What the data say; none when only a person can tell.
    pub suggested: Option<Answer>,
    /// What the rules found about it.
    pub found: Vec<String>,
}

/// The questions for a part of this annex.
pub fn items(facts: &Facts<'_>) -> Vec<Item> {
    let (call, annex) = (facts.call, facts.annex);
    let by_rule = |topic: Topic| {
        let found: Vec<String> = facts.found.iter().filter(|(t, _)| *t == topic).map(|(_, m)| m.clone()).collect();
        (Some(if found.is_empty() { Answer::Yes } else { Answer::No }), found)
    };
    let mut list = Vec::new();
    let mut ask = |key, question: String, (suggested, found): (Option<Answer>, Vec<String>)| {
        list.push(Item { key, question, suggested, found });
    };
    let unknown = || (None, Vec::new());
    let told = |yes: bool| (Some(if yes { Answer::Yes } else { Answer::No }), Vec::new());
    let entity = "Is the applicant a legal entity that stands for a cluster, an SME network or a comparable body?";
    ask("entity", entity.to_owned(), unknown());
    let seat = format!("Is the applicant located in the area of {}?", facts.agency);
    ask("seat", seat, told(facts.seat == facts.home));
    let deadline = format!("Was the part handed in by {}?", annex.deadline);
    ask("in_time", deadline, facts.submitted_at.map_or_else(unknown, |at| told(!annex.deadline.passed(at))));
    let partners = format!(
        "Are there at least {} parts from {} countries?",
        call.consortium.min_parts, call.consortium.min_countries
    );
    ask("partners", partners, by_rule(Topic::Consortium));
    let smes = format!("Do at least {} SMEs of {} take part, with declarations?", annex.min_smes, facts.home.name());
    if annex.min_smes > 0 {
        ask("smes", smes, by_rule(Topic::Companies));
    }
    let kinds = format!("Does {} support every planned activity?", facts.agency);
    ask("activities", kinds, by_rule(Topic::Activities));
    if annex.class == AnnexClass::Funding {
        let budget = "Is the grant within floor, ceiling and intensity, and the rest financed?";
        ask("budget", budget.to_owned(), by_rule(Topic::Budget));
    }
    let months = format!("Does the project last {} to {} months?", call.duration.min, call.duration.max);
    ask("duration", months, unknown());
    if let Some(label) = annex.label {
        let question = format!("Does the applicant hold a {} label or better?", label.label().to_lowercase());
        ask("label", question, by_rule(Topic::Label));
    }
    ask("letters", "Are the letters of commitment signed and dated in time?".to_owned(), by_rule(Topic::Letters));
    ask("documents", "Are all demanded documents there and readable?".to_owned(), by_rule(Topic::Documents));
    ask("form", "Is the form complete, in the language of the call?".to_owned(), by_rule(Topic::Answers));
    list
}

/// Why a part is not eligible: key and sentence as the applicant reads it.
pub const REASONS: &[(&str, &str)] = &[
    ("entity", "The applicant is not a legal entity of the kind the call asks for."),
    ("seat", "The applicant is not located in the area of the agency."),
    ("in_time", "The part was handed in after the deadline."),
    ("partners", "There are too few partners from other countries."),
    ("smes", "Too few eligible companies take part."),
    ("activities", "The part plans activities the agency does not support."),
    ("budget", "The grant or its financing does not follow the agency's annex."),
    ("duration", "The project is shorter or longer than the call allows."),
    ("label", "The applicant does not hold the label the agency demands."),
    ("letters", "Letters of commitment are missing or not valid."),
    ("documents", "Demanded documents are missing."),
    ("form", "The form is not complete."),
    ("other", "Another reason, stated in the text."),
];

/// The sentence of a reason.
pub fn reason(key: &str) -> Option<&'static str> {
    REASONS.iter().find(|(k, _)| *k == key).map(|(_, sentence)| *sentence)
}

/// An answer with its note, as an officer gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    pub key: String,
    pub answer: Option<Answer>,
    pub note: String,
}

/// What an officer wants to propose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    pub answers: Vec<Answered>,
    pub verdict: Option<Verdict>,
    /// Keys of [`REASONS`].
    pub reasons: Vec<String>,
    pub note: String,
}

/// What keeps a verdict from being proposed: the field and what to do.
pub fn missing(items: &[Item], judgement: &Judgement) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut against = 0;
    for item in items {
        let given = judgement.answers.iter().find(|a| a.key == item.key);
        let answer = given.and_then(|a| a.answer);
        let note = given.map_or("", |a| a.note.trim());
        match answer {
            None => found.push((format!("answer-{}", item.key), "Answer yes, no or does not apply".to_owned())),
            Some(Answer::No) => against += 1,
            Some(_) => {}
        }
        let differs = answer.is_some() && item.suggested.is_some() && answer != item.suggested;
        if (answer == Some(Answer::No) || differs) && note.is_empty() {
            let why = if differs { "Say why you judge differently from the data" } else { "Say what is wrong" };
            found.push((format!("note-{}", item.key), why.to_owned()));
        }
    }
    let mut add = |field: &str, message: &str| found.push((field.to_owned(), message.to_owned()));
    match judgement.verdict {
        None => add("verdict", "Choose a verdict"),
        Some(Verdict::Eligible) if against > 0 => {
            add("verdict", "A part with a “No” is not eligible; change the answer or the verdict");
        }
        Some(Verdict::Eligible) if !judgement.reasons.is_empty() => {
            add("reasons", "Reasons are for parts that are not eligible");
        }
        Some(Verdict::Eligible) => {}
        Some(Verdict::Ineligible) => {
            if judgement.reasons.is_empty() {
                add("reasons", "Choose at least one reason");
            }
            if judgement.note.trim().is_empty() {
                add("note", "Explain the reasons to the applicant");
            }
        }
    }
    if judgement.reasons.iter().any(|key| reason(key).is_none()) {
        add("reasons", "Choose reasons from the list");
    }
    found
}

/// Whether an officer may confirm or return what a colleague proposed: never what they proposed themselves.
pub fn may_judge(proposed_by: AccountId, officer: AccountId) -> bool {
    proposed_by != officer
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::archive::{read, shipped};

    fn with<R>(found: &[(Topic, String)], ask: impl FnOnce(&[Item]) -> R) -> R {
        let file = read(shipped::INNOVATION_EXPRESS_2017).unwrap();
        let annex = file.annexes.iter().find(|a| a.agency.key == "dk-sfu").unwrap();
        let denmark: Country = "DK".parse().unwrap();
        let facts = Facts {
            call: &file.call,
            annex: &annex.terms,
            agency: "The agency",
            home: denmark,
            seat: denmark,
            submitted_at: Some("2017-10-20T10:00:00Z".parse().unwrap()),
            found,
        };
        ask(&items(&facts))
    }

    fn all_yes(items: &[Item]) -> Judgement {
        let yes = |item: &Item| Answered { key: item.key.to_owned(), answer: Some(Answer::Yes), note: String::new() };
        let answers = items.iter().map(yes).collect();
        Judgement { answers, verdict: Some(Verdict::Eligible), reasons: vec![], note: String::new() }
    }

    fn fields(found: &[(String, String)]) -> Vec<&str> {
        found.iter().map(|(field, _)| field.as_str()).collect()
    }

    #[test]
    fn the_list_follows_the_annex() {
        let keys = with(&[], |items| items.iter().map(|i| i.key).collect::<Vec<_>>());
        assert!(keys.contains(&"label") && keys.contains(&"smes") && keys.contains(&"budget"));
        for item in with(&[], <[Item]>::to_vec) {
            assert!(reason(item.key).is_some(), "{} has no reason", item.key);
        }
    }

    #[test]
    fn what_the_data_say_is_only_overruled_with_a_note() {
        let found = [(Topic::Label, "The agency demands a bronze label".to_owned())];
        with(&found, |items| {
            let mut judgement = all_yes(items);
            assert_eq!(fields(&missing(items, &judgement)), ["note-label"]);
            judgement.answers.iter_mut().find(|a| a.key == "label").unwrap().note = "Certificate seen.".into();
            assert_eq!(missing(items, &judgement), vec![]);
        });
    }

    #[test]
    fn a_no_and_its_reasons_go_with_the_verdict() {
        with(&[], |items| {
            let mut judgement = all_yes(items);
            judgement.answers[0].answer = Some(Answer::No);
            judgement.answers[0].note = "An association without statutes.".into();
            assert_eq!(fields(&missing(items, &judgement)), ["verdict"]);

            judgement.verdict = Some(Verdict::Ineligible);
            assert_eq!(fields(&missing(items, &judgement)), ["reasons", "note"]);
            judgement.reasons = vec!["entity".into()];
            judgement.note = "The statutes are missing.".into();
            assert_eq!(missing(items, &judgement), vec![]);
            judgement.answers.pop();
            assert_eq!(fields(&missing(items, &judgement)), ["answer-form"]);
        });
    }
}
