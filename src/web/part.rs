//! Pieces that every page or form repeats. The text of a macro or of a parent template is compiled anew for each page
//! that uses it; these are compiled once, which the program's build time shows.

use super::{FieldErrors, Frame};
use askama::{Result, Template};
use std::fmt::Display;

/// From the beginning of a page to its heading.
#[derive(Template)]
#[template(path = "components/page/top.html")]
pub struct Top<'a> {
    frame: &'a Frame,
}

/// What everybody has to know, below the heading.
#[derive(Template)]
#[template(path = "components/page/notice.html")]
pub struct NoticeBar<'a> {
    frame: &'a Frame,
}

impl Frame {
    pub fn top(&self) -> Top<'_> {
        Top { frame: self }
    }

    pub fn notice_bar(&self) -> NoticeBar<'_> {
        NoticeBar { frame: self }
    }
}

#[derive(Template)]
#[template(path = "components/form/hidden.html")]
struct Hidden<'a> {
    frame: &'a Frame,
    key: &'a str,
    version: String,
}

/// The hidden fields of a form.
///
/// # Errors
/// When the template fails, as all of these.
pub fn hidden(frame: &Frame, key: impl AsRef<str>, version: impl Display) -> Result<String> {
    Hidden { frame, key: key.as_ref(), version: version.to_string() }.render()
}

#[derive(Template)]
#[template(path = "components/form/summary.html")]
struct Summary<'a> {
    errors: &'a FieldErrors,
}

/// All that is wrong with a form, with the way to each field.
///
/// # Errors
/// When the template fails.
pub fn summary(errors: &FieldErrors) -> Result<String> {
    Summary { errors }.render()
}

#[derive(Template)]
#[template(path = "components/form/notes.html")]
struct Notes<'a> {
    errors: &'a FieldErrors,
    name: &'a str,
    hint: &'a str,
}

/// Hint and message of a field.
///
/// # Errors
/// When the template fails.
pub fn notes(errors: &FieldErrors, name: impl AsRef<str>, hint: impl AsRef<str>) -> Result<String> {
    Notes { errors, name: name.as_ref(), hint: hint.as_ref() }.render()
}

#[derive(Template)]
#[template(path = "components/form/told.html")]
struct Told<'a> {
    errors: &'a FieldErrors,
    name: &'a str,
    hint: &'a str,
}

/// What a field says to screen readers: where its hint and message are.
///
/// # Errors
/// When the template fails.
pub fn told(errors: &FieldErrors, name: impl AsRef<str>, hint: impl AsRef<str>) -> Result<String> {
    Told { errors, name: name.as_ref(), hint: hint.as_ref() }.render()
}

#[derive(Template)]
#[template(path = "components/form/head.html")]
struct Head<'a> {
    name: &'a str,
    label: &'a str,
    required: bool,
    notes: String,
}

/// Label, hint and message of a field.
///
/// # Errors
/// When the template fails.
pub fn head(
    errors: &FieldErrors,
    name: impl AsRef<str>,
    label: impl AsRef<str>,
    hint: impl AsRef<str>,
    required: &bool,
) -> Result<String> {
    let (name, label, required) = (name.as_ref(), label.as_ref(), *required);
    Head { notes: notes(errors, name, hint)?, name, label, required }.render()
}

#[derive(Template)]
#[template(path = "components/form/legend.html")]
struct Legend<'a> {
    label: &'a str,
    required: bool,
    notes: String,
}

/// Legend, hint and message of a group of fields.
///
/// # Errors
/// When the template fails.
pub fn legend(
    errors: &FieldErrors,
    name: impl AsRef<str>,
    label: impl AsRef<str>,
    hint: impl AsRef<str>,
    required: &bool,
) -> Result<String> {
    let (label, required) = (label.as_ref(), *required);
    Legend { notes: notes(errors, name, hint)?, label, required }.render()
}

#[derive(Template)]
#[template(path = "components/form/text.html")]
struct Text<'a> {
    head: String,
    told: String,
    name: &'a str,
    value: String,
    required: bool,
    kind: &'a str,
    autocomplete: &'a str,
    width: &'a str,
    suffix: &'a str,
    show_if: &'a str,
}

/// A field of one line.
///
/// # Errors
/// When the template fails.
pub fn text(
    errors: &FieldErrors,
    name: impl AsRef<str>,
    label: impl AsRef<str>,
    value: impl Display,
    hint: impl AsRef<str>,
    required: &bool,
    kind: impl AsRef<str>,
    autocomplete: impl AsRef<str>,
    width: impl AsRef<str>,
    suffix: impl AsRef<str>,
    show_if: impl AsRef<str>,
) -> Result<String> {
    let (name, hint, required) = (name.as_ref(), hint.as_ref(), *required);
    Text {
        head: head(errors, name, label, hint, &required)?,
        told: told(errors, name, hint)?,
        name,
        value: value.to_string(),
        required,
        kind: kind.as_ref(),
        autocomplete: autocomplete.as_ref(),
        width: width.as_ref(),
        suffix: suffix.as_ref(),
        show_if: show_if.as_ref(),
    }
    .render()
}
