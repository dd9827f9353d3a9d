//! Reading a call file: all its mistakes at once, each with its place.

use super::{file::CallFile, places, schema};
use crate::calls::rules::Severity;
use serde_json::Value;
use std::fmt;

/// No real call comes near this; a file beyond it is not read at all.
pub const MOST_BYTES: usize = 2_000_000;
/// The format needs about ten levels.
const MOST_LEVELS: usize = 32;
/// Nobody corrects more than this in one go.
const MOST_MISTAKES: usize = 200;

/// One mistake in a call file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// JSON pointer; empty for the whole file.
    pub at: String,
    pub line: Option<usize>,
    pub message: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        if !self.at.is_empty() {
            write!(f, "{}: ", self.at)?;
        }
        f.write_str(&self.message)
    }
}

/// Reads a call file.
///
/// # Errors
/// With every mistake found: of JSON, of the schema, or of the terms, in this order; a later kind is only
/// looked for when the earlier kinds are clean.
pub fn read(text: &str) -> Result<CallFile, Vec<Mistake>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.len() > MOST_BYTES {
        return Err(vec![whole(format!("The file has {} bytes; a call file has at most {MOST_BYTES}", text.len()))]);
    }
    let value: Value = serde_json::from_str(text).map_err(|error| vec![syntax(&error)])?;
    let places = places::of(text);
    if places.depth > MOST_LEVELS {
        return Err(vec![whole(format!("The file is nested deeper than {MOST_LEVELS} levels"))]);
    }
    let place = |at: String, message: String| Mistake { line: places.line(&at), at, message };

    let twice = places.twice.iter().map(|(at, line)| {
        let name = at.rsplit('/').next().unwrap_or_default();
        Mistake { at: at.clone(), line: Some(*line), message: format!("“{name}” stands here twice") }
    });
    let complaints = schema::complaints(&value).into_iter().map(|(at, message)| place(at, message));
    refuse(twice.chain(complaints).collect())?;

    let file: CallFile = serde_json::from_value(value).map_err(|error| vec![whole(error.to_string())])?;
    let mut mistakes: Vec<Mistake> = file
        .findings()
        .into_iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| place(finding.at, finding.message))
        .collect();
    for (i, annex) in file.annexes.iter().enumerate() {
        if file.annexes[..i].iter().any(|other| other.agency.key == annex.agency.key) {
            let message = format!("The agency “{}” stands there twice", annex.agency.key);
            mistakes.push(place(format!("/annexes/{i}/agency/key"), message));
        }
    }
    refuse(mistakes)?;
    Ok(file)
}

fn refuse(mut mistakes: Vec<Mistake>) -> Result<(), Vec<Mistake>> {
    if mistakes.is_empty() {
        return Ok(());
    }
    mistakes.sort_by(|a, b| (a.line, &a.at).cmp(&(b.line, &b.at)));
    mistakes.dedup();
    let all = mistakes.len();
    if all > MOST_MISTAKES {
        mistakes.truncate(MOST_MISTAKES);
        mistakes.push(whole(format!("{} more mistakes are not shown", all - MOST_MISTAKES)));
    }
    Err(mistakes)
}

fn whole(message: String) -> Mistake {
    Mistake { at: String::new(), line: None, message }
}

fn syntax(error: &serde_json::Error) -> Mistake {
    let text = error.to_string();
    let what = text.split(" at line ").next().unwrap_or(&text);
    let what = if what.starts_with("EOF") { "the file ends too early" } else { what };
    let message = format!("This is not JSON: {what} (column {})", error.column());
    Mistake { at: String::new(), line: Some(error.line()), message }
}
