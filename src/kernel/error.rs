//! How an act can fail, the same for pages, the API, jobs and the command line.

use chrono::{DateTime, Utc};
use entity::types::BadValue;
use sea_orm::{DbErr, SqlErr};

pub type Result<T, E = AppError> = std::result::Result<T, E>;

/// Why an act did not happen. No status code in here: `web` and `api` translate.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// It does not exist, or not for this actor.
    #[error("This does not exist, or you have no access to it.")]
    NotFound,
    #[error("{0}")]
    Denied(Denial),
    /// A rule said no.
    #[error("{0}")]
    Refused(Refusal),
    /// Some fields cannot be taken as they are; all of them at once.
    #[error("Some fields need your attention.")]
    Invalid(FieldErrors),
    /// Somebody changed it since this actor read it.
    #[error("This was changed by {by} at {at} while you were working on it.")]
    Stale { by: String, at: DateTime<Utc>, version: i64 },
    #[error("Fairway is busy. Nothing was lost; please try again in a moment.")]
    Busy,
    /// Too many tries from one place.
    #[error("Too many tries. Please wait {minutes} minutes and try again.")]
    TooMany { minutes: u32 },
    #[error("Something went wrong on our side.")]
    Broken(anyhow::Error),
}

/// Why somebody who may see a thing may not do this to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denial {
    #[error("Please sign in first.")]
    SignedOut,
    #[error("Your role does not allow this.")]
    Role,
    #[error("This is not possible at this stage of the call.")]
    Phase,
    #[error("You have a conflict of interest here.")]
    Conflict,
    #[error("This API token is not allowed to do that.")]
    Token,
}

impl Denial {
    pub fn code(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::Role => "role",
            Self::Phase => "phase",
            Self::Conflict => "conflict",
            Self::Token => "token_scope",
        }
    }
}

/// A rule's "no": a code for programs and a sentence for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    pub code: &'static str,
    pub message: String,
}

/// Messages beside fields, by the field's name in the form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors(pub Vec<(String, String)>);

impl FieldErrors {
    pub fn one(field: &str, message: impl Into<String>) -> Self {
        Self(vec![(field.to_owned(), message.into())])
    }

    pub fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.0.push((field.into(), message.into()));
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first message of a field.
    pub fn of(&self, field: impl AsRef<str>) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == field.as_ref()).map(|(_, message)| message.as_str())
    }

    /// All messages with the fields they belong to.
    pub fn list(&self) -> Vec<(&str, &str)> {
        self.0.iter().map(|(field, message)| (field.as_str(), message.as_str())).collect()
    }

    /// The field's name made readable for the summary: `own_cash` becomes `Own cash`. The script puts the
    /// label of the field in its place.
    pub fn readable(&self, field: impl AsRef<str>) -> String {
        let words = field.as_ref().replace(['_', '-', '.'], " ");
        let mut letters = words.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Keeps a value or notes what is wrong with it; parse all fields, then call [`done`](Self::done).
    pub fn take<T, E: std::fmt::Display>(&mut self, field: &str, value: std::result::Result<T, E>) -> Option<T> {
        value.map_err(|e| self.add(field, e.to_string())).ok()
    }

    /// # Errors
    /// All field errors noted so far.
    pub fn done(self) -> Result<()> {
        if self.is_empty() { Ok(()) } else { Err(AppError::Invalid(self)) }
    }
}

impl AppError {
    pub fn refused(code: &'static str, message: impl Into<String>) -> Self {
        Self::Refused(Refusal { code, message: message.into() })
    }

    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self::Invalid(FieldErrors::one(field, message))
    }

    pub fn broken(message: impl Into<String>) -> Self {
        Self::Broken(anyhow::anyhow!(message.into()))
    }

    /// The code programs see.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Denied(denial) => denial.code(),
            Self::Refused(refusal) => refusal.code,
            Self::Invalid(_) => "invalid",
            Self::Stale { .. } => "stale",
            Self::Busy => "busy",
            Self::TooMany { .. } => "too_many",
            Self::Broken(_) => "broken",
        }
    }
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<anyhow::Error> for AppError {
    fn from(error: anyhow::Error) -> Self {
        Self::Broken(error)
    }
}

impl From<DbErr> for AppError {
    fn from(error: DbErr) -> Self {
        if let DbErr::RecordNotFound(_) = error {
            return Self::NotFound;
        }
        let text = error.to_string();
        // 40001 and 40P01: serialisation failure and deadlock on PostgreSQL; 5: SQLite's busy.
        let busy = ["40001", "40P01", "database is locked", "timed out"].iter().any(|mark| text.contains(mark));
        // 22021 and 22P05: PostgreSQL stores no zero character, neither in text nor in JSON.
        let zero = ["UTF8\": 0x00", "unsupported Unicode escape sequence"].iter().any(|mark| text.contains(mark));
        let full = ["database or disk is full", "No space left on device"].iter().any(|mark| text.contains(mark));
        match (busy, zero, full) {
            (true, ..) => Self::Busy,
            (_, true, _) => Self::refused("malformed", "There is a character in it that cannot be stored."),
            (.., true) => Self::refused(
                "disk_full",
                "Nothing was saved, because the disk of this installation is full. Please tell its administrators \
                 and try again later.",
            ),
            _ => Self::Broken(error.into()),
        }
    }
}

impl From<serde_json::Error> for AppError {
    fn from(error: serde_json::Error) -> Self {
        Self::Broken(error.into())
    }
}

/// Names the constraint behind a failed write.
pub trait OnUnique<T> {
    /// # Errors
    /// The given error when a unique constraint was violated; otherwise the database's.
    fn on_unique(self, error: AppError) -> Result<T>;
}

impl<T> OnUnique<T> for std::result::Result<T, DbErr> {
    fn on_unique(self, error: AppError) -> Result<T> {
        self.map_err(|e| match e.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => error,
            _ => e.into(),
        })
    }
}

/// Puts a bad value beside its field.
pub trait ForField<T> {
    /// # Errors
    /// The bad value as an error of this field.
    fn for_field(self, field: &str) -> Result<T>;
}

impl<T> ForField<T> for std::result::Result<T, BadValue> {
    fn for_field(self, field: &str) -> Result<T> {
        self.map_err(|e| AppError::invalid(field, e.0))
    }
}
