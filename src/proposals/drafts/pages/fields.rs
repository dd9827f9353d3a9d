//! The questions of a section as form fields, and the answers of a form.

use super::super::{commands::Typed, rules::Seen};
use crate::{
    calls::questions::{self, RawAnswer},
    web::{Choice, Posted},
};
use entity::types::{
    country::Country,
    terms::{Column, ColumnKind, Named, Question, QuestionKind, Section},
};
use serde_json::Value;
use std::collections::BTreeMap;

/// Empty rows a table offers beyond those that are filled in.
const SPARE_ROWS: usize = 1;
/// Rows and places added by the button.
const MORE: usize = 3;

/// How a question is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Line,
    Text,
    Number,
    Date,
    YesNo,
    Choice,
    Choices,
    Country,
    Countries,
    Table,
    File,
}

/// A question with its answer, ready for the form.
#[derive(Debug, Clone)]
pub struct Field {
    pub key: String,
    /// The name of its form field: `q.` and the key.
    pub name: String,
    pub label: String,
    /// A short guidance, shown below the label.
    pub hint: String,
    /// A long guidance, folded.
    pub guidance: String,
    pub required: bool,
    pub shape: Shape,
    pub words: u32,
    pub decimals: bool,
    pub unit: String,
    pub value: String,
    pub values: Vec<String>,
    pub choices: Vec<Choice>,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    pub more: bool,
    pub show_if: String,
    /// What somebody else wrote meanwhile, with who it was; shown when both changed it.
    pub theirs: Option<(String, String)>,
    /// The answer in words, for reading.
    pub text: String,
}

/// A cell of a table.
#[derive(Debug, Clone)]
pub struct Cell {
    pub name: String,
    pub kind: &'static str,
    pub value: String,
}

impl Field {
    /// The answers to choose from.
    pub fn options(&self) -> &[Choice] {
        &self.choices
    }

    /// The limit of a text, in words.
    pub fn most_words(&self) -> u32 {
        self.words
    }

    /// What the button for more rows sends.
    pub fn more_value(&self) -> String {
        format!("more:{}", self.key)
    }
}

/// The form field of a question.
pub fn name(key: &str) -> String {
    format!("q.{key}")
}

/// The fields of a section; `more` names the question that wants more rows.
pub fn fields(section: &Section, answers: &BTreeMap<String, Value>, more: &str) -> Vec<Field> {
    let raw = |q: &Question| questions::raw(q, answers.get(&q.key).unwrap_or(&Value::Null));
    let text = |q: &Question| questions::text(q, answers.get(&q.key).unwrap_or(&Value::Null));
    section.questions.iter().map(|q| field(section, q, raw(q), text(q), more == q.key)).collect()
}

/// The fields of a section with what was typed, to show it again.
pub fn typed_again(section: &Section, typed: &[Typed], more: &str) -> Vec<Field> {
    let sent = |q: &Question| {
        let found = typed.iter().find(|t| t.question == q.key).map(|t| t.raw.clone());
        found.unwrap_or_else(|| RawAnswer::One(String::new()))
    };
    section.questions.iter().map(|q| field(section, q, sent(q), String::new(), more == q.key)).collect()
}

fn field(section: &Section, question: &Question, raw: RawAnswer, text: String, more: bool) -> Field {
    let (value, values, sent) = match raw {
        RawAnswer::One(one) => (one.clone(), vec![one], Vec::new()),
        RawAnswer::Many(list) => (list.first().cloned().unwrap_or_default(), list, Vec::new()),
        RawAnswer::Rows(rows) => (String::new(), Vec::new(), rows),
    };
    let name = name(&question.key);
    let short = question.guidance.chars().count() <= 160;
    let mut hints: Vec<String> = Vec::new();
    if short && !question.guidance.is_empty() {
        hints.push(question.guidance.clone());
    }
    let mut field = Field {
        key: question.key.clone(),
        label: question.label.clone(),
        hint: String::new(),
        guidance: if short { String::new() } else { question.guidance.clone() },
        required: question.required,
        shape: Shape::Line,
        words: 0,
        decimals: false,
        unit: String::new(),
        value,
        values: values.into_iter().filter(|v| !v.trim().is_empty()).collect(),
        choices: Vec::new(),
        columns: Vec::new(),
        rows: Vec::new(),
        more: false,
        show_if: String::new(),
        theirs: None,
        text,
        name,
    };
    match &question.kind {
        QuestionKind::Line { max_chars } => hints.push(format!("At most {max_chars} characters")),
        QuestionKind::Text { max_words } => (field.shape, field.words) = (Shape::Text, *max_words),
        QuestionKind::Number { decimals, unit, .. } => {
            field.shape = Shape::Number;
            field.decimals = *decimals > 0;
            field.unit.clone_from(unit);
        }
        QuestionKind::Money { currency } => {
            field.shape = Shape::Number;
            field.decimals = true;
            field.unit = currency.code().to_owned();
        }
        QuestionKind::Date { .. } => field.shape = Shape::Date,
        QuestionKind::YesNo => {
            field.shape = Shape::YesNo;
            field.choices = vec![Choice::new("yes", "Yes"), Choice::new("no", "No")];
        }
        QuestionKind::Choice { options } => {
            field.shape = Shape::Choice;
            field.choices = named(options);
        }
        QuestionKind::Choices { options, min, max } => {
            field.shape = Shape::Choices;
            field.choices = named(options);
            match (min, max) {
                (0 | 1, None) => {}
                (min, None) => hints.push(format!("Choose at least {min}")),
                (0, Some(max)) => hints.push(format!("Choose at most {max}")),
                (min, Some(max)) => hints.push(format!("Choose {min} to {max}")),
            }
        }
        QuestionKind::Country { several: false } => {
            field.shape = Shape::Country;
            field.choices = countries();
        }
        QuestionKind::Country { several: true } => {
            field.shape = Shape::Countries;
            field.choices = countries();
            let places = field.values.len() + if more { MORE } else { SPARE_ROWS };
            field.values.resize(places, String::new());
            field.more = true;
        }
        QuestionKind::Table { columns, min_rows, max_rows } => {
            field.shape = Shape::Table;
            let (least, most) = (count(*min_rows), count(*max_rows));
            let spare = if more { MORE } else { SPARE_ROWS };
            let rows = (sent.len() + spare).max(least).min(most.max(sent.len()));
            field.rows = (0..rows).map(|i| row(&field.name, columns, sent.get(i), i)).collect();
            field.more = rows < most;
            field.columns = columns.clone();
            hints.push(match (min_rows, max_rows) {
                (0, most) => format!("At most {most} rows"),
                (least, most) => format!("{least} to {most} rows"),
            });
        }
        QuestionKind::File { max_mb } => {
            field.shape = Shape::File;
            hints.push(format!("At most {max_mb} MB"));
        }
    }
    if let Some(condition) = &question.show_if {
        field.show_if = format!("{}={}", self::name(&condition.question), condition.is.join("|"));
        if let Some(words) = condition_in_words(section, &condition.question, &condition.is) {
            hints.push(words);
        }
    }
    field.hint = hints.join(". ");
    field
}

