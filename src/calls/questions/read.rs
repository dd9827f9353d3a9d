//! From what a form or a program sends to the value that is kept, and back.

use entity::types::{
    BadValue,
    country::Country,
    decimal,
    money::Money,
    period,
    terms::{Column, ColumnKind, Question, QuestionKind},
    text,
};
use serde_json::{Map, Value, json};

/// What a form sends for one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RawAnswer {
    One(String),
    Many(Vec<String>),
    Rows(Vec<Vec<String>>),
}

/// More than this is no answer but an attack; five thousand words are about a third of it.
const MOST_CHARS: usize = 100_000;
const MOST_ITEMS: usize = 500;

/// Reads an answer; what cannot be read as the question's kind is kept as it was typed.
///
/// # Errors
/// When the answer is too large to keep or has the shape of another kind of question.
pub fn read(question: &Question, raw: &RawAnswer) -> Result<Value, BadValue> {
    size(raw)?;
    match (&question.kind, raw) {
        (QuestionKind::Table { columns, .. }, RawAnswer::Rows(rows)) => Ok(table(columns, rows)),
        (QuestionKind::Table { .. }, RawAnswer::One(one)) if one.trim().is_empty() => Ok(Value::Null),
        (QuestionKind::Table { .. }, _) | (_, RawAnswer::Rows(_)) => {
            Err(BadValue::new("This answer does not have the shape of the question"))
        }
        (QuestionKind::Choices { .. } | QuestionKind::Country { several: true }, RawAnswer::Many(list)) => {
            Ok(several(&question.kind, list))
        }
        (QuestionKind::Choices { .. } | QuestionKind::Country { several: true }, RawAnswer::One(one)) => {
            Ok(several(&question.kind, &one.split(',').map(str::to_owned).collect::<Vec<_>>()))
        }
        (kind, RawAnswer::One(typed)) => Ok(single(kind, typed)),
        (kind, RawAnswer::Many(list)) => match list.as_slice() {
            [] => Ok(Value::Null),
            [one] => Ok(single(kind, one)),
            _ => Err(BadValue::new("Give one answer to this question")),
        },
    }
}

/// The form of a kept answer, to fill the fields again.
pub fn raw(question: &Question, value: &Value) -> RawAnswer {
    match (&question.kind, value) {
        (QuestionKind::Table { columns, .. }, Value::Array(rows)) => RawAnswer::Rows(
            rows.iter()
                .map(|row| columns.iter().map(|c| plain(row.get(&c.key).unwrap_or(&Value::Null))).collect())
                .collect(),
        ),
        (QuestionKind::Table { .. }, _) => RawAnswer::Rows(Vec::new()),
        (_, Value::Array(list)) => RawAnswer::Many(list.iter().map(plain).collect()),
        (QuestionKind::Choices { .. } | QuestionKind::Country { several: true }, Value::Null) => {
            RawAnswer::Many(Vec::new())
        }
        (_, value) => RawAnswer::One(plain(value)),
    }
}

/// What somebody typed that could not be read.
pub(super) fn typed(value: &Value) -> Option<&str> {
    value.as_object().filter(|o| o.len() == 1).and_then(|o| o.get("raw")).and_then(Value::as_str)
}

fn plain(value: &Value) -> String {
    if let Some(typed) = typed(value) {
        return typed.to_owned();
    }
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Object(_) => value.get("amount").and_then(Value::as_str).unwrap_or_default().to_owned(),
        Value::Null | Value::Array(_) => String::new(),
    }
}

fn size(raw: &RawAnswer) -> Result<(), BadValue> {
    let (items, chars) = match raw {
        RawAnswer::One(one) => (1, one.len()),
        RawAnswer::Many(list) => (list.len(), list.iter().map(String::len).sum()),
        RawAnswer::Rows(rows) => (rows.len(), rows.iter().flatten().map(String::len).sum()),
    };
    if items > MOST_ITEMS || chars > MOST_CHARS {
        return Err(BadValue::new("The answer is too long to be kept; shorten it"));
    }
    Ok(())
}

