//! Writing a call, for programs.

use super::{
    commands::{NewCall, SaveTerms, misfits},
    queries::{CallAtDesk, StaffCall, StaffCalls},
};
use crate::{
    api::{ApiError, Caller, Direction, FileFormat, ListFile, Tag, Wanted, exported, next_page},
    calls::{annexes::queries::AnnexAtDesk, archive::queries::CallIdOf},
    kernel::{App, AppError, Subject},
};
use chrono::{DateTime, Utc};
use entity::types::{
    ids::{AnnexId, CallId},
    terms::{AnnexTerms, CallTerms},
};
use poem::web::Data;
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path, Query},
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

/// A call in the list of its staff.
#[derive(Object)]
struct StaffCallOut {
    id: uuid::Uuid,
    code: String,
    title: String,
    /// A word of the call's life, for example `open`.
    state: String,
    opens_at: Option<DateTime<Utc>>,
    closes_at: Option<DateTime<Utc>>,
    /// Funding agencies that have approved their annex.
    approved: u64,
    /// Funding agencies in all.
    funding: u64,
}

/// Calls you work on, drafts included.
#[derive(Object)]
struct StaffCallsOut {
    items: Vec<StaffCallOut>,
    total: u64,
    /// The next page, if there is one.
    next: Option<u64>,
}

fn staff_call(call: StaffCall) -> StaffCallOut {
    StaffCallOut {
        id: call.id.0,
        code: call.code,
        title: call.title,
        state: call.state.word().to_owned(),
        opens_at: call.opens_at,
        closes_at: call.closes_at,
        approved: call.approved as u64,
        funding: call.funding as u64,
    }
}

#[OpenApi(tag = "Tag::Calls")]
impl EditorApi {
    /// The calls you work on, drafts included.
    #[oai(path = "/staff/calls", method = "get", operation_id = "listStaffCalls")]
    #[expect(clippy::too_many_arguments, reason = "one for each filter of the list")]
    async fn list(
        &self,
        app: Data<&App>,
        caller: Caller,
        /// Words of code, title or programme.
        q: Query<Option<String>>,
        /// A word of the call's life, from `draft` to `archived`.
        state: Query<Option<String>>,
        /// One of `code`, `title`, `state`, `opens`, `closes`.
        sort: Query<Option<String>>,
        direction: Query<Option<Direction>>,
        page: Query<Option<u64>>,
    ) -> Result<Json<StaffCallsOut>, ApiError> {
        let wanted =
            Wanted { q: q.0, filters: vec![("state", state.0)], sort: sort.0, direction: direction.0, page: page.0 };
        let found = app.ask(&caller.0, StaffCalls(wanted.request("code", true))).await?;
        let next = next_page(&found);
        Ok(Json(StaffCallsOut { total: found.total, next, items: found.rows.into_iter().map(staff_call).collect() }))
    }

    /// All matching calls you work on as a file.
    #[oai(path = "/staff/calls/export", method = "get", operation_id = "exportStaffCalls")]
    async fn export(
        &self,
        app: Data<&App>,
        caller: Caller,
        /// CSV, when nothing is said.
        format: Query<Option<FileFormat>>,
        /// Words of code, title or programme.
        q: Query<Option<String>>,
        /// A word of the call's life, from `draft` to `archived`.
        state: Query<Option<String>>,
    ) -> Result<ListFile, ApiError> {
        let wanted = Wanted { q: q.0, filters: vec![("state", state.0)], ..Wanted::default() };
        let all = app.ask(&caller.0, StaffCalls(wanted.request("code", true).everything())).await?;
        exported(&app, &caller, Subject::Platform, format.0, "Calls", &all.rows).await
    }

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
        let TermsIn { version, terms } = body.0;
        let terms = call_terms(&app, &caller, call, terms).await?;
        let save = SaveTerms { call, seen: version, terms };
        Ok(Json(TermsVersionOut { version: app.run_once(&caller.0, key.0.as_deref(), save).await? }))
    }
}

/// The terms of a call from a document, read only for people who see the call at the desk.
///
/// # Errors
/// What keeps the person from the call, or the document from being terms.
pub(in crate::calls) async fn call_terms(
    app: &App,
    caller: &Caller,
    call: CallId,
    terms: Any<Value>,
) -> Result<CallTerms, AppError> {
    app.ask(&caller.0, CallAtDesk(call)).await?;
    serde_json::from_value(terms.0.clone()).map_err(|e| match misfits(terms.0) {
        places if places.is_empty() => AppError::invalid("terms", e.to_string()),
        places => AppError::Invalid(places),
    })
}

/// The terms of an annex from a document, read only for people who see the annex at the desk.
///
/// # Errors
/// What keeps the person from the annex, or the document from being terms.
pub(in crate::calls) async fn annex_terms(
    app: &App,
    caller: &Caller,
    annex: AnnexId,
    terms: Any<Value>,
) -> Result<AnnexTerms, AppError> {
    app.ask(&caller.0, AnnexAtDesk(annex)).await?;
    read(terms)
}

fn read<T: DeserializeOwned>(terms: Any<Value>) -> Result<T, AppError> {
    serde_json::from_value(terms.0).map_err(|e| AppError::invalid("terms", e.to_string()))
}
