//! Calls as files, for programs.

use super::{
    commands::{CopyCall, ImportCall},
    file,
    queries::{CallIdOf, ExportCall},
    read::read,
};
use crate::{
    api::{AnyCaller, ApiError, Caller, Tag},
    calls::editor::queries::StaffCalls,
    kernel::{App, AppError, error::FieldErrors, paging::ListRequest},
};
use entity::types::ids::CallId;
use poem::web::Data;
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path},
    payload::Json,
    types::Any,
};
use serde_json::Value;

pub struct ArchiveApi;

/// A call that was made.
#[derive(Object)]
struct MadeCallOut {
    id: uuid::Uuid,
}

#[derive(Object)]
struct CopyCallIn {
    /// The new call's code: 3 to 24 capital letters, digits and dashes.
    #[oai(validator(max_length = 60))]
    code: String,
    #[oai(validator(max_length = 300))]
    title: String,
}

#[OpenApi(tag = "Tag::Calls")]
impl ArchiveApi {
    /// Make a draft call of a call file.
    ///
    /// The body is a call file; its JSON Schema is served under `/calls/file-schema`. Every mistake is reported
    /// with its place as a JSON pointer.
    #[oai(path = "/calls/import", method = "post", operation_id = "importCall")]
    async fn import(
        &self,
        app: Data<&App>,
        caller: Caller,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<Any<Value>>,
    ) -> Result<Json<MadeCallOut>, ApiError> {
        // Whoever has nothing to do with calls at all learns nothing about the file either.
        app.ask(&caller.0, StaffCalls(ListRequest::default())).await?;
        let file = read(&body.0.0.to_string()).map_err(|mistakes| {
            AppError::Invalid(FieldErrors(mistakes.into_iter().map(|m| (m.at, m.message)).collect()))
        })?;
        let id = app.run_once(&caller.0, key.0.as_deref(), ImportCall(file)).await?;
        Ok(Json(MadeCallOut { id: id.0 }))
    }

    /// The JSON Schema of call files.
    #[oai(path = "/calls/file-schema", method = "get", operation_id = "getCallFileSchema")]
    async fn schema(&self) -> Result<Json<Any<Value>>, ApiError> {
        Ok(Json(Any(serde_json::from_str(super::SCHEMA).map_err(AppError::from)?)))
    }

    /// A call with its annexes as a call file; without a token for public calls only.
    #[oai(path = "/calls/:call/export", method = "get", operation_id = "exportCall")]
    async fn export(
        &self,
        app: Data<&App>,
        request: &poem::Request,
        caller: AnyCaller,
        /// The call's code or id.
        call: Path<String>,
    ) -> Result<Json<Any<Value>>, ApiError> {
        let actor = caller.actor(request)?;
        let code = match call.0.parse::<CallId>() {
            Ok(id) => app.ask(&actor, super::queries::CodeOf(id)).await?,
            Err(_) => call.0,
        };
        let call = app.ask(&actor, ExportCall(code)).await?;
        Ok(Json(Any(serde_json::from_str(&file::write(&call)).map_err(AppError::from)?)))
    }

    /// Start a new call from this one: the same terms and annexes, nothing approved.
    #[oai(path = "/calls/:call/copy", method = "post", operation_id = "copyCall")]
    async fn copy(
        &self,
        app: Data<&App>,
        caller: Caller,
        /// The call's code or id.
        call: Path<String>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<CopyCallIn>,
    ) -> Result<Json<MadeCallOut>, ApiError> {
        let from = app.ask(&caller.0, CallIdOf(call.0)).await?;
        let CopyCallIn { code, title } = body.0;
        let id = app.run_once(&caller.0, key.0.as_deref(), CopyCall { from, code, title }).await?;
        Ok(Json(MadeCallOut { id: id.0 }))
    }
}
