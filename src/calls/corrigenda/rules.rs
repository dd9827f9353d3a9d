//! What a corrigendum may change (domain.md 2.4 and the promise of a published call): deadlines move later only,
//! and nothing disappears that answers, points, costs or reports may refer to.

use chrono::{DateTime, Utc};
use entity::types::{
    states::CallState,
    terms::{AnnexTerms, CallTerms, Question, QuestionKind},
};

/// What a corrigendum may not do, by its place in the call file.
pub type Forbidden = Vec<(String, String)>;

/// What is forbidden in the change of a call's terms.
pub fn forbidden_in_call(before: &CallTerms, after: &CallTerms, state: CallState, now: DateTime<Utc>) -> Forbidden {
    let mut found = Vec::new();
    if before.opens_at != after.opens_at {
        if state != CallState::Announced {
            found.push(("/call/opens_at".to_owned(), "The call is open already".to_owned()));
        } else if after.opens_at.is_none_or(|at| at < now) {
            found.push(("/call/opens_at".to_owned(), "The call cannot open in the past".to_owned()));
        }
    }
    if before.currency != after.currency {
        found.push(("/call/currency".to_owned(), "The currency of a public call stays".to_owned()));
    }
    if before.evaluation.scale != after.evaluation.scale {
        found.push(("/call/evaluation/scale".to_owned(), "The scale of a public call stays".to_owned()));
    }
    if before.evaluation.ranking != after.evaluation.ranking {
        let message = "What orders the ranking is stated before a call is public and stays";
        found.push(("/call/evaluation/ranking".to_owned(), message.to_owned()));
    }
    for (i, criterion) in after.criteria.iter().enumerate() {
        let old = before.criteria.iter().find(|c| c.key == criterion.key);
        if old.is_some_and(|old| {
            !old.sub_criteria.iter().map(|s| &s.key).eq(criterion.sub_criteria.iter().map(|s| &s.key))
        }) {
            let message = format!("The parts of the criterion “{}” stay", criterion.name);
            found.push((format!("/call/criteria/{i}/sub_criteria"), message));
        }
    }
    let mut kept = |what: &str, at: &str, old: Vec<(&str, &str)>, new: Vec<&str>| {
        for (key, label) in old.into_iter().filter(|(key, _)| !new.contains(key)) {
            found.push((at.to_owned(), format!("The {what} “{label}” ({key}) cannot be removed any more")));
        }
    };
    macro_rules! list {
        ($field:ident, $label:ident, $what:literal) => {
            kept(
                $what,
                concat!("/call/", stringify!($field)),
                before.$field.iter().map(|x| (x.key.as_str(), x.$label.as_str())).collect(),
                after.$field.iter().map(|x| x.key.as_str()).collect(),
            )
        };
    }
    list!(sections, title, "section");
    list!(criteria, name, "criterion");
    list!(activities, label, "activity");
    list!(cost_categories, label, "cost category");
    list!(documents, label, "document");
    list!(declarations, label, "declaration");
    list!(kpis, label, "indicator");
    for (i, section) in after.sections.iter().enumerate() {
        let Some(old) = before.sections.iter().find(|s| s.key == section.key) else { continue };
        let at = format!("/call/sections/{i}");
        if old.scope != section.scope {
            found.push((format!("{at}/scope"), "Who answers a section stays".to_owned()));
        }
        questions(&format!("{at}/questions"), &old.questions, &section.questions, &mut found);
    }
    found
}

/// What is forbidden in the change of an annex; places start at the annex.
pub fn forbidden_in_annex(before: &AnnexTerms, after: &AnnexTerms, now: DateTime<Utc>) -> Forbidden {
    let mut found = Vec::new();
    let (old, new) = (before.deadline.instant(), after.deadline.instant());
    if new < old {
        let message = format!("A published deadline only moves later; it was {}", before.deadline);
        found.push(("/deadline".to_owned(), message));
    }
    if new != old && before.deadline.passed(now) {
        found.push(("/deadline".to_owned(), "This deadline has passed already".to_owned()));
    }
    if before.currency != after.currency {
        found.push(("/currency".to_owned(), "The currency of a public annex stays".to_owned()));
    }
    if before.class != after.class {
        found.push(("/class".to_owned(), "The class of a public annex stays".to_owned()));
    }
    questions("/questions", &before.questions, &after.questions, &mut found);
    found
}

