//! Reports for programs.

use super::{
    commands::{DecideReport, ReportInput, SaveReport, SubmitReport},
    queries::{ReportSheetOf, ReportsOf},
};
use crate::{
    api::{ApiError, Caller, Tag},
    kernel::{App, AppError},
};
use chrono::NaiveDate;
use poem::web::Data;
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};
use uuid::Uuid;

pub struct ReportsApi;

#[derive(Object)]
struct ReportsOut {
    items: Vec<ReportItemOut>,
}

#[derive(Object)]
struct ReportItemOut {
    id: Uuid,
    code: String,
    organisation: String,
    label: String,
    due_on: NaiveDate,
    state: String,
    overdue: bool,
}

#[derive(Object)]
struct ReportOut {
    id: Uuid,
    part: Uuid,
    code: String,
    label: String,
    due_on: NaiveDate,
    state: String,
    activities: Vec<ActivityOut>,
    narrative: String,
    deviations: String,
    costs: Option<String>,
    planned_costs: String,
    currency: String,
    readings: Vec<ReadingOut>,
    returned_points: String,
    version: i64,
}

#[derive(Object)]
struct ActivityOut {
    line: Uuid,
    title: String,
    progress: Option<String>,
    note: String,
}

#[derive(Object)]
struct ReadingOut {
    kpi: String,
    label: String,
    target: i64,
    value: Option<i64>,
}

#[derive(Object)]
struct ReportIn {
    activities: Vec<ActivityIn>,
    narrative: String,
    deviations: Option<String>,
    /// Costs to date in the agency's currency. Example: 8000.00
    costs: Option<String>,
    readings: Vec<ReadingIn>,
    /// The version read before.
    version: i64,
}

#[derive(Object)]
struct ActivityIn {
    line: Uuid,
    /// One of not_started, under_way, done, dropped.
    progress: String,
    note: Option<String>,
}

#[derive(Object)]
struct ReadingIn {
    kpi: String,
    value: i64,
}

#[derive(Object)]
struct SubmitIn {
    version: i64,
}

#[derive(Object)]
struct DecideIn {
    /// Points to work on return the report; none accepts it.
    points: Option<String>,
    version: i64,
}

#[derive(Object)]
struct ReportVersionOut {
    version: i64,
}

#[OpenApi(tag = "Tag::Reporting")]
impl ReportsApi {
    /// Reports of a call, by due day.
    #[oai(path = "/calls/:call/reports", method = "get", operation_id = "listReports")]
    async fn list(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        state: Query<Option<String>>,
    ) -> Result<Json<ReportsOut>, ApiError> {
        let state = state.0.and_then(|s| s.parse().ok());
        let lines = app.ask(&caller.0, ReportsOf { call: call.0.into(), state }).await?;
        let item = |line: super::queries::StaffReportLine| ReportItemOut {
            id: line.id.0,
            code: line.code,
            organisation: line.organisation,
            label: line.label,
            due_on: line.due_on,
            state: line.state.word().to_owned(),
            overdue: line.overdue,
        };
        Ok(Json(ReportsOut { items: lines.into_iter().map(item).collect() }))
    }

    /// One report.
    #[oai(path = "/reports/:report", method = "get", operation_id = "getReport")]
    async fn get(&self, app: Data<&App>, caller: Caller, report: Path<Uuid>) -> Result<Json<ReportOut>, ApiError> {
        let sheet = app.ask(&caller.0, ReportSheetOf(report.0.into())).await?;
        Ok(Json(ReportOut {
            id: sheet.of.report.0,
            part: sheet.of.part.0,
            code: sheet.of.code,
            label: sheet.of.label,
            due_on: sheet.of.due_on,
            state: sheet.state.word().to_owned(),
            activities: sheet
                .activities
                .into_iter()
                .map(|a| ActivityOut {
                    line: a.line,
                    title: a.title,
                    progress: a.progress.map(|p| p.word().to_owned()),
                    note: a.note,
                })
                .collect(),
            narrative: sheet.narrative,
            deviations: sheet.deviations,
            costs: sheet.costs.map(|c| c.amount()),
            planned_costs: sheet.planned_costs.amount(),
            currency: sheet.currency.code().to_owned(),
            readings: sheet
                .indicators
                .into_iter()
                .map(|r| ReadingOut { kpi: r.key, label: r.label, target: r.target, value: r.reading })
                .collect(),
            returned_points: sheet.returned_points,
            version: sheet.version,
        }))
    }

    /// Keep what is written so far.
    #[oai(path = "/reports/:report", method = "put", operation_id = "saveReport")]
    async fn save(
        &self,
        app: Data<&App>,
        caller: Caller,
        report: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<ReportIn>,
    ) -> Result<Json<ReportVersionOut>, ApiError> {
        let body = body.0;
        let input = ReportInput {
            activities: body.activities.into_iter().map(|a| (a.line, a.progress, a.note.unwrap_or_default())).collect(),
            narrative: body.narrative,
            deviations: body.deviations.unwrap_or_default(),
            costs: body.costs.unwrap_or_default(),
            readings: body.readings.into_iter().map(|r| (r.kpi, r.value.to_string())).collect(),
        };
        let command = SaveReport { report: report.0.into(), input, seen: body.version };
        let version = app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(ReportVersionOut { version }))
    }

    /// Hand the report in.
    #[oai(path = "/reports/:report/submit", method = "post", operation_id = "submitReport")]
    async fn submit(
        &self,
        app: Data<&App>,
        caller: Caller,
        report: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<SubmitIn>,
    ) -> Result<Json<ReportVersionOut>, ApiError> {
        let command = SubmitReport { report: report.0.into(), seen: body.0.version };
        let version = app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(ReportVersionOut { version }))
    }

    /// Return a report with points, or accept it.
    #[oai(path = "/reports/:report/decide", method = "post", operation_id = "decideReport")]
    async fn decide(
        &self,
        app: Data<&App>,
        caller: Caller,
        report: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<DecideIn>,
    ) -> Result<Json<ReportVersionOut>, ApiError> {
        let points = body.0.points;
        if points.as_ref().is_some_and(|p| p.trim().is_empty()) {
            return Err(AppError::invalid("points", "Say what the applicant has to work on").into());
        }
        let command = DecideReport { report: report.0.into(), points, seen: body.0.version };
        let version = app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(ReportVersionOut { version }))
    }
}
