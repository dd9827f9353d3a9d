//! The fields of the editor's pages as data, so that one template shows them all, with the mark of each value
//! beside it and with what was typed after a mistake.

use crate::{
    calls::public::rules::{basis_word, mark_of},
    web::{Choice, Posted},
};
use entity::types::terms::Mark;

/// How a field is filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Control {
    Line,
    /// A longer text of so many rows.
    Area(u32),
    /// A number with what stands behind it.
    Number(String),
    Date,
    /// A local time with its zone.
    DateTime(String),
    Select(Vec<Choice>),
    Radios(Vec<Choice>),
    Tick,
    Ticks(Vec<Choice>),
    /// The place in a list, small and named for screen readers only.
    Place,
    Hidden,
}

impl Control {
    /// The word style sheets know the control by.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::Area(_) => "area",
            Self::Number(_) => "number",
            Self::Date => "date",
            Self::DateTime(_) => "datetime",
            Self::Select(_) => "select",
            Self::Radios(_) => "radios",
            Self::Tick => "tick",
            Self::Ticks(_) => "ticks",
            Self::Place => "place",
            Self::Hidden => "hidden",
        }
    }
}

/// One field.
#[derive(Debug, Clone)]
pub struct Field {
    pub name: String,
    pub label: String,
    pub hint: String,
    pub value: String,
    pub chosen: Vec<String>,
    pub control: Control,
    pub required: bool,
    pub show_if: String,
    /// Where the value is in the call file.
    at: String,
    pub mark: Option<MarkShown>,
}

/// The word and reason beside a value that the published text does not state.
#[derive(Debug, Clone)]
pub struct MarkShown {
    pub word: &'static str,
    pub note: String,
}

impl MarkShown {
    fn of(mark: &Mark) -> Self {
        let mut note = mark.note.clone().unwrap_or_default();
        if !mark.source.is_empty() {
            let sources = format!("source: {}", mark.source.join(", "));
            note = if note.is_empty() { sources } else { format!("{note}; {sources}") };
        }
        Self { word: basis_word(mark.basis), note }
    }
}

impl Field {
    fn new(control: Control, name: impl Into<String>, label: impl Into<String>, value: impl ToString) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            hint: String::new(),
            value: value.to_string(),
            chosen: Vec::new(),
            control,
            required: true,
            show_if: String::new(),
            at: String::new(),
            mark: None,
        }
    }

    pub fn line(name: impl Into<String>, label: impl Into<String>, value: impl ToString) -> Self {
        Self::new(Control::Line, name, label, value)
    }

    pub fn area(name: impl Into<String>, label: impl Into<String>, value: impl ToString, rows: u32) -> Self {
        Self::new(Control::Area(rows), name, label, value)
    }

    pub fn number(name: impl Into<String>, label: impl Into<String>, value: impl ToString, unit: &str) -> Self {
        Self::new(Control::Number(unit.to_owned()), name, label, value)
    }

    pub fn optional_number(
        name: impl Into<String>,
        label: impl Into<String>,
        value: Option<impl ToString>,
        unit: &str,
    ) -> Self {
        let value = value.map(|v| v.to_string()).unwrap_or_default();
        Self::number(name, label, value, unit).optional()
    }

    pub fn date(name: impl Into<String>, label: impl Into<String>, value: Option<chrono::NaiveDate>) -> Self {
        let value = value.map(|d| d.to_string()).unwrap_or_default();
        Self::new(Control::Date, name, label, value).optional()
    }

    pub fn datetime(name: impl Into<String>, label: impl Into<String>, value: String, zone: &str) -> Self {
        Self::new(Control::DateTime(zone.to_owned()), name, label, value)
    }

    pub fn select(
        name: impl Into<String>,
        label: impl Into<String>,
        value: impl ToString,
        choices: Vec<Choice>,
    ) -> Self {
        Self::new(Control::Select(choices), name, label, value)
    }

    pub fn radios(
        name: impl Into<String>,
        label: impl Into<String>,
        value: impl ToString,
        choices: Vec<Choice>,
    ) -> Self {
        Self::new(Control::Radios(choices), name, label, value)
    }

    pub fn tick(name: impl Into<String>, label: impl Into<String>, ticked: bool) -> Self {
        Self::new(Control::Tick, name, label, if ticked { "yes" } else { "" }).optional()
    }

    pub fn ticks(name: impl Into<String>, label: impl Into<String>, chosen: Vec<String>, choices: Vec<Choice>) -> Self {
        Self { chosen, ..Self::new(Control::Ticks(choices), name, label, "").optional() }
    }

    pub fn place(name: impl Into<String>, label: impl Into<String>, value: impl ToString) -> Self {
        Self::new(Control::Place, name, label, value).optional()
    }

    pub fn hidden(name: impl Into<String>, value: impl ToString) -> Self {
        Self::new(Control::Hidden, name, "", value)
    }

    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: hint.into(), ..self }
    }

    #[must_use]
    pub fn optional(self) -> Self {
        Self { required: false, ..self }
    }

    /// Where the value is in the call file, for its mark.
    #[must_use]
    pub fn at(self, at: impl Into<String>) -> Self {
        Self { at: at.into(), ..self }
    }

    /// Shown only while another field has one of these values: `kind=text|line`.
    #[must_use]
    pub fn show_if(self, condition: impl Into<String>) -> Self {
        Self { show_if: condition.into(), ..self }
    }

    /// Whether the box is ticked.
    pub fn ticked(&self) -> bool {
        !self.value.is_empty()
    }
}

