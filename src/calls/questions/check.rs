//! Whether an answer is complete and within its limits, and which questions are asked at all.

use super::read::typed;
use entity::types::{
    country::Country,
    decimal,
    money::Currency,
    period,
    terms::{Column, ColumnKind, Named, Question, QuestionKind, Section},
    text,
};
use serde_json::Value;
use std::collections::BTreeMap;

/// What is wrong with an answer that is there; an absent one is never wrong here (see [`missing`]).
pub fn check(question: &Question, value: &Value) -> Vec<String> {
    if is_empty(value) {
        return Vec::new();
    }
    if typed(value).is_some() {
        return vec![wanted(&question.kind)];
    }
    match (&question.kind, value) {
        (QuestionKind::Line { max_chars }, Value::String(line)) => {
            let n = line.chars().count();
            over(n, *max_chars, "characters")
        }
        (QuestionKind::Text { max_words }, Value::String(prose)) => over(text::words(prose), *max_words, "words"),
        (QuestionKind::Number { decimals, min, max, .. }, value) => number(value, *decimals, *min, *max),
        (QuestionKind::Money { currency }, value) => money(value, *currency),
        (QuestionKind::Date { earliest, latest }, Value::String(day)) => match period::parse_day(day) {
            Err(_) => vec![wanted(&question.kind)],
            Ok(day) if earliest.is_some_and(|e| day < e) => {
                earliest.map(|e| vec![format!("Choose {} or later", period::day(e))]).unwrap_or_default()
            }
            Ok(day) if latest.is_some_and(|l| day > l) => {
                latest.map(|l| vec![format!("Choose {} or earlier", period::day(l))]).unwrap_or_default()
            }
            Ok(_) => Vec::new(),
        },
        (QuestionKind::YesNo, Value::Bool(_)) | (QuestionKind::File { .. }, Value::String(_)) => Vec::new(),
        (QuestionKind::Choice { options }, Value::String(key)) if known(options, key) => Vec::new(),
        (QuestionKind::Choices { options, min, max }, Value::Array(list)) => choices(options, *min, *max, list),
        (QuestionKind::Country { several: false }, Value::String(code)) if code.parse::<Country>().is_ok() => {
            Vec::new()
        }
        (QuestionKind::Country { several: true }, Value::Array(list)) => {
            let fine = |v: &Value| v.as_str().is_some_and(|c| c.parse::<Country>().is_ok());
            if list.iter().all(fine) { Vec::new() } else { vec![wanted(&question.kind)] }
        }
        (QuestionKind::Table { columns, min_rows, max_rows }, Value::Array(rows)) => {
            table(columns, *min_rows, *max_rows, rows)
        }
        _ => vec![wanted(&question.kind)],
    }
}

/// Whether nothing was answered.
pub fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}

/// Whether the condition of a question holds; a question without one is always asked.
pub fn condition_met(question: &Question, answers: &BTreeMap<String, Value>) -> bool {
    let Some(condition) = &question.show_if else { return true };
    let wanted = |key: &str| condition.is.iter().any(|is| is == key);
    match answers.get(&condition.question) {
        Some(Value::Bool(yes)) => wanted(if *yes { "yes" } else { "no" }),
        Some(Value::String(key)) => wanted(key),
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).any(wanted),
        _ => false,
    }
}

/// The questions that are asked: their condition holds and the question it looks at is asked itself.
pub fn shown_questions<'a>(questions: &'a [Question], answers: &BTreeMap<String, Value>) -> Vec<&'a Question> {
    let mut shown: Vec<&Question> = Vec::new();
    for question in questions {
        let asked = question.show_if.as_ref().is_none_or(|c| shown.iter().any(|q| q.key == c.question));
        if asked && condition_met(question, answers) {
            shown.push(question);
        }
    }
    shown
}

/// What a section still lacks before it may be submitted: the question's key and what to do.
pub fn missing(section: &Section, answers: &BTreeMap<String, Value>) -> Vec<(String, String)> {
    missing_in(&section.questions, answers)
}

/// Like [`missing`] for a list of questions, such as an annex's own.
pub fn missing_in(questions: &[Question], answers: &BTreeMap<String, Value>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for question in shown_questions(questions, answers) {
        let value = answers.get(&question.key).unwrap_or(&Value::Null);
        if is_empty(value) {
            if question.required {
                found.push((question.key.clone(), "Answer this question".to_owned()));
            }
        } else {
            found.extend(check(question, value).into_iter().map(|message| (question.key.clone(), message)));
        }
    }
    found
}

