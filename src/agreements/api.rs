//! Agreements for programs.

use super::{commands::SetAgreement, queries::AgreementOf};
use crate::{
    api::{ApiError, Caller, Tag},
    kernel::App,
};
use chrono::NaiveDate;
use poem::web::Data;
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path},
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

#[derive(Object)]
struct AgreementVersionOut {
    version: i64,
}

#[OpenApi(tag = "Tag::Reporting")]
impl AgreementsApi {
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
