//! The schema of call files, and its complaints in plain words.

use entity::types::{codes, country::Country, money::Rate, period, points::Points, share::Share};
use jsonschema::{ValidationError, Validator, error::ValidationErrorKind};
use serde_json::Value;
use std::sync::OnceLock;

/// JSON Schema (draft 2020-12) of a call file.
pub const SCHEMA: &str = include_str!("call-file.schema.json");

static VALIDATOR: OnceLock<Result<Validator, String>> = OnceLock::new();

/// Whether a text is written in a form the schema only names.
type Fits = fn(&str) -> bool;

/// The named forms, each with what to write instead.
const FORMATS: [(&str, Fits, &str); 9] = [
    ("call-code", is_call_code, "3 to 24 capital letters, digits and dashes, for example IE-2017"),
    ("time-zone", |t| period::parse_zone(t).is_ok(), "a time zone such as Europe/Oslo"),
    ("country", is_country, "a country's two-letter code such as LT"),
    ("day", is_day, "a day such as 2017-10-31"),
    ("instant", |t| t.parse::<chrono::DateTime<chrono::Utc>>().is_ok(), "a time such as 2017-05-02T07:00:00Z"),
    ("local-time", |t| t.parse::<chrono::NaiveDateTime>().is_ok(), "a local time such as 2017-10-31T16:00:00"),
    ("share", |t| Share::parse(t).is_ok(), "a percentage from 0 to 100 with at most two decimals"),
    ("points", |t| Points::parse(t).is_ok(), "points with at most two decimals"),
    ("rate", |t| Rate::parse(t).is_ok(), "a rate above zero with at most six decimals, for example 0.1344"),
];

fn is_call_code(text: &str) -> bool {
    codes::call_code(text).is_ok_and(|code| code == text)
}

fn is_country(text: &str) -> bool {
    text.parse::<Country>().is_ok_and(|country| country.code() == text)
}

fn is_day(text: &str) -> bool {
    text.len() == 10 && text.parse::<chrono::NaiveDate>().is_ok()
}

/// Everything in a file that does not fit the schema: JSON pointer and sentence.
pub fn complaints(file: &Value) -> Vec<(String, String)> {
    match VALIDATOR.get_or_init(build) {
        Ok(validator) => validator.iter_errors(file).flat_map(|error| explain(&error)).collect(),
        Err(message) => vec![(String::new(), format!("The schema of this program is broken: {message}"))],
    }
}

/// Like [`complaints`], but gaps (empty texts, lists too short, missing values) are none: a draft may have them.
pub fn misfits(file: &Value) -> Vec<(String, String)> {
    let gap = |error: &ValidationError<'_>| {
        let empty = error.instance().as_str().is_some_and(str::is_empty);
        let kind = error.kind();
        use ValidationErrorKind::{MinItems, MinLength, Required};
        empty || matches!(kind, MinItems { .. } | MinLength { .. } | Required { .. })
    };
    match VALIDATOR.get_or_init(build) {
        Ok(validator) => validator.iter_errors(file).filter(|e| !gap(e)).flat_map(|error| explain(&error)).collect(),
        Err(message) => vec![(String::new(), format!("The schema of this program is broken: {message}"))],
    }
}

fn build() -> Result<Validator, String> {
    let schema: Value = serde_json::from_str(SCHEMA).map_err(|e| e.to_string())?;
    let mut options = jsonschema::options().should_validate_formats(true);
    for (name, fits, _) in FORMATS {
        options = options.with_format(name, fits);
    }
    options.build(&schema).map_err(|e| e.to_string())
}

fn explain(error: &ValidationError<'_>) -> Vec<(String, String)> {
    let at = error.instance_path().as_str().to_owned();
    let message = match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            return unexpected
                .iter()
                .map(|name| {
                    let name_at = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
                    (name_at, format!("“{name}” is not known here; remove it or correct its spelling"))
                })
                .collect();
        }
        ValidationErrorKind::Required { property } => {
            format!("“{}” is missing", property.as_str().unwrap_or_default())
        }
        ValidationErrorKind::Type { .. } => format!("Write {}", wanted(error)),
        ValidationErrorKind::Enum { options } => {
            let options: Vec<String> = options.as_array().into_iter().flatten().map(shown).collect();
            format!("Use one of {}", options.join(", "))
        }
        ValidationErrorKind::Constant { expected_value } => format!("This must be {}", shown(expected_value)),
        ValidationErrorKind::Format { format } => {
            let what = FORMATS.iter().find(|(name, ..)| name == format).map_or("another form", |(.., what)| what);
            format!("Write {what}")
        }
        ValidationErrorKind::Pattern { .. } => format!("Write {}", described(error)),
        ValidationErrorKind::MinItems { limit } => format!("Give at least {limit}"),
        ValidationErrorKind::MaxItems { limit } => format!("Give at most {limit}"),
        ValidationErrorKind::MinLength { .. } => "Fill this in".to_owned(),
        ValidationErrorKind::MaxLength { limit } => format!("Use at most {limit} characters"),
        ValidationErrorKind::Minimum { limit } => format!("Use a number not below {limit}"),
        ValidationErrorKind::Maximum { limit } => format!("Use a number not above {limit}"),
        ValidationErrorKind::MultipleOf { .. } => "Use at most two decimals".to_owned(),
        ValidationErrorKind::UniqueItems => "Nothing may stand twice in this list".to_owned(),
        _ => error.to_string(),
    };
    vec![(at, message)]
}

/// The type a value must have, in words, and what stands there.
fn wanted(error: &ValidationError<'_>) -> String {
    let types = keyword_beside(error, "type");
    let names: Vec<&str> = match &types {
        Some(Value::String(name)) => vec![name.as_str()],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let words: Vec<&str> = names.iter().filter(|n| **n != "null").map(|name| type_word(name)).collect();
    let found = match error.instance().as_ref() {
        Value::Null => "nothing",
        Value::Bool(_) => type_word("boolean"),
        Value::Number(_) => type_word("number"),
        Value::String(_) => type_word("string"),
        Value::Array(_) => type_word("array"),
        Value::Object(_) => type_word("object"),
    };
    format!("{} here, not {found}", words.join(" or "))
}

fn type_word(name: &str) -> &str {
    match name {
        "string" => "text in quotes",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        "array" => "a list [ ]",
        "object" => "an object { }",
        other => other,
    }
}

fn described(error: &ValidationError<'_>) -> String {
    match keyword_beside(error, "description") {
        Some(Value::String(text)) => text,
        _ => "this in another form".to_owned(),
    }
}

/// Another keyword of the schema object whose keyword failed.
fn keyword_beside(error: &ValidationError<'_>, keyword: &str) -> Option<Value> {
    let schema: Value = serde_json::from_str(SCHEMA).ok()?;
    let path = error.schema_path().as_str();
    let parent = &path[..path.rfind('/')?];
    schema.pointer(&format!("{parent}/{keyword}")).cloned()
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), |text| format!("“{text}”"))
}
