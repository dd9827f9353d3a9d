//! Who a program acts for.

use super::queries::OwnSessions;
use crate::api::{ApiError, Caller, Tag};
use crate::kernel::App;
use poem::web::Data;
use poem_openapi::{Object, OpenApi, payload::Json};

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
}
