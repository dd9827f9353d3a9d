//! API tokens for programs.

use super::{
    commands::{IssueToken, RevokeToken},
    queries::OwnTokens,
};
use crate::{
    accounts::sessions::commands::verify,
    api::{Address, ApiError, Caller, Tag},
    kernel::{
        App,
        access::{actor::Door, identity},
    },
};
use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::{ApiResponse, Object, OpenApi, param::Path, payload::Json};
use uuid::Uuid;

pub struct TokensApi;

#[derive(Object)]
struct TokenOut {
    /// Shown this once.
    token: String,
}

#[derive(Object)]
struct TokenLineOut {
    id: Uuid,
    name: String,
    /// Example: read write
    scopes: String,
    expires_at: Option<DateTime<Utc>>,
    /// When it was last used, give or take five minutes; none when it never was.
    used_at: Option<DateTime<Utc>>,
}

#[derive(Object)]
struct TokensOut {
    items: Vec<TokenLineOut>,
}

#[derive(Object)]
struct IssueIn {
    /// What it is for. Example: nightly export
    name: String,
    /// Whether it may also change things.
    write: bool,
    /// Example: 90
    days: u32,
}

#[derive(Object)]
struct SignInIn {
    email: String,
    password: String,
    #[oai(flatten)]
    token: IssueIn,
}

#[derive(ApiResponse)]
enum Revoked {
    /// The token works no more.
    #[oai(status = 204)]
    Yes,
}

#[OpenApi(tag = "Tag::Accounts")]
impl TokensApi {
    /// Sign in with e-mail and password and get a token.
    #[oai(path = "/tokens", method = "post", operation_id = "issueToken")]
    async fn issue(&self, app: Data<&App>, address: Address, body: Json<SignInIn>) -> Result<Json<TokenOut>, ApiError> {
        let account = verify(&app, &body.email, &body.password, &address.0).await?;
        let actor = identity::person(app.database().maintenance(), account, Door::Token { write: true }).await?;
        let actor = actor.ok_or(crate::kernel::AppError::NotFound)?;
        let IssueIn { name, write, days } = body.0.token;
        let token = app.run(&actor, IssueToken { name, write, days: days.to_string() }).await?;
        Ok(Json(TokenOut { token }))
    }

    /// Your own tokens; never their text.
    #[oai(path = "/tokens", method = "get", operation_id = "listTokens")]
    async fn list(&self, app: Data<&App>, caller: Caller) -> Result<Json<TokensOut>, ApiError> {
        let rows = app.ask(&caller.0, OwnTokens).await?;
        let items = rows.into_iter().map(|row| TokenLineOut {
            id: row.id.0,
            name: row.name,
            scopes: row.scopes,
            expires_at: row.expires_at,
            used_at: row.used_at,
        });
        Ok(Json(TokensOut { items: items.collect() }))
    }

    /// Revoke one of your tokens.
    #[oai(path = "/tokens/:token", method = "delete", operation_id = "revokeToken")]
    async fn revoke(&self, app: Data<&App>, caller: Caller, token: Path<Uuid>) -> Result<Revoked, ApiError> {
        app.run(&caller.0, RevokeToken(token.0.into())).await?;
        Ok(Revoked::Yes)
    }
}
