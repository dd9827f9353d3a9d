//! Who a program acts for.

use super::{commands::EndSession, queries::OwnSessions};
use crate::api::{ApiError, Caller, Tag};
use crate::kernel::App;
use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::{ApiResponse, Object, OpenApi, param::Path, payload::Json};

pub struct SessionsApi;

/// The person an API token belongs to.
#[derive(Object)]
struct MeOut {
    id: uuid::Uuid,
    /// Example: Ana Kask
    name: String,
    email: String,
    /// Roles given to the person.
    roles: Vec<String>,
    /// Running sessions in browsers.
    sessions: u64,
}

/// A session in a browser.
#[derive(Object)]
struct SessionOut {
    id: uuid::Uuid,
    created_at: DateTime<Utc>,
    /// When something was last done in it.
    seen_at: DateTime<Utc>,
    /// The network address it began from.
    address: String,
    /// What the browser calls itself.
    agent: String,
}

/// Your running sessions.
#[derive(Object)]
struct SessionsOut {
    items: Vec<SessionOut>,
}

#[derive(ApiResponse)]
enum SessionEnded {
    /// Ended; whoever used it must sign in again.
    #[oai(status = 204)]
    Yes,
}

#[OpenApi(tag = "Tag::Accounts")]
impl SessionsApi {
    /// The person this token belongs to.
    #[oai(path = "/me", method = "get", operation_id = "getMe")]
    async fn me(&self, app: Data<&App>, caller: Caller) -> Result<Json<MeOut>, ApiError> {
        let sessions = app.ask(&caller.0, OwnSessions).await?.len() as u64;
        let person = caller.person()?;
        Ok(Json(MeOut {
            id: person.account.0,
            name: person.name.clone(),
            email: person.email.clone(),
            roles: person.grants.iter().map(|g| g.role.word().to_owned()).collect(),
            sessions,
        }))
    }

    /// Your running sessions in browsers, latest first.
    #[oai(path = "/me/sessions", method = "get", operation_id = "listSessions")]
    async fn sessions(&self, app: Data<&App>, caller: Caller) -> Result<Json<SessionsOut>, ApiError> {
        let rows = app.ask(&caller.0, OwnSessions).await?.into_iter();
        let items = rows.map(|row| SessionOut {
            id: row.id.0,
            created_at: row.created_at,
            seen_at: row.seen_at,
            address: row.address,
            agent: row.agent,
        });
        Ok(Json(SessionsOut { items: items.collect() }))
    }

    /// End one of your sessions.
    #[oai(path = "/me/sessions/:session", method = "delete", operation_id = "endSession")]
    async fn end(&self, app: Data<&App>, caller: Caller, session: Path<uuid::Uuid>) -> Result<SessionEnded, ApiError> {
        app.run(&caller.0, EndSession(session.0.into())).await?;
        Ok(SessionEnded::Yes)
    }

    /// End all your sessions in browsers.
    #[oai(path = "/me/sessions", method = "delete", operation_id = "endSessions")]
    async fn end_all(&self, app: Data<&App>, caller: Caller) -> Result<SessionEnded, ApiError> {
        for session in app.ask(&caller.0, OwnSessions).await? {
            app.run(&caller.0, EndSession(session.id)).await?;
        }
        Ok(SessionEnded::Yes)
    }
}
