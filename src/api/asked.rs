//! Leave that is asked for before a body is looked at, which may be large or of the wrong kind.

use super::problem::ApiError;
use crate::kernel::{App, AppError, Query, error::Denial, secret};
use poem::{FromRequest, Request, RequestBody, http::StatusCode, http::header};
use std::marker::PhantomData;
use uuid::Uuid;

/// The operations' parameters are known by their place in the address.
const FIRST_PARAMETER: &str = "param0";

/// A query about the thing whose id is the first in the address.
pub trait ByPath: Query {
    /// Whether there is such a thing; what is asked about the platform as a whole has none, and gets the empty id.
    const NAMED: bool = true;

    fn by_path(id: Uuid) -> Self;
}

/// That the caller may ask this; to stand before the body among an operation's parameters.
pub struct Asked<Q>(PhantomData<Q>);

impl<'a, Q: ByPath> FromRequest<'a> for Asked<Q> {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        let app = request.extensions().get::<App>();
        let app = app.ok_or_else(|| poem::Error::from_status(StatusCode::INTERNAL_SERVER_ERROR))?;
        ask::<Q>(app, request).await.map_err(ApiError::from)?;
        Ok(Self(PhantomData))
    }
}

async fn ask<Q: ByPath>(app: &App, request: &Request) -> Result<(), AppError> {
    let named = request.raw_path_param(FIRST_PARAMETER).and_then(|text| Uuid::parse_str(text).ok());
    let id = if Q::NAMED { named } else { Some(Uuid::nil()) };
    let token = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = token.and_then(|text| text.strip_prefix("Bearer ")).unwrap_or_default();
    let actor = app.identify_token(&secret::hash(token)).await?;
    let actor = actor.ok_or(AppError::Denied(Denial::SignedOut))?;
    app.ask(&actor, Q::by_path(id.ok_or(AppError::NotFound)?)).await?;
    Ok(())
}
