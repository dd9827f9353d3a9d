//! The values of the platform, shared by rules and rows: no row, no query, no clock in here.

pub mod codes;
pub mod country;
pub mod decimal;
pub mod digest;
pub mod ids;
pub mod judging;
pub mod language;
pub mod money;
pub mod period;
pub mod points;
pub mod share;
pub mod sheets;
pub mod states;
pub mod terms;
pub mod text;

/// What is wrong with a value that was typed or read, as a sentence without the field's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadValue(pub String);

impl BadValue {
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}
