//! Calls as everybody may read them, for programs.

use super::queries::{AnnexView, CallLine, CallToRead, CallView, PublicCalls};
use crate::{
    api::{AnyCaller, ApiError, Tag},
    kernel::{App, AppError, paging::Paging},
};
use poem::{Request, web::Data};
use poem_openapi::{
    Object, OpenApi,
    param::{Path, Query},
    payload::Json,
    types::Any,
};
use serde::Serialize;
use serde_json::Value;

pub struct PublicCallsApi;

#[derive(Object)]
struct CallLineOut {
    id: uuid::Uuid,
    /// What people quote, for example `IE-2017`.
    code: String,
    title: String,
    summary: String,
    /// A word of the call's life: `announced`, `open`, `closed`, `evaluating`, `ranked`, `decided`, `archived`.
    state: String,
    opens_at: Option<chrono::DateTime<chrono::Utc>>,
    /// The last agency's deadline.
    closes_at: Option<chrono::DateTime<chrono::Utc>>,
    /// Countries whose agencies pay, as two-letter codes.
    funding_countries: Vec<String>,
}

#[derive(Object)]
struct CallListOut {
    items: Vec<CallLineOut>,
    total: u64,
    /// Number of the next page.
    next: Option<u64>,
}

#[derive(Object)]
struct CallOut {
    id: uuid::Uuid,
    code: String,
    title: String,
    state: String,
    /// Grows with every change of the terms; send it back when you change them.
    version: i64,
    opens_at: Option<chrono::DateTime<chrono::Utc>>,
    closes_at: Option<chrono::DateTime<chrono::Utc>>,
    /// The terms as in a call file: `#/properties/call` of the schema under `/calls/file-schema`.
    terms: Any<Value>,
    annexes: Vec<AnnexOut>,
}

#[derive(Object)]
struct AnnexOut {
    id: uuid::Uuid,
    agency: CallAgencyOut,
    /// `funding`, `cooperation` or `extended`.
    class: String,
    /// `draft` or `approved`.
    state: String,
    /// Grows with every change of the terms; send it back when you change or approve them.
    version: i64,
    deadline_at: chrono::DateTime<chrono::Utc>,
    /// The terms as in a call file.
    terms: Any<Value>,
}

#[derive(Object)]
struct CallAgencyOut {
    id: uuid::Uuid,
    key: Option<String>,
    name: String,
    country: String,
}

#[derive(Object)]
struct AnnexListOut {
    items: Vec<AnnexOut>,
    total: u64,
    next: Option<u64>,
}

#[OpenApi(tag = "Tag::Calls")]
impl PublicCallsApi {
    /// Public calls, open ones first. No token is needed.
    #[oai(path = "/calls", method = "get", operation_id = "listCalls")]
    async fn list(
        &self,
        app: Data<&App>,
        request: &Request,
        caller: AnyCaller,
        /// Words that must be in code, title, programme or summary.
        search: Query<Option<String>>,
        /// Only calls in this state.
        state: Query<Option<String>>,
        page: Query<Option<u64>>,
        size: Query<Option<u64>>,
    ) -> Result<Json<CallListOut>, ApiError> {
        let state = match state.0.as_deref().filter(|word| !word.is_empty()) {
            Some(word) => Some(word.parse().map_err(|e: entity::types::BadValue| AppError::invalid("state", e.0))?),
            None => None,
        };
        let text = |n: Option<u64>| n.map(|n| n.to_string());
        let paging = Paging::from_text(text(page.0).as_deref(), text(size.0).as_deref());
        let asked = PublicCalls { search: search.0.unwrap_or_default(), state, paging };
        let found = app.ask(&caller.actor(request)?, asked).await?;
        let next = (found.page < found.pages()).then_some(found.page + 1);
        Ok(Json(CallListOut { total: found.total, next, items: found.rows.into_iter().map(line).collect() }))
    }

    /// One call with its terms and annexes. Without a token, public calls only.
    #[oai(path = "/calls/:call", method = "get", operation_id = "getCall")]
    async fn one(
        &self,
        app: Data<&App>,
        request: &Request,
        caller: AnyCaller,
        /// The call's code or id.
        call: Path<String>,
    ) -> Result<Json<CallOut>, ApiError> {
        let CallView { id, code, state, version, opens_at, closes_at, terms, annexes, revision: _, corrigenda: _ } =
            app.ask(&caller.actor(request)?, CallToRead(call.0)).await?;
        Ok(Json(CallOut {
            id: id.0,
            code,
            title: terms.title.clone(),
            state: state.word().to_owned(),
            version,
            opens_at,
            closes_at,
            terms: document(&terms)?,
            annexes: annexes.into_iter().map(annex).collect::<Result<_, _>>()?,
        }))
    }

    /// The annexes of a call.
    #[oai(path = "/calls/:call/annexes", method = "get", operation_id = "listAnnexes")]
    async fn annexes(
        &self,
        app: Data<&App>,
        request: &Request,
        caller: AnyCaller,
        call: Path<String>,
    ) -> Result<Json<AnnexListOut>, ApiError> {
        let found = app.ask(&caller.actor(request)?, CallToRead(call.0)).await?.annexes;
        let items = found.into_iter().map(annex).collect::<Result<Vec<_>, _>>()?;
        Ok(Json(AnnexListOut { total: items.len() as u64, next: None, items }))
    }
}

fn line(call: CallLine) -> CallLineOut {
    let CallLine { id, code, title, summary, state, opens_at, closes_at, funding, zone: _ } = call;
    let funding_countries = funding.iter().map(|c| c.code().to_owned()).collect();
    CallLineOut {
        id: id.0,
        code,
        title,
        summary,
        state: state.word().to_owned(),
        opens_at,
        closes_at,
        funding_countries,
    }
}

fn annex(annex: AnnexView) -> Result<AnnexOut, AppError> {
    let AnnexView { id, agency, key, name, country, city: _, state, version, terms } = annex;
    Ok(AnnexOut {
        id: id.0,
        agency: CallAgencyOut { id: agency.0, key, name, country: country.code().to_owned() },
        class: terms.class.word().to_owned(),
        state: state.word().to_owned(),
        version,
        deadline_at: terms.deadline.instant(),
        terms: document(&terms)?,
    })
}

fn document(terms: &impl Serialize) -> Result<Any<Value>, AppError> {
    Ok(Any(serde_json::to_value(terms)?))
}