fn questions(at: &str, before: &[Question], after: &[Question], found: &mut Forbidden) {
    for old in before {
        let Some(i) = after.iter().position(|q| q.key == old.key) else {
            found.push((at.to_owned(), format!("The question “{}” cannot be removed any more", old.label)));
            continue;
        };
        let new = &after[i];
        if std::mem::discriminant(&old.kind) != std::mem::discriminant(&new.kind) {
            found.push((format!("{at}/{i}/kind"), "The kind of a public question stays".to_owned()));
        } else if let Some(message) = narrowed(&old.kind, &new.kind) {
            found.push((format!("{at}/{i}/kind"), message));
        }
    }
}

/// What of a question's kind became impossible to answer as it may already be answered.
fn narrowed(old: &QuestionKind, new: &QuestionKind) -> Option<String> {
    let gone = |old: &[entity::types::terms::Named], new: &[entity::types::terms::Named]| {
        let lost = old.iter().find(|o| !new.iter().any(|n| n.key == o.key))?;
        Some(format!("The option “{}” may have been chosen already and stays", lost.label))
    };
    match (old, new) {
        (QuestionKind::Text { max_words: o }, QuestionKind::Text { max_words: n }) if n < o => {
            Some("A limit of words may only grow".to_owned())
        }
        (QuestionKind::Line { max_chars: o }, QuestionKind::Line { max_chars: n }) if n < o => {
            Some("A limit of characters may only grow".to_owned())
        }
        (QuestionKind::Choice { options: o }, QuestionKind::Choice { options: n }) => gone(o, n),
        (QuestionKind::Choices { options: o, .. }, QuestionKind::Choices { options: n, .. }) => gone(o, n),
        (QuestionKind::Table { columns: o, .. }, QuestionKind::Table { columns: n, .. }) => {
            let lost = o.iter().find(|c| !n.iter().any(|m| m.key == c.key && m.kind == c.kind))?;
            Some(format!("The column “{}” may have been filled in already and stays", lost.label))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::archive::{CallFile, read, shipped};
    use entity::types::judging::SubCriterion;

    fn file() -> CallFile {
        read(shipped::INNOVATION_EXPRESS_2017).unwrap()
    }

    fn now() -> DateTime<Utc> {
        "2017-09-01T12:00:00Z".parse().unwrap()
    }

    fn places(change: impl FnOnce(&mut CallTerms)) -> Vec<String> {
        let before = file().call;
        let mut after = before.clone();
        change(&mut after);
        forbidden_in_call(&before, &after, CallState::Open, now()).into_iter().map(|(at, _)| at).collect()
    }

    #[test]
    fn a_deadline_only_moves_later() {
        let before = file().annexes.remove(0).terms;
        let moved = |local: &str, now: &str| {
            let mut after = before.clone();
            after.deadline.local = local.parse().unwrap();
            forbidden_in_annex(&before, &after, now.parse().unwrap()).len()
        };
        assert_eq!(moved("2017-11-07T16:00:00", "2017-09-01T12:00:00Z"), 0);
        assert_eq!(moved("2017-10-31T15:59:00", "2017-09-01T12:00:00Z"), 1);
        assert_eq!(moved("2017-11-07T16:00:00", "2017-11-01T12:00:00Z"), 1);
    }

    #[test]
    fn nothing_disappears_that_may_be_answered() {
        assert_eq!(places(|c| c.title = "Other".into()), Vec::<String>::new());
        assert_eq!(places(|c| c.sections.swap(0, 1)), Vec::<String>::new());
        assert_eq!(places(|c| drop(c.sections[0].questions.remove(1))), ["/call/sections/0/questions"]);
        assert_eq!(places(|c| drop(c.kpis.remove(0))), ["/call/kpis"]);
        assert_eq!(places(|c| c.evaluation.ranking.lottery = true), ["/call/evaluation/ranking"]);
        let part = SubCriterion { key: "x".into(), name: "X".into(), guidance: String::new() };
        assert_eq!(places(|c| c.criteria[0].sub_criteria.push(part)), ["/call/criteria/0/sub_criteria"]);
        assert_eq!(places(|c| c.opens_at = None), ["/call/opens_at"]);
        assert_eq!(
            places(|c| c.sections[0].questions[0].kind = QuestionKind::Text { max_words: 10 }),
            ["/call/sections/0/questions/0/kind"]
        );
        assert_eq!(places(|c| c.sections[0].questions[0].kind = QuestionKind::Text { max_words: 400 }), [""; 0]);
        assert_eq!(
            places(|c| c.sections[0].questions[0].kind = QuestionKind::YesNo),
            ["/call/sections/0/questions/0/kind"]
        );
    }
}
