//! The person a program acts for, by the token it sends.

use super::problem::ApiError;
use crate::kernel::{Actor, App, AppError, access::actor::Person, error::Denial, secret};
use poem::{Request, http::header};
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

/// Somebody who may have no token: public operations tell more to those who have one.
#[derive(SecurityScheme)]
pub enum AnyCaller {
    Known(Caller),
    #[oai(fallback)]
    Unknown,
}

impl AnyCaller {
    /// Who calls; a token that is not good is an error, not nobody.
    ///
    /// # Errors
    /// When the request has a token that is wrong, expired or revoked.
    pub fn actor(self, request: &Request) -> Result<Actor, ApiError> {
        match self {
            Self::Known(caller) => Ok(caller.0),
            Self::Unknown if request.headers().contains_key(header::AUTHORIZATION) => {
                Err(AppError::Denied(Denial::SignedOut).into())
            }
            Self::Unknown => Ok(Actor::Nobody),
        }
    }
}
