//! Who may apply, and what becomes of an answer that two people changed.

use super::super::place::Place;
use crate::{calls::questions::RawAnswer, kernel::error::Refusal};
use entity::types::{
    BadValue, digest,
    ids::{AnnexId, PartId},
    states::{OrganisationKind, PartState},
    terms::{AnnexTerms, CallTerms, Question, QuestionKind, Section, SectionScope},
};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// The key of the section that holds an agency's own questions; no section of a call can have it, because keys
/// of calls have no full stop.
pub const AGENCY_SECTION: &str = "agency.questions";

/// Whether an organisation of this kind may apply: it stands for a network, a cluster or a research environment;
/// companies take part through their cluster (domain.md 1.4).
pub fn may_apply(kind: OrganisationKind) -> bool {
    matches!(kind, OrganisationKind::Cluster | OrganisationKind::Research | OrganisationKind::Other)
}

/// The annex of an applicant's home agency among those of its country.
///
/// # Errors
/// When no agency of the country takes part, or several do and none was chosen.
pub fn home_annex(fitting: &[AnnexId], chosen: Option<AnnexId>, country: &str) -> Result<AnnexId, Refusal> {
    let refuse = |code, message| Err(Refusal { code, message });
    match (fitting, chosen) {
        ([], _) => refuse("no_home_agency", format!("No agency of {country} takes part in this call.")),
        (list, Some(chosen)) if list.contains(&chosen) => Ok(chosen),
        (_, Some(_)) => refuse("wrong_home_agency", format!("Choose an agency of {country}.")),
        ([only], None) => Ok(*only),
        (_, None) => refuse("choose_home_agency", format!("Several agencies of {country} take part; choose one.")),
    }
}

/// The sections of a place, in order: those of the call, then the home agency's own questions.
pub fn sections_of(terms: &CallTerms, annex: Option<(&str, &AnnexTerms)>) -> Vec<Section> {
    let scope = if annex.is_some() { SectionScope::Part } else { SectionScope::Joint };
    let mut sections: Vec<Section> = terms.sections.iter().filter(|s| s.scope == scope).cloned().collect();
    if let Some((agency, terms)) = annex.filter(|(_, terms)| !terms.questions.is_empty()) {
        sections.push(Section {
            key: AGENCY_SECTION.to_owned(),
            title: format!("Questions of {agency}"),
            scope: SectionScope::Part,
            guidance: String::new(),
            questions: terms.questions.clone(),
        });
    }
    sections
}

/// Why the text of a place can no longer be changed: a part that was handed in is fixed, and the joint sections
/// are handed in with the coordinator's part.
pub fn locked(place: Place, own: PartState) -> Option<Refusal> {
    if own == PartState::Draft {
        return None;
    }
    let message = match place {
        Place::Joint => {
            "The joint sections were submitted with the coordinator's part. They can be changed when it is reopened, \
             until its deadline."
        }
        Place::Part(_) => "This part was submitted. It can be changed when it is reopened, until its deadline.",
    };
    Some(Refusal { code: "part_submitted", message: message.to_owned() })
}

/// What somebody saw of an answer before changing it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// Its version; 0 when there was none.
    Version(i64),
    /// Its digest, as forms carry it: an answer the person did not touch is then never written.
    Digest(String),
}

/// What becomes of an answer that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Merge {
    /// It is the one that is kept already.
    Same,
    /// It is written.
    Write,
    /// The person did not change it, somebody else did: theirs stays.
    Theirs,
    /// Both changed it: nothing is written before somebody chooses.
    Conflict,
}

/// Decides about one answer by what was seen, what was sent and what is kept now.
pub fn merge(seen: &Seen, sent: &Value, kept: &Value, version: i64) -> Merge {
    if canonical(sent) == canonical(kept) {
        return Merge::Same;
    }
    match seen {
        Seen::Version(seen) if *seen == version => Merge::Write,
        Seen::Version(_) => Merge::Conflict,
        Seen::Digest(base) if *base == digest_of(kept) => Merge::Write,
        Seen::Digest(base) if *base == digest_of(sent) => Merge::Theirs,
        Seen::Digest(_) => Merge::Conflict,
    }
}

/// A short digest of an answer, the same whatever order a database gives the members of an object.
pub fn digest_of(value: &Value) -> String {
    match value {
        Value::Null => "0".to_owned(),
        value => digest::hex(&Sha256::digest(canonical(value).as_bytes()))[..16].to_owned(),
    }
}

fn canonical(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(name, _)| name.as_str());
            let members: Vec<String> = members
                .into_iter()
                .map(|(name, v)| format!("{}:{}", Value::from(name.as_str()), canonical(v)))
                .collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        other => other.to_string(),
    }
}

