//! Errors as status codes, and as pages that say what to do next.

use super::{frame::Frame, visit::Visit};
use crate::kernel::{AppError, error::Denial};
use askama::Template;
use poem::{
    Response,
    error::{ParsePathError, ResponseError},
    http::StatusCode,
};

impl ResponseError for AppError {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Denied(Denial::SignedOut) => StatusCode::UNAUTHORIZED,
            Self::Denied(_) => StatusCode::FORBIDDEN,
            Self::Refused(_) | Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Stale { .. } => StatusCode::CONFLICT,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    frame: Frame,
    message: String,
    details: Vec<String>,
    /// Whether signing in may help, and where to come back to.
    sign_in: bool,
    /// Whether another account may help: somebody is signed in who may not.
    another: bool,
    reference: Option<String>,
}

/// The page (or the script's JSON) for an error.
pub fn page(visit: &Visit, error: &poem::Error) -> Response {
    // An address with a broken id leads nowhere, like one with an unknown id.
    let status = if error.is::<ParsePathError>() { StatusCode::NOT_FOUND } else { error.status() };
    let known = error.downcast_ref::<AppError>();
    let reference = (status.is_server_error() && status != StatusCode::SERVICE_UNAVAILABLE).then(|| {
        let reference = visit.nonce.chars().take(8).collect::<String>();
        tracing::error!(reference, path = visit.path, error = ?error, "a request failed");
        reference
    });
    let message = match known {
        Some(AppError::Invalid(_)) | Some(_) if !status.is_server_error() || known.is_some() => {
            known.map(ToString::to_string).unwrap_or_default()
        }
        _ => match status {
            StatusCode::NOT_FOUND => AppError::NotFound.to_string(),
            StatusCode::METHOD_NOT_ALLOWED => "This page cannot be used in that way.".to_owned(),
            StatusCode::PAYLOAD_TOO_LARGE => "What was sent is too large.".to_owned(),
            status if status.is_client_error() => "The request could not be understood.".to_owned(),
            _ => AppError::Broken(anyhow::anyhow!("")).to_string(),
        },
    };
    if visit.json {
        return as_json(status, known, &message);
    }
    let details = match known {
        Some(AppError::Invalid(errors)) => {
            errors.list().into_iter().map(|(field, m)| format!("{}: {m}", errors.readable(field))).collect()
        }
        _ => Vec::new(),
    };
    let title = match status {
        StatusCode::NOT_FOUND => "Page not found",
        StatusCode::UNAUTHORIZED => "Please sign in",
        StatusCode::FORBIDDEN => "Not allowed",
        StatusCode::CONFLICT => "Changed by somebody else",
        status if status.is_client_error() => "This did not work",
        _ => "Something went wrong",
    };
    let sign_in = visit.actor.account().is_none();
    let another = !sign_in && status == StatusCode::FORBIDDEN;
    let template = ErrorPage { frame: visit.frame(title), message, details, sign_in, another, reference };
    let html = template.render().unwrap_or_else(|e| {
        tracing::error!(error = %e, "the error page failed");
        "Something went wrong.".to_owned()
    });
    Response::builder().status(status).content_type("text/html; charset=utf-8").body(html)
}

fn as_json(status: StatusCode, known: Option<&AppError>, message: &str) -> Response {
    let mut body = serde_json::json!({ "message": message });
    match known {
        Some(AppError::Invalid(errors)) => {
            let fields: serde_json::Map<String, serde_json::Value> =
                errors.list().into_iter().map(|(field, m)| (field.to_owned(), m.into())).collect();
            body["errors"] = fields.into();
        }
        Some(AppError::Stale { by, at, version }) => {
            body["by"] = by.as_str().into();
            body["at"] = at.to_rfc3339().into();
            body["version"] = (*version).into();
        }
        Some(other) => body["code"] = other.code().into(),
        None => {}
    }
    Response::builder().status(status).content_type("application/json").body(body.to_string())
}
