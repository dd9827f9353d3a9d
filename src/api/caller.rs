//! The person a program acts for, by the token it sends.

use super::problem::ApiError;
use crate::kernel::{Actor, App, AppError, access::actor::Person, error::Denial, secret};
use poem::Request;
use poem_openapi::{SecurityScheme, auth::Bearer};

/// An API token of a person: `Authorization: Bearer …`. It can do what its owner can, if its scopes allow.
#[derive(SecurityScheme)]
#[oai(ty = "bearer", key_name = "token", checker = "check")]
pub struct Caller(pub Actor);

async fn check(request: &Request, bearer: Bearer) -> Option<Actor> {
    let app = request.extensions().get::<App>()?;
    app.identify_token(&secret::hash(&bearer.token)).await.ok().flatten()
}

impl Caller {
    /// # Errors
    /// When the caller is no person.
    pub fn person(&self) -> Result<&Person, ApiError> {
        self.0.person().ok_or_else(|| AppError::Denied(Denial::SignedOut).into())
    }
}
