//! What a new call begins with, how things in it get their keys, and what becomes of marks when values change.

use chrono::NaiveDateTime;
use chrono_tz::Tz;
use entity::types::{
    judging::{ConflictTerms, OutlierRule, RankingTerms, SheetVisibilities},
    money::{Currency, Rate},
    period::Deadline,
    points::{Points, Scale},
    share::Share,
    states::{AnnexClass, ReportKind},
    terms::{AnnexTerms, CallTerms, ConsortiumTerms, EvaluationTerms, Mark, Months, ReportTerms},
};
use serde_json::Value;

/// The terms of a call nobody has written yet. Durations, scale and number of evaluators are those of the calls
/// of 2016 and 2017 (their files under `calls/archive`), to be changed by whoever writes the call.
pub fn blank_call(title: &str) -> CallTerms {
    CallTerms {
        title: title.to_owned(),
        programme: String::new(),
        summary: String::new(),
        text: String::new(),
        opens_at: None,
        zone: Tz::Europe__Copenhagen,
        currency: Currency::Eur,
        duration: Months { min: 12, max: 18 },
        timeline: Vec::new(),
        sections: Vec::new(),
        criteria: Vec::new(),
        evaluation: EvaluationTerms {
            scale: Scale { min: Points::whole(0), max: Points::whole(5), step: Points::hundredths(50) },
            threshold_overall: None,
            evaluators_per_proposal: 3,
            min_comment_words: 15,
            tie_rule: Vec::new(),
            abstain: false,
            visibility: SheetVisibilities::default(),
            divergence: Vec::new(),
            outliers: OutlierRule::None,
            k_of_n: None,
            conflicts: ConflictTerms::default(),
            ranking: RankingTerms::default(),
            fields: None,
        },
        activities: Vec::new(),
        cost_categories: Vec::new(),
        documents: Vec::new(),
        declarations: Vec::new(),
        kpis: Vec::new(),
        reports: vec![ReportTerms { kind: ReportKind::Final, label: "Final report".to_owned(), at_month: None }],
        consortium: ConsortiumTerms {
            min_parts: 2,
            min_countries: 2,
            min_funding_countries: 1,
            rules: Vec::new(),
            guests: None,
            company_commitments: false,
        },
        marks: Vec::new(),
    }
}

/// The terms of an annex its agency has not written yet.
pub fn blank_annex(call: &CallTerms, deadline: NaiveDateTime) -> AnnexTerms {
    AnnexTerms {
        class: AnnexClass::Funding,
        text: String::new(),
        currency: call.currency,
        rate: Rate::ONE,
        rate_on: None,
        budget: None,
        floor: None,
        ceiling: None,
        intensity: Share::ZERO,
        private_share_min: None,
        activities: call.activities.iter().map(|a| a.key.clone()).collect(),
        min_smes: 0,
        label: None,
        deadline: Deadline { local: deadline, zone: call.zone },
        questions: Vec::new(),
        marks: Vec::new(),
    }
}

/// A key made of a label: its letters and digits in lower case, unlike every key there is.
pub fn key_of(label: &str, taken: &[String]) -> String {
    let mut key = String::new();
    for c in label.to_lowercase().chars() {
        match c {
            'a'..='z' | '0'..='9' => key.push(c),
            'ä' | 'å' | 'á' | 'à' | 'ą' => key.push('a'),
            'ö' | 'ø' | 'ó' | 'õ' => key.push('o'),
            'ü' | 'ú' | 'ų' | 'ū' => key.push('u'),
            'é' | 'ę' | 'ė' | 'è' => key.push('e'),
            _ if !key.ends_with('_') && !key.is_empty() => key.push('_'),
            _ => {}
        }
        if key.len() >= 40 {
            break;
        }
    }
    let key = key.trim_end_matches('_').to_owned();
    let key = if key.is_empty() { "item".to_owned() } else { key };
    if !taken.contains(&key) {
        return key;
    }
    (2..).map(|n| format!("{key}_{n}")).find(|k| !taken.contains(k)).unwrap_or(key)
}

/// The marks after a change: they follow their value when it moves within its list, and fall when the value
/// itself was changed, because it is then no longer the one that was assumed or derived.
pub fn carry_marks(before: &Value, after: &Value, marks: &[Mark]) -> Vec<Mark> {
    marks
        .iter()
        .filter_map(|mark| {
            let Some(value) = before.pointer(&mark.at) else { return Some(mark.clone()) };
            let at = follow(before, after, &mark.at)?;
            (after.pointer(&at) == Some(value)).then(|| Mark { at, ..mark.clone() })
        })
        .collect()
}

/// Where the thing at a place is after the change: members of lists are found again by their key.
fn follow(before: &Value, after: &Value, at: &str) -> Option<String> {
    let (mut old, mut new, mut place) = (before, after, String::new());
    for step in at.split('/').skip(1) {
        let next = match (old, new) {
            (Value::Array(old_items), Value::Array(new_items)) => {
                let item = old_items.get(step.parse::<usize>().ok()?)?;
                match item.get("key") {
                    Some(key) => new_items.iter().position(|other| other.get("key") == Some(key))?.to_string(),
                    None => step.to_owned(),
                }
            }
            _ => step.to_owned(),
        };
        old = old.pointer(&format!("/{step}"))?;
        new = new.pointer(&format!("/{next}"))?;
        place.push('/');
        place.push_str(&next);
    }
    Some(place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::archive::{read, shipped};
    use entity::types::terms::Basis;
    use serde_json::json;

    #[test]
    fn keys_are_made_of_labels() {
        assert_eq!(key_of("Workshops & study trips", &[]), "workshops_study_trips");
        assert_eq!(key_of("Ærlig – Øl", &[]), "rlig_ol");
        assert_eq!(key_of("Travel", &["travel".into(), "travel_2".into()]), "travel_3");
        assert_eq!(key_of("???", &[]), "item");
        assert!(entity::types::codes::key(&key_of(&"long words ".repeat(20), &[])).is_ok());
    }

    #[test]
    fn marks_follow_what_moves_and_fall_when_the_value_changes() {
        let mark = |at: &str| Mark { at: at.into(), basis: Basis::Assumed, source: vec![], note: None };
        let before =
            json!({"call": {"criteria": [{"key": "a", "weight": "30"}, {"key": "b", "weight": "70"}], "title": "x"}});
        let after =
            json!({"call": {"criteria": [{"key": "b", "weight": "60"}, {"key": "a", "weight": "30"}], "title": "x"}});
        let marks = [mark("/call/criteria/0/weight"), mark("/call/criteria/1/weight"), mark("/call/title")];

        let kept: Vec<String> = carry_marks(&before, &after, &marks).into_iter().map(|m| m.at).collect();

        assert_eq!(kept, ["/call/criteria/1/weight", "/call/title"]);
    }

    #[test]
    fn nothing_falls_when_nothing_changes() {
        let file = read(shipped::INNOVATION_EXPRESS_2017).unwrap();
        let value = json!({ "call": file.call });
        assert_eq!(carry_marks(&value, &value, &file.call.marks), file.call.marks);
        assert!(blank_call("New").reports.len() == 1);
        assert_eq!(blank_annex(&file.call, "2018-01-01T12:00:00".parse().unwrap()).activities.len(), 8);
    }
}