/// For people without script, who see the question in any case.
fn condition_in_words(section: &Section, key: &str, wanted: &[String]) -> Option<String> {
    let question = section.questions.iter().find(|q| q.key == key)?;
    let word = |key: &String| match &question.kind {
        QuestionKind::Choice { options } | QuestionKind::Choices { options, .. } => {
            options.iter().find(|o| o.key == *key).map_or_else(|| key.clone(), |o| o.label.clone())
        }
        _ => key.clone(),
    };
    let answers: Vec<String> = wanted.iter().map(|key| format!("“{}”", word(key))).collect();
    Some(format!("Only when “{}” is {}", question.label, answers.join(" or ")))
}

fn count(n: u32) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX).min(200)
}

fn named(options: &[Named]) -> Vec<Choice> {
    options.iter().map(|o| Choice::new(&o.key, &o.label)).collect()
}

/// All countries, by name.
pub fn countries() -> Vec<Choice> {
    Country::all().iter().map(|c| Choice::new(c.code(), c.name())).collect()
}

fn row(name: &str, columns: &[Column], sent: Option<&Vec<String>>, at: usize) -> Vec<Cell> {
    let cell = |(i, column): (usize, &Column)| Cell {
        name: format!("{name}.{at}.{}", column.key),
        kind: match column.kind {
            ColumnKind::Text => "text",
            ColumnKind::Number => "number",
            ColumnKind::Date => "date",
            ColumnKind::Country => "country",
        },
        value: sent.and_then(|row| row.get(i)).cloned().unwrap_or_default(),
    };
    columns.iter().enumerate().map(cell).collect()
}

/// The answers of a posted form. A question counts as sent when the form was made with it, so that a box without
/// a tick is an empty answer; `seen` says which those are and what they were.
pub fn typed(section: &Section, posted: &Posted, seen: &[(String, String)]) -> Vec<Typed> {
    let one = |question: &Question| {
        let digest = seen.iter().find(|(key, _)| *key == question.key).map(|(_, digest)| digest.clone())?;
        let name = name(&question.key);
        let raw = match &question.kind {
            QuestionKind::File { .. } => return None,
            QuestionKind::Table { columns, .. } => RawAnswer::Rows(rows(&name, columns, posted)),
            QuestionKind::Choices { .. } | QuestionKind::Country { several: true } => {
                RawAnswer::Many(posted.all(&name).into_iter().filter(|v| !v.trim().is_empty()).collect())
            }
            _ => RawAnswer::One(posted.text(&name).to_owned()),
        };
        Some(Typed { question: question.key.clone(), raw, seen: Seen::Digest(digest) })
    };
    section.questions.iter().filter_map(one).collect()
}

fn rows(name: &str, columns: &[Column], posted: &Posted) -> Vec<Vec<String>> {
    let mut found: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for (field, value) in posted.fields() {
        let Some(rest) = field.strip_prefix(name).and_then(|rest| rest.strip_prefix('.')) else { continue };
        let Some((at, column)) = rest.split_once('.') else { continue };
        let (Ok(at), Some(i)) = (at.parse::<usize>(), columns.iter().position(|c| c.key == column)) else { continue };
        found.entry(at).or_insert_with(|| vec![String::new(); columns.len()])[i].clone_from(value);
    }
    found.into_values().filter(|row| row.iter().any(|cell| !cell.trim().is_empty())).collect()
}

/// A kept answer as the fields of a form would hold it, for the script that shows two versions.
pub fn as_fields(question: &Question, value: &Value) -> Vec<(String, Vec<String>)> {
    let name = name(&question.key);
    match (questions::raw(question, value), &question.kind) {
        (RawAnswer::Rows(sent), QuestionKind::Table { columns, .. }) => {
            let cells = sent.iter().enumerate().flat_map(|(at, values)| {
                let name = &name;
                columns.iter().zip(values).map(move |(c, v)| (format!("{name}.{at}.{}", c.key), vec![v.clone()]))
            });
            cells.collect()
        }
        (RawAnswer::One(one), _) => vec![(name, vec![one])],
        (RawAnswer::Many(list), _) => vec![(name, list)],
        (RawAnswer::Rows(_), _) => Vec::new(),
    }
}