fn over(n: usize, max: u32, what: &str) -> Vec<String> {
    let max = usize::try_from(max).unwrap_or(usize::MAX);
    if n > max { vec![format!("Use at most {max} {what}; this has {n}")] } else { Vec::new() }
}

fn wanted(kind: &QuestionKind) -> String {
    match kind {
        QuestionKind::Number { decimals: 0, .. } => "Enter a whole number".to_owned(),
        QuestionKind::Number { decimals, .. } => format!("Enter a number with at most {decimals} decimals"),
        QuestionKind::Money { currency } => format!("Enter an amount in {currency}, for example 1234.50"),
        QuestionKind::Date { .. } => "Enter a date, for example 2017-10-31".to_owned(),
        QuestionKind::YesNo => "Choose yes or no".to_owned(),
        QuestionKind::Choice { .. } => "Choose one from the list".to_owned(),
        QuestionKind::Choices { .. } => "Choose from the list".to_owned(),
        QuestionKind::Country { several: false } => "Choose a country from the list".to_owned(),
        QuestionKind::Country { several: true } => "Choose countries from the list".to_owned(),
        QuestionKind::File { .. } => "Upload a file".to_owned(),
        QuestionKind::Line { .. } | QuestionKind::Text { .. } => "Enter a text".to_owned(),
        QuestionKind::Table { .. } => "Fill in the table".to_owned(),
    }
}

fn number(value: &Value, decimals: u32, min: Option<i64>, max: Option<i64>) -> Vec<String> {
    let typed = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    };
    let Ok(n) = decimal::parse(&typed, decimals) else {
        return vec![wanted(&QuestionKind::Number { decimals, min, max, unit: String::new() })];
    };
    let unit = 10i128.pow(decimals);
    if let Some(min) = min.filter(|min| i128::from(n) < i128::from(*min) * unit) {
        return vec![format!("Enter {min} or more")];
    }
    if let Some(max) = max.filter(|max| i128::from(n) > i128::from(*max) * unit) {
        return vec![format!("Enter {max} or less")];
    }
    Vec::new()
}

fn money(value: &Value, currency: Currency) -> Vec<String> {
    match serde_json::from_value::<entity::types::money::Money>(value.clone()) {
        Ok(money) if money.currency == currency => Vec::new(),
        _ => vec![wanted(&QuestionKind::Money { currency })],
    }
}

fn known(options: &[Named], key: &str) -> bool {
    options.iter().any(|o| o.key == key)
}

fn choices(options: &[Named], min: u32, max: Option<u32>, list: &[Value]) -> Vec<String> {
    if !list.iter().all(|v| v.as_str().is_some_and(|key| known(options, key))) {
        return vec!["Choose from the list".to_owned()];
    }
    let n = u32::try_from(list.len()).unwrap_or(u32::MAX);
    if n < min {
        return vec![format!("Choose at least {min}")];
    }
    max.filter(|max| n > *max).map(|max| vec![format!("Choose at most {max}")]).unwrap_or_default()
}

fn table(columns: &[Column], min_rows: u32, max_rows: u32, rows: &[Value]) -> Vec<String> {
    let mut found = Vec::new();
    let n = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    if n < min_rows {
        found.push(format!("Fill in at least {min_rows} rows"));
    }
    if n > max_rows {
        found.push(format!("Use at most {max_rows} rows; this has {n}"));
    }
    for (i, row) in rows.iter().enumerate() {
        for column in columns {
            let message = match row.get(&column.key) {
                None | Some(Value::Null) if column.required => Some("Fill this in"),
                None | Some(Value::Null) => None,
                Some(value) if !cell_fits(column.kind, value) => Some(match column.kind {
                    ColumnKind::Text => "Enter a text",
                    ColumnKind::Number => "Enter a number",
                    ColumnKind::Date => "Enter a date, for example 2017-10-31",
                    ColumnKind::Country => "Choose a country from the list",
                }),
                Some(_) => None,
            };
            if let Some(message) = message {
                found.push(format!("Row {}, {}: {message}", i + 1, column.label));
            }
        }
    }
    found
}

fn cell_fits(kind: ColumnKind, value: &Value) -> bool {
    let Some(text) = value.as_str() else { return false };
    match kind {
        ColumnKind::Text => !text.trim().is_empty(),
        ColumnKind::Number => decimal::parse(text, 2).is_ok(),
        ColumnKind::Date => period::parse_day(text).is_ok(),
        ColumnKind::Country => text.parse::<Country>().is_ok(),
    }
}
