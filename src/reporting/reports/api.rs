//! Reports for programs.

use super::{
    commands::{DecideReport, ReportInput, SaveReport, SubmitReport},
    jobs::REMIND,
    queries::{ReportSheetOf, ReportsOf, StaffReportLine},
};
use crate::{
    api::{ApiError, Caller, Direction, FileFormat, ListFile, Tag, Wanted, exported, next_page},
    jobs::commands::OrderBulk,
    kernel::{App, AppError, Subject, paging::ListRequest},
};
use chrono::{DateTime, NaiveDate, Utc};
use poem::web::Data;
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};
use uuid::Uuid;

pub struct ReportsApi;

/// Reports of a call.
#[derive(Object)]
struct ReportsOut {
    items: Vec<ReportItemOut>,
    total: u64,
    /// The next page, if there is one.
    next: Option<u64>,
}

/// A report in the list of its call.
#[derive(Object)]
struct ReportItemOut {
    id: Uuid,
    code: String,
    organisation: String,
    agency: String,
    /// `interim` or `final`.
    kind: String,
    label: String,
    due_on: NaiveDate,
    /// One of `due`, `draft`, `submitted`, `returned`, `accepted`.
    state: String,
    submitted_at: Option<DateTime<Utc>>,
    overdue: bool,
}

/// What narrows the list of reports.
#[derive(Object)]
struct ReportsMatchingIn {
    /// Number, title or organisation.
    q: Option<String>,
    /// One of `due`, `draft`, `submitted`, `returned`, `accepted`.
    state: Option<String>,
    /// `interim` or `final`.
    kind: Option<String>,
    agency: Option<Uuid>,
    /// Only those that are overdue.
    late: Option<bool>,
}

/// Of which reports to remind: those named, or all that match.
#[derive(Object)]
struct ReportsRemindIn {
    #[oai(default)]
    reports: Vec<Uuid>,
    /// All reports of the call that match, when none are named; an empty object means every one.
    matching: Option<ReportsMatchingIn>,
}

/// The job that reminds.
#[derive(Object)]
struct ReportsJobOut {
    job: Uuid,
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

impl ReportsMatchingIn {
    fn request(&self, sort: Option<String>, direction: Option<Direction>, page: Option<u64>) -> ListRequest {
        let filters = vec![
            ("state", self.state.clone()),
            ("kind", self.kind.clone()),
            ("agency", self.agency.map(|id| id.to_string())),
            ("late", self.late.filter(|late| *late).map(|_| "yes".to_owned())),
        ];
        Wanted { q: self.q.clone(), filters, sort, direction, page }.request("due", false)
    }
}

fn item(line: StaffReportLine) -> ReportItemOut {
    ReportItemOut {
        id: line.id.0,
        code: line.code,
        organisation: line.organisation,
        agency: line.agency,
        kind: line.kind.word().to_owned(),
        label: line.label,
        due_on: line.due_on,
        state: line.state.word().to_owned(),
        submitted_at: line.submitted_at,
        overdue: line.overdue,
    }
}

#[OpenApi(tag = "Tag::Reporting")]
impl ReportsApi {
    /// Reports of a call, by due day.
    #[oai(path = "/calls/:call/reports", method = "get", operation_id = "listReports")]
    #[expect(clippy::too_many_arguments, reason = "one for each filter of the list")]
    async fn list(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        /// Number, title or organisation.
        q: Query<Option<String>>,
        /// One of `due`, `draft`, `submitted`, `returned`, `accepted`.
        state: Query<Option<String>>,
        /// `interim` or `final`.
        kind: Query<Option<String>>,
        agency: Query<Option<Uuid>>,
        /// Only those that are overdue.
        late: Query<Option<bool>>,
        /// One of `due`, `code`, `organisation`, `state`.
        sort: Query<Option<String>>,
        direction: Query<Option<Direction>>,
        page: Query<Option<u64>>,
    ) -> Result<Json<ReportsOut>, ApiError> {
        let matching = ReportsMatchingIn { q: q.0, state: state.0, kind: kind.0, agency: agency.0, late: late.0 };
        let list = matching.request(sort.0, direction.0, page.0);
        let found = app.ask(&caller.0, ReportsOf { call: call.0.into(), list }).await?.lines;
        let next = next_page(&found);
        Ok(Json(ReportsOut { total: found.total, next, items: found.rows.into_iter().map(item).collect() }))
    }

    /// All matching reports of a call as a file.
    #[oai(path = "/calls/:call/reports/export", method = "get", operation_id = "exportReports")]
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
        /// One of `due`, `draft`, `submitted`, `returned`, `accepted`.
        state: Query<Option<String>>,
        /// `interim` or `final`.
        kind: Query<Option<String>>,
        agency: Query<Option<Uuid>>,
        /// Only those that are overdue.
        late: Query<Option<bool>>,
    ) -> Result<ListFile, ApiError> {
        let matching = ReportsMatchingIn { q: q.0, state: state.0, kind: kind.0, agency: agency.0, late: late.0 };
        let list = matching.request(None, None, None).everything();
        let all = app.ask(&caller.0, ReportsOf { call: call.0.into(), list }).await?;
        let title = format!("Reports of {}", all.call_code);
        exported(&app, &caller, Subject::Call(call.0.into()), format.0, &title, &all.lines.rows).await
    }

    /// Remind the writers of many reports, those named or all that match; a job does it.
    #[oai(path = "/calls/:call/reports/remind", method = "post", operation_id = "remindOfReports")]
    async fn remind(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        body: Json<ReportsRemindIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Json<ReportsJobOut>, ApiError> {
        let ReportsRemindIn { reports, matching } = body.0;
        // Whoever orders must be staff of the call; each row is asked for again by its own command.
        let list = match &matching {
            Some(matching) if reports.is_empty() => matching.request(None, None, None).everything(),
            _ => ListRequest::default(),
        };
        let found = app.ask(&caller.0, ReportsOf { call: call.0.into(), list }).await?.lines.rows;
        let reports = match matching {
            Some(_) if reports.is_empty() => found.into_iter().map(|line| line.id.0).collect(),
            _ => reports,
        };
        let order = OrderBulk::new(REMIND, &reports, format!("/staff/calls/{}/reports", call.0));
        Ok(Json(ReportsJobOut { job: app.run_once(&caller.0, key.0.as_deref(), order).await?.0 }))
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
