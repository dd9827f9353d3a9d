//! Answers as people read them: check your answers, receipts, exports.

use super::read::typed;
use entity::types::{
    country::Country,
    money::Money,
    period,
    terms::{Column, ColumnKind, Named, Question, QuestionKind},
};
use serde_json::Value;

/// The answer in words; empty when there is none; what could not be read stands as it was typed.
pub fn text(question: &Question, value: &Value) -> String {
    if let Some(typed) = typed(value) {
        return typed.to_owned();
    }
    match (&question.kind, value) {
        (_, Value::Null) => String::new(),
        (QuestionKind::Number { unit, .. }, Value::String(n)) if !unit.is_empty() => format!("{n} {unit}"),
        (QuestionKind::Money { .. }, value) => {
            serde_json::from_value::<Money>(value.clone()).map(|m| m.to_string()).unwrap_or_default()
        }
        (QuestionKind::Date { .. }, Value::String(day)) => date(day),
        (_, Value::Bool(yes)) => if *yes { "Yes" } else { "No" }.to_owned(),
        (QuestionKind::Choice { options }, Value::String(key)) => label(options, key),
        (QuestionKind::Choices { options, .. }, Value::Array(list)) => {
            joined(list, "; ", |v| v.as_str().map_or_else(|| raw(v), |key| label(options, key)))
        }
        (QuestionKind::Country { .. }, Value::String(code)) => country(code),
        (QuestionKind::Country { .. }, Value::Array(list)) => {
            joined(list, ", ", |v| v.as_str().map_or_else(|| raw(v), country))
        }
        (QuestionKind::Table { columns, .. }, Value::Array(rows)) => joined(rows, "\n", |row| table_row(columns, row)),
        (_, Value::String(text)) => text.clone(),
        (_, Value::Number(number)) => number.to_string(),
        (_, Value::Array(_) | Value::Object(_)) => String::new(),
    }
}

fn joined(list: &[Value], between: &str, one: impl Fn(&Value) -> String) -> String {
    list.iter().map(one).collect::<Vec<_>>().join(between)
}

fn raw(value: &Value) -> String {
    typed(value).unwrap_or_default().to_owned()
}

fn label(options: &[Named], key: &str) -> String {
    options.iter().find(|o| o.key == key).map_or_else(|| key.to_owned(), |o| o.label.clone())
}

fn date(day: &str) -> String {
    period::parse_day(day).map_or_else(|_| day.to_owned(), period::day)
}

fn country(code: &str) -> String {
    code.parse::<Country>().map_or_else(|_| code.to_owned(), |c| c.name().to_owned())
}

fn table_row(columns: &[Column], row: &Value) -> String {
    let cells = columns.iter().filter_map(|column| {
        let value = row.get(&column.key)?;
        let text = match (column.kind, value.as_str()) {
            (_, None) => raw(value),
            (ColumnKind::Date, Some(day)) => date(day),
            (ColumnKind::Country, Some(code)) => country(code),
            (_, Some(text)) => text.to_owned(),
        };
        Some(format!("{}: {text}", column.label))
    });
    cells.collect::<Vec<_>>().join("; ")
}
