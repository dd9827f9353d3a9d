//! Whether the questions of a form can be asked and answered.

use super::check::Findings;
use entity::types::terms::{CallTerms, Column, Question, QuestionKind};
use std::collections::BTreeSet;

pub(super) fn sections(terms: &CallTerms, found: &mut Findings) {
    found.keys("/call/sections", terms.sections.iter().map(|s| s.key.as_str()));
    let mut used = BTreeSet::new();
    for (i, section) in terms.sections.iter().enumerate() {
        let at = format!("/call/sections/{i}");
        found.filled(format!("{at}/title"), &section.title);
        if section.questions.is_empty() {
            found.error(format!("{at}/questions"), "A section asks at least one question");
        }
        questions(&format!("{at}/questions"), &section.questions, &mut used, found);
    }
    if terms.sections.is_empty() {
        found.error("/call/sections", "Give at least one section with questions");
    }
}

/// Keys of questions are unique in the whole call, so that an answer is found by its question's key alone.
pub(super) fn questions<'a>(at: &str, questions: &'a [Question], used: &mut BTreeSet<&'a str>, found: &mut Findings) {
    found.keys(at, questions.iter().map(|q| q.key.as_str()));
    for (i, question) in questions.iter().enumerate() {
        let here = format!("{at}/{i}");
        if !used.insert(&question.key) && !questions[..i].iter().any(|q| q.key == question.key) {
            let message = format!("The key “{}” is used by a question of another section", question.key);
            found.error(format!("{here}/key"), message);
        }
        found.filled(format!("{here}/label"), &question.label);
        kind(&format!("{here}/kind"), &question.kind, found);
        condition(&here, question, &questions[..i], found);
    }
}

fn condition(at: &str, question: &Question, earlier: &[Question], found: &mut Findings) {
    let Some(condition) = &question.show_if else { return };
    let at = format!("{at}/show_if");
    let Some(asked) = earlier.iter().find(|q| q.key == condition.question) else {
        let message = format!("“{}” is not an earlier question of the same section", condition.question);
        return found.error(format!("{at}/question"), message);
    };
    let options: Vec<&str> = match &asked.kind {
        QuestionKind::YesNo => vec!["yes", "no"],
        QuestionKind::Choice { options } | QuestionKind::Choices { options, .. } => {
            options.iter().map(|o| o.key.as_str()).collect()
        }
        _ => {
            let message = "Only a yes-or-no question or a choice can decide whether another question is shown";
            return found.error(format!("{at}/question"), message);
        }
    };
    if condition.is.is_empty() {
        found.error(format!("{at}/is"), "Name at least one answer");
    }
    for (i, answer) in condition.is.iter().enumerate() {
        if !options.contains(&answer.as_str()) {
            found.error(format!("{at}/is/{i}"), format!("“{answer}” is not an answer to “{}”", asked.label));
        }
    }
}

fn kind(at: &str, kind: &QuestionKind, found: &mut Findings) {
    match kind {
        QuestionKind::Line { max_chars } => within(&format!("{at}/max_chars"), *max_chars, 1, 1_000, found),
        QuestionKind::Text { max_words } => within(&format!("{at}/max_words"), *max_words, 1, 5_000, found),
        QuestionKind::Number { decimals, min, max, .. } => {
            within(&format!("{at}/decimals"), *decimals, 0, 6, found);
            if min.zip(*max).is_some_and(|(min, max)| min > max) {
                found.error(format!("{at}/max"), "The greatest number is smaller than the smallest");
            }
        }
        QuestionKind::Date { earliest: Some(earliest), latest: Some(latest) } if earliest > latest => {
            found.error(format!("{at}/latest"), "The latest day is before the earliest");
        }
        QuestionKind::Choice { options } => {
            found.named(&format!("{at}/options"), options);
            if options.len() < 2 {
                found.error(format!("{at}/options"), "Give at least two options");
            }
        }
        QuestionKind::Choices { options, min, max } => {
            found.named(&format!("{at}/options"), options);
            if options.is_empty() {
                found.error(format!("{at}/options"), "Give at least one option");
            }
            let count = u32::try_from(options.len()).unwrap_or(u32::MAX);
            if *min > count {
                found.error(format!("{at}/min"), "More choices are demanded than there are options");
            }
            if max.is_some_and(|max| max == 0 || max < *min || max > count) {
                found.error(format!("{at}/max"), "The greatest number of choices does not fit the options");
            }
        }
        QuestionKind::Table { columns, min_rows, max_rows } => {
            table(at, columns, found);
            within(&format!("{at}/max_rows"), *max_rows, 1, 200, found);
            if min_rows > max_rows {
                found.error(format!("{at}/min_rows"), "More rows are demanded than allowed");
            }
        }
        QuestionKind::File { max_mb } => within(&format!("{at}/max_mb"), *max_mb, 1, 100, found),
        QuestionKind::Money { .. } | QuestionKind::Date { .. } | QuestionKind::YesNo | QuestionKind::Country { .. } => {
        }
    }
}

fn table(at: &str, columns: &[Column], found: &mut Findings) {
    found.keys(&format!("{at}/columns"), columns.iter().map(|c| c.key.as_str()));
    for (i, column) in columns.iter().enumerate() {
        found.filled(format!("{at}/columns/{i}/label"), &column.label);
    }
    if columns.is_empty() || columns.len() > 12 {
        found.error(format!("{at}/columns"), "A table has 1 to 12 columns");
    }
}

fn within(at: &str, value: u32, min: u32, max: u32, found: &mut Findings) {
    if !(min..=max).contains(&value) {
        found.error(at, format!("Choose a number between {min} and {max}"));
    }
}
