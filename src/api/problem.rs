//! Errors of the API: one shape for all (RFC 9457, problem details).

use crate::kernel::{AppError, error::Denial};
use poem_openapi::{ApiResponse, Object, payload::Json};

/// What went wrong.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Problem {
    /// A word for programs, for example `deadline_passed`.
    pub code: String,
    /// A sentence for people.
    pub message: String,
    /// Messages by field, when fields are at fault.
    pub errors: Option<Vec<FieldProblem>>,
    /// The present version, when somebody else changed it meanwhile.
    pub version: Option<i64>,
}

#[derive(Debug, Object)]
pub struct FieldProblem {
    pub field: String,
    pub message: String,
}

#[derive(Debug, ApiResponse)]
pub enum ApiError {
    /// The request cannot be understood.
    #[oai(status = 400)]
    BadRequest(Json<Problem>),
    /// The token is missing, wrong, expired or revoked.
    #[oai(status = 401)]
    SignedOut(Json<Problem>),
    /// Not allowed to this person, at this stage, or with this token.
    #[oai(status = 403)]
    Denied(Json<Problem>),
    /// It does not exist, or not for this person.
    #[oai(status = 404)]
    NotFound(Json<Problem>),
    /// Somebody else changed it since it was read.
    #[oai(status = 409)]
    Stale(Json<Problem>),
    /// A field or a rule stands against it.
    #[oai(status = 422)]
    Refused(Json<Problem>),
    /// Too many tries.
    #[oai(status = 429)]
    TooMany(Json<Problem>),
    /// Something went wrong on our side.
    #[oai(status = 500)]
    Broken(Json<Problem>),
    /// Busy for a moment; try again.
    #[oai(status = 503)]
    Busy(Json<Problem>),
}

impl From<AppError> for ApiError {
    fn from(error: AppError) -> Self {
        let mut problem =
            Problem { code: error.code().to_owned(), message: error.to_string(), errors: None, version: None };
        match error {
            AppError::NotFound => Self::NotFound(Json(problem)),
            AppError::Denied(Denial::SignedOut) => Self::SignedOut(Json(problem)),
            AppError::Denied(_) => Self::Denied(Json(problem)),
            AppError::Refused(_) => Self::Refused(Json(problem)),
            AppError::Invalid(errors) => {
                let field = |(field, message)| FieldProblem { field, message };
                problem.errors = Some(errors.0.into_iter().map(field).collect());
                Self::Refused(Json(problem))
            }
            AppError::Stale { version, .. } => {
                problem.version = Some(version);
                Self::Stale(Json(problem))
            }
            AppError::TooMany { .. } => Self::TooMany(Json(problem)),
            AppError::Busy => Self::Busy(Json(problem)),
            AppError::Broken(error) => {
                tracing::error!(?error, "an API request failed");
                Self::Broken(Json(problem))
            }
        }
    }
}