/// What a form carries of the answers it was made from: `key=digest key=digest`.
pub fn seen_text(seen: &[(String, String)]) -> String {
    seen.iter().map(|(key, digest)| format!("{key}={digest}")).collect::<Vec<_>>().join(" ")
}

/// Reads what [`seen_text`] wrote; anything else is left out.
pub fn read_seen(text: &str) -> Vec<(String, String)> {
    let pair = |part: &str| part.split_once('=').map(|(key, digest)| (key.to_owned(), digest.to_owned()));
    text.split_whitespace().filter_map(pair).collect()
}

/// An answer as a program sends it, in the shapes of [`crate::calls::questions`].
///
/// # Errors
/// When the value has the shape of another kind of question.
pub fn from_json(question: &Question, value: &Value) -> Result<RawAnswer, BadValue> {
    let wrong = || BadValue::new("This answer does not have the shape of the question");
    let plain = |value: &Value| match value {
        Value::Null => Ok(String::new()),
        Value::String(text) => Ok(text.clone()),
        Value::Bool(yes) => Ok(if *yes { "yes" } else { "no" }.to_owned()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Object(members) => {
            let typed = members.get("amount").or_else(|| members.get("raw")).and_then(Value::as_str);
            typed.map(str::to_owned).ok_or_else(wrong)
        }
        Value::Array(_) => Err(wrong()),
    };
    match (&question.kind, value) {
        (QuestionKind::Table { columns, .. }, Value::Array(rows)) => {
            let row = |row: &Value| match row {
                Value::Object(_) => columns.iter().map(|c| plain(row.get(&c.key).unwrap_or(&Value::Null))).collect(),
                _ => Err(wrong()),
            };
            rows.iter().map(row).collect::<Result<_, _>>().map(RawAnswer::Rows)
        }
        (_, Value::Array(list)) => list.iter().map(plain).collect::<Result<_, _>>().map(RawAnswer::Many),
        (_, value) => plain(value).map(RawAnswer::One),
    }
}

/// The part an own answer belongs to must be one of the proposal.
///
/// # Errors
/// When it is a part of another proposal.
pub fn part_of(place: Place, parts: &[PartId]) -> Result<(), Refusal> {
    match place {
        Place::Part(id) if !parts.contains(&id) => {
            Err(Refusal { code: "wrong_part", message: "This part belongs to another proposal.".to_owned() })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn two_people_meet_only_where_both_changed_something() {
        let (old, mine, theirs) = (json!("old"), json!("mine"), json!("theirs"));
        let base = Seen::Digest(digest_of(&old));

        assert_eq!(merge(&base, &mine, &old, 1), Merge::Write);
        assert_eq!(merge(&base, &old, &theirs, 2), Merge::Theirs);
        assert_eq!(merge(&base, &theirs, &theirs, 2), Merge::Same);
        assert_eq!(merge(&base, &mine, &theirs, 2), Merge::Conflict);
        assert_eq!(merge(&Seen::Version(2), &mine, &theirs, 2), Merge::Write);
        assert_eq!(merge(&Seen::Version(1), &mine, &theirs, 2), Merge::Conflict);
    }

    #[test]
    fn an_answer_has_one_digest_in_every_database() {
        let (one, other) = (json!({"a": 1, "b": "x"}), json!({"b": "x", "a": 1}));
        assert_eq!(digest_of(&one), digest_of(&other));
        assert_ne!(digest_of(&json!(null)), digest_of(&json!("")));
        let seen = vec![("title".to_owned(), digest_of(&one)), ("b".to_owned(), "0".to_owned())];
        assert_eq!(read_seen(&seen_text(&seen)), seen);
        assert_eq!(read_seen("7"), vec![]);
    }

    #[test]
    fn an_applicant_goes_to_the_agency_at_home() {
        let (one, two) = (AnnexId(uuid::Uuid::from_u128(1)), AnnexId(uuid::Uuid::from_u128(2)));
        let code = |outcome: Result<AnnexId, Refusal>| outcome.unwrap_err().code;

        assert_eq!(home_annex(&[one], None, "Norway"), Ok(one));
        assert_eq!(home_annex(&[one, two], Some(two), "Germany"), Ok(two));
        assert_eq!(code(home_annex(&[one, two], None, "Germany")), "choose_home_agency");
        assert_eq!(code(home_annex(&[one], Some(two), "Norway")), "wrong_home_agency");
        assert_eq!(code(home_annex(&[], None, "Iceland")), "no_home_agency");
        assert!(!may_apply(OrganisationKind::Sme) && !may_apply(OrganisationKind::Agency));
    }
}
