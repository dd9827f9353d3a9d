//! Writing a call, for programs.

use super::commands::{NewCall, SaveTerms};
use crate::{
    api::{ApiError, Caller, Tag},
    calls::archive::queries::CallIdOf,
    kernel::{App, AppError},
};
use entity::types::terms::{AnnexTerms, CallTerms};
use poem::web::Data;
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path},
    payload::Json,
    types::Any,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

pub struct EditorApi;

/// Terms with the version they were made from.
#[derive(Object)]
pub struct TermsIn {
    /// The version that was read.
    pub version: i64,
    /// The whole terms, as in a call file.
    pub terms: Any<Value>,
}

#[derive(Object)]
pub struct TermsVersionOut {
    /// The version there is now.
    pub version: i64,
}

#[derive(Object)]
struct NewCallIn {
    /// 3 to 24 capital letters, digits and dashes.
    code: String,
    title: String,
}

#[derive(Object)]
struct NewCallOut {
    id: uuid::Uuid,
}

#[OpenApi(tag = "Tag::Calls")]
impl EditorApi {
    /// Start an empty draft call.
    #[oai(path = "/calls/drafts", method = "post", operation_id = "createCall")]
    async fn create(
        &self,
        app: Data<&App>,
        caller: Caller,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<NewCallIn>,
    ) -> Result<Json<NewCallOut>, ApiError> {
        let NewCallIn { code, title } = body.0;
        let id = app.run_once(&caller.0, key.0.as_deref(), NewCall { code, title }).await?;
        Ok(Json(NewCallOut { id: id.0 }))
    }

    /// Save the terms of a draft call.
    #[oai(path = "/calls/:call/terms", method = "put", operation_id = "putCallTerms")]
    async fn save(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<String>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<TermsIn>,
    ) -> Result<Json<TermsVersionOut>, ApiError> {
        let call = app.ask(&caller.0, CallIdOf(call.0)).await?;
        let seen = body.0.version;
        let save = SaveTerms { call, seen, terms: call_terms(body.0)? };
        Ok(Json(TermsVersionOut { version: app.run_once(&caller.0, key.0.as_deref(), save).await? }))
    }
}

/// The terms of a call from a document.
///
/// # Errors
/// What keeps the document from being terms.
pub(in crate::calls) fn call_terms(body: TermsIn) -> Result<CallTerms, AppError> {
    read(body)
}

/// The terms of an annex from a document.
///
/// # Errors
/// What keeps the document from being terms.
pub(in crate::calls) fn annex_terms(body: TermsIn) -> Result<AnnexTerms, AppError> {
    read(body)
}

fn read<T: DeserializeOwned>(body: TermsIn) -> Result<T, AppError> {
    serde_json::from_value(body.terms.0).map_err(|e| AppError::invalid("terms", e.to_string()))
}