/// Fields that belong together, with rows of fields below them when there is a list.
#[derive(Debug, Clone, Default)]
pub struct Group {
    pub title: String,
    pub text: String,
    pub fields: Vec<Field>,
    pub rows: Vec<Row>,
    pub show_if: String,
    at: String,
    pub mark: Option<MarkShown>,
}

/// One member of a list.
#[derive(Debug, Clone)]
pub struct Row {
    pub title: String,
    pub fields: Vec<Field>,
    /// Whether the row has a frame of its own; small rows stand in one line.
    pub boxed: bool,
}

impl Group {
    pub fn new(title: impl Into<String>, fields: Vec<Field>) -> Self {
        Self { title: title.into(), fields, ..Self::default() }
    }

    #[must_use]
    pub fn text(self, text: impl Into<String>) -> Self {
        Self { text: text.into(), ..self }
    }

    #[must_use]
    pub fn rows(self, rows: Vec<Row>) -> Self {
        Self { rows, ..self }
    }

    /// Where the whole is in the call file, for its mark.
    #[must_use]
    pub fn at(self, at: impl Into<String>) -> Self {
        Self { at: at.into(), ..self }
    }

    /// Shown only while a field has one of these values.
    #[must_use]
    pub fn show_if(self, condition: impl Into<String>) -> Self {
        Self { show_if: condition.into(), ..self }
    }
}

/// Puts the marks beside the values; the mark of a whole stands once, at the group.
pub fn with_marks(mut groups: Vec<Group>, marks: &[Mark]) -> Vec<Group> {
    for group in &mut groups {
        let around = mark_of(marks, &group.at).filter(|_| !group.at.is_empty());
        group.mark = around.map(MarkShown::of);
        for field in fields(group) {
            let own = mark_of(marks, &field.at).filter(|mark| !field.at.is_empty() && Some(*mark) != around);
            field.mark = own.map(MarkShown::of);
        }
    }
    groups
}

/// Puts back what was typed.
pub fn with_typed(mut groups: Vec<Group>, posted: &Posted) -> Vec<Group> {
    for group in &mut groups {
        for field in fields(group) {
            match field.control {
                Control::Tick => field.value = if posted.ticked(&field.name) { "yes" } else { "" }.to_owned(),
                Control::Ticks(_) => field.chosen = posted.all(&field.name),
                _ if posted.has(&field.name) => field.value = posted.text(&field.name).to_owned(),
                _ => {}
            }
        }
    }
    groups
}

fn fields(group: &mut Group) -> impl Iterator<Item = &mut Field> {
    group.fields.iter_mut().chain(group.rows.iter_mut().flat_map(|row| row.fields.iter_mut()))
}

/// Choices of words and labels.
pub fn choices<V: Into<String>, L: Into<String>>(all: impl IntoIterator<Item = (V, L)>) -> Vec<Choice> {
    all.into_iter().map(|(value, label)| Choice::new(value, label)).collect()
}
