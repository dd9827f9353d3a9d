//! Agreements for programs.

use super::{
    commands::SetAgreement,
    queries::{AgreementOf, AwardLine, AwardsOf},
};
use crate::{
    api::{AmountOut, ApiError, Caller, Direction, FileFormat, ListFile, Tag, Wanted, exported, next_page},
    kernel::{App, Subject},
};
use chrono::NaiveDate;
use poem::web::Data;
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};
use uuid::Uuid;

pub struct AgreementsApi;

#[derive(Object)]
struct AgreementOut {
    code: String,
    organisation: String,
    agency: String,
    /// Example: 12000.00
    granted: String,
    currency: String,
    state: String,
    starts_on: Option<NaiveDate>,
    ends_on: Option<NaiveDate>,
    signed_on: Option<NaiveDate>,
    version: i64,
    reports: Vec<ReportLineOut>,
}

#[derive(Object)]
struct ReportLineOut {
    id: Uuid,
    kind: String,
    label: String,
    due_on: NaiveDate,
    state: String,
}

#[derive(Object)]
struct AgreementIn {
    /// Example: 2018-02-01
    starts_on: String,
    /// The last day. Example: 2019-01-31
    ends_on: String,
    signed_on: Option<String>,
    note: Option<String>,
    /// The version read before; 0 when there was none.
    version: i64,
}

/// An awarded part of a call.
#[derive(Object)]
struct AwardOut {
    part: Uuid,
    code: String,
    title: String,
    organisation: String,
    agency: String,
    granted: AmountOut,
    /// One of `awarded`, `contracted`, `closed`.
    state: String,
    starts_on: Option<NaiveDate>,
    ends_on: Option<NaiveDate>,
    signed_on: Option<NaiveDate>,
}

/// The awarded parts of a call.
#[derive(Object)]
struct AwardsOut {
    items: Vec<AwardOut>,
    total: u64,
    /// The next page, if there is one.
    next: Option<u64>,
}

/// The version there is now.
#[derive(Object)]
struct AgreementVersionOut {
    version: i64,
}

fn award(line: AwardLine) -> AwardOut {
    AwardOut {
        part: line.part.0,
        code: line.code,
        title: line.title,
        organisation: line.organisation,
        agency: line.agency,
        granted: line.granted.into(),
        state: line.state.word().to_owned(),
        starts_on: line.starts_on,
        ends_on: line.ends_on,
        signed_on: line.signed_on,
    }
}

fn filters(state: Option<String>, agency: Option<Uuid>, dates: Option<String>) -> Vec<(&'static str, Option<String>)> {
    vec![("state", state), ("agency", agency.map(|id| id.to_string())), ("dates", dates)]
}

#[OpenApi(tag = "Tag::Reporting")]
impl AgreementsApi {
    /// The awarded parts of a call with the dates of their agreements.
    #[oai(path = "/calls/:call/agreements", method = "get", operation_id = "listAgreements")]
    #[expect(clippy::too_many_arguments, reason = "one for each filter of the list")]
    async fn list(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        /// Number, title or organisation.
        q: Query<Option<String>>,
        /// One of `awarded`, `contracted`, `closed`.
        state: Query<Option<String>>,
        agency: Query<Option<Uuid>>,
        /// `none` for parts without dates, `set` for those with.
        dates: Query<Option<String>>,
        /// One of `code`, `organisation`, `state`, `starts`, `ends`.
        sort: Query<Option<String>>,
        direction: Query<Option<Direction>>,
        page: Query<Option<u64>>,
    ) -> Result<Json<AwardsOut>, ApiError> {
        let filters = filters(state.0, agency.0, dates.0);
        let wanted = Wanted { q: q.0, filters, sort: sort.0, direction: direction.0, page: page.0 };
        let list = wanted.request("code", false);
        let found = app.ask(&caller.0, AwardsOf { call: call.0.into(), list }).await?.lines;
        let next = next_page(&found);
        Ok(Json(AwardsOut { total: found.total, next, items: found.rows.into_iter().map(award).collect() }))
    }

    /// All matching awarded parts of a call as a file.
    #[oai(path = "/calls/:call/agreements/export", method = "get", operation_id = "exportAgreements")]
    #[expect(clippy::too_many_arguments, reason = "one for each filter of the list")]
    async fn export(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        /// CSV, when nothing is said.
        format: Query<Option<FileFormat>>,
        /// Number, title or organisation.
        q: Query<Option<String>>,
        /// One of `awarded`, `contracted`, `closed`.
        state: Query<Option<String>>,
        agency: Query<Option<Uuid>>,
        /// `none` for parts without dates, `set` for those with.
        dates: Query<Option<String>>,
    ) -> Result<ListFile, ApiError> {
        let wanted = Wanted { q: q.0, filters: filters(state.0, agency.0, dates.0), ..Wanted::default() };
        let list = wanted.request("code", false).everything();
        let all = app.ask(&caller.0, AwardsOf { call: call.0.into(), list }).await?;
        let title = format!("Agreements of {}", all.call_code);
        exported(&app, &caller, Subject::Call(call.0.into()), format.0, &title, &all.lines.rows).await
    }

    /// The agreement of an awarded part and its reports.
    #[oai(path = "/parts/:part/agreement", method = "get", operation_id = "getAgreement")]
    async fn get(&self, app: Data<&App>, caller: Caller, part: Path<Uuid>) -> Result<Json<AgreementOut>, ApiError> {
        let view = app.ask(&caller.0, AgreementOf(part.0.into())).await?;
        let dates = view.dates;
        Ok(Json(AgreementOut {
            code: view.code,
            organisation: view.organisation,
            agency: view.agency,
            granted: view.granted.amount(),
            currency: view.granted.currency.code().to_owned(),
            state: view.part_state.word().to_owned(),
            starts_on: dates.as_ref().and_then(|d| d.starts_on),
            ends_on: dates.as_ref().and_then(|d| d.ends_on),
            signed_on: dates.as_ref().and_then(|d| d.signed_on),
            version: dates.map_or(0, |d| d.version),
            reports: view
                .reports
                .into_iter()
                .map(|r| ReportLineOut {
                    id: r.id.0,
                    kind: r.kind.word().to_owned(),
                    label: r.label,
                    due_on: r.due_on,
                    state: r.state.word().to_owned(),
                })
                .collect(),
        }))
    }

    /// Set or change the dates of an agreement; its reports follow from them.
    #[oai(path = "/parts/:part/agreement", method = "put", operation_id = "setAgreement")]
    async fn set(
        &self,
        app: Data<&App>,
        caller: Caller,
        part: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<AgreementIn>,
    ) -> Result<Json<AgreementVersionOut>, ApiError> {
        let body = body.0;
        let command = SetAgreement {
            part: part.0.into(),
            starts_on: body.starts_on,
            ends_on: body.ends_on,
            signed_on: body.signed_on.unwrap_or_default(),
            note: body.note.unwrap_or_default(),
            seen: body.version,
        };
        let version = app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(AgreementVersionOut { version }))
    }
}