fn single(kind: &QuestionKind, typed: &str) -> Value {
    let value = typed.trim();
    if value.is_empty() {
        return Value::Null;
    }
    let read = match kind {
        QuestionKind::Text { .. } => text::prose(typed, MOST_CHARS).map(Value::String),
        QuestionKind::Line { .. } => text::line(value, MOST_CHARS).map(Value::String),
        QuestionKind::Number { decimals, .. } => {
            decimal::parse(value, *decimals).map(|n| Value::String(decimal::plain(n, *decimals)))
        }
        QuestionKind::Money { currency } => {
            let bare = value.trim_end_matches(currency.code()).trim();
            Money::parse(bare, *currency).map(|m| json!({ "amount": m.amount(), "currency": m.currency.code() }))
        }
        QuestionKind::Date { .. } => period::parse_day(value).map(|d| Value::String(d.to_string())),
        QuestionKind::YesNo => match value.to_lowercase().as_str() {
            "yes" | "true" | "on" | "1" => Ok(Value::Bool(true)),
            "no" | "false" | "off" | "0" => Ok(Value::Bool(false)),
            _ => Err(BadValue::new("Choose yes or no")),
        },
        QuestionKind::Choice { options } => options
            .iter()
            .find(|o| o.key == value)
            .map(|o| Value::String(o.key.clone()))
            .ok_or_else(|| BadValue::new("Choose one from the list")),
        QuestionKind::Country { .. } => value.parse::<Country>().map(|c| Value::String(c.code().to_owned())),
        QuestionKind::File { .. } => text::line(value, 200).map(Value::String),
        QuestionKind::Choices { .. } | QuestionKind::Table { .. } => return keep(typed),
    };
    read.unwrap_or_else(|_| keep(typed))
}

fn several(kind: &QuestionKind, list: &[String]) -> Value {
    let given: Vec<&str> = list.iter().map(|s| s.trim()).filter(|s| !s.is_empty()).collect();
    let mut values: Vec<Value> = Vec::new();
    match kind {
        QuestionKind::Choices { options, .. } => {
            let known = options.iter().filter(|o| given.contains(&o.key.as_str()));
            values.extend(known.map(|o| Value::String(o.key.clone())));
            let strange = given.iter().filter(|g| !options.iter().any(|o| o.key == **g));
            values.extend(strange.map(|g| keep(g)));
        }
        _ => {
            for text in given {
                let value = text.parse::<Country>().map_or_else(|_| keep(text), |c| Value::String(c.code().to_owned()));
                if !values.contains(&value) {
                    values.push(value);
                }
            }
        }
    }
    if values.is_empty() { Value::Null } else { Value::Array(values) }
}

fn table(columns: &[Column], rows: &[Vec<String>]) -> Value {
    let rows: Vec<Value> = rows
        .iter()
        .filter(|row| row.iter().any(|cell| !cell.trim().is_empty()))
        .map(|row| {
            let mut cells = Map::new();
            for (column, typed) in columns.iter().zip(row) {
                if !typed.trim().is_empty() {
                    cells.insert(column.key.clone(), cell(column.kind, typed));
                }
            }
            Value::Object(cells)
        })
        .collect();
    if rows.is_empty() { Value::Null } else { Value::Array(rows) }
}

fn cell(kind: ColumnKind, typed: &str) -> Value {
    let read = match kind {
        ColumnKind::Text => text::prose(typed, MOST_CHARS).map(|t| t.trim().to_owned()),
        ColumnKind::Number => decimal::parse(typed, 2).map(|n| decimal::plain(n, 2)),
        ColumnKind::Date => period::parse_day(typed).map(|d| d.to_string()),
        ColumnKind::Country => typed.parse::<Country>().map(|c| c.code().to_owned()),
    };
    read.map_or_else(|_| keep(typed), Value::String)
}

fn keep(typed: &str) -> Value {
    json!({ "raw": typed })
}
