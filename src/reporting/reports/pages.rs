//! The screens of reports.

use super::{
    commands::{DecideReport, ReportInput, SaveReport, SubmitReport},
    jobs::REMIND,
    queries::{IndicatorRow, ReportSheet, ReportSheetOf, Reports, ReportsOf, StaffReportLine},
    rules::{Progress, figure},
};
use crate::{
    documents::sheet::Cell,
    jobs::commands::OrderBulk,
    kernel::{AppError, Result, Subject, paging::ListRequest},
    lists::views::pages::own,
    web::{
        Answer, Choice, FieldErrors, Frame, Pages, Posted, Visit, keep,
        list::{Chosen, Exported, Format, ListShape, ListView, export, order_bulk, words},
        show,
    },
};
use askama::Template;
use entity::types::{
    ids::{CallId, ReportId},
    money::Currency,
    states::{ReportKind, ReportState},
};
use poem::{handler, http::StatusCode, web::Path};
use serde_json::json;

pub fn routes(pages: Pages) -> Pages {
    pages
        .get("/reports/:report", own_report)
        .post("/reports/:report", report_posted)
        .get("/staff/reports/:report", report_staff)
        .post("/staff/reports/:report", decide_posted)
        .get("/staff/calls/:call/reports", reports_list)
        .post("/staff/calls/:call/reports/remind", reports_reminded)
}

#[derive(Template)]
#[template(path = "reporting/reports/report.html")]
struct ReportPage {
    frame: Frame,
    sheet: ReportSheet,
    staff: bool,
    errors: FieldErrors,
    progress: Vec<Choice>,
    /// What was typed: costs, narrative, deviations; readings by indicator; points of the officer.
    costs: String,
    narrative: String,
    deviations: String,
    readings: Vec<Reading>,
    activities: Vec<Activity>,
    points: String,
}

impl ReportPage {
    fn figure(&self, row: &IndicatorRow, value: &i64) -> String {
        figure(row.unit, *value, self.sheet.call_currency)
    }
}

struct Reading {
    name: String,
    label: String,
    hint: String,
    value: String,
}

struct Activity {
    title: String,
    months: String,
    progress_name: String,
    progress: String,
    progress_label: String,
    note_name: String,
    note: String,
}

impl ReportPage {
    fn version(&self) -> String {
        self.sheet.version.to_string()
    }

    fn action(&self) -> String {
        format!("/reports/{}", self.sheet.of.report)
    }
}

fn page(visit: &Visit, sheet: ReportSheet, staff: bool, errors: FieldErrors) -> ReportPage {
    let title = format!("{} of {}", sheet.of.label, sheet.organisation);
    let agreement = format!("/proposals/{}/parts/{}/agreement", sheet.of.proposal, sheet.of.part);
    let list = format!("/staff/calls/{}/reports", sheet.of.call);
    let crumbs: [(&str, &str); 2] = if staff {
        [("Staff", "/staff"), ("Reports", &list)]
    } else {
        [("My proposals", "/proposals"), (&sheet.of.code, &agreement)]
    };
    ReportPage {
        frame: visit.frame_below(title, &crumbs),
        staff,
        errors,
        progress: Progress::ALL.iter().map(|p| Choice::new(p.word(), p.label())).collect(),
        costs: sheet.costs.map(|c| c.amount()).unwrap_or_default(),
        narrative: sheet.narrative.clone(),
        deviations: sheet.deviations.clone(),
        readings: sheet.indicators.iter().map(|row| reading(row, sheet.call_currency)).collect(),
        activities: sheet
            .activities
            .iter()
            .map(|a| Activity {
                title: a.title.clone(),
                months: a.months.clone(),
                progress_name: format!("progress_{}", a.line),
                progress: a.progress.map(|p| p.word().to_owned()).unwrap_or_default(),
                progress_label: a.progress.map_or("not said", Progress::label).to_owned(),
                note_name: format!("note_{}", a.line),
                note: a.note.clone(),
            })
            .collect(),
        points: sheet.returned_points.clone(),
        sheet,
    }
}

fn reading(row: &IndicatorRow, currency: Currency) -> Reading {
    let shown = |value| figure(row.unit, value, currency);
    let earlier: Vec<String> =
        row.earlier.iter().map(|(day, value)| format!("{} by {}", shown(*value), show::day(day))).collect();
    let before = if earlier.is_empty() { String::new() } else { format!(" Before: {}.", earlier.join(", ")) };
    Reading {
        name: format!("kpi_{}", row.key),
        label: row.label.clone(),
        hint: format!("Target {}.{before}", shown(row.target)),
        value: row.reading.map(|v| v.to_string()).unwrap_or_default(),
    }
}

fn typed(posted: &Posted) -> ReportInput {
    let after = |prefix: &'static str| {
        posted
            .fields()
            .iter()
            .filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?.to_owned(), value.clone())))
    };
    ReportInput {
        activities: after("note_")
            .filter_map(|(line, note)| {
                let progress = posted.text(&format!("progress_{line}")).to_owned();
                Some((line.parse().ok()?, progress, note))
            })
            .collect(),
        narrative: posted.text("narrative").to_owned(),
        deviations: posted.text("deviations").to_owned(),
        costs: posted.text("costs").to_owned(),
        readings: after("kpi_").collect(),
    }
}

/// The page again with everything that was typed.
fn retyped(mut page: ReportPage, posted: &Posted) -> ReportPage {
    page.costs = posted.text("costs").to_owned();
    page.narrative = posted.text("narrative").to_owned();
    page.deviations = posted.text("deviations").to_owned();
    for reading in &mut page.readings {
        reading.value = posted.text(&reading.name).to_owned();
    }
    for activity in &mut page.activities {
        activity.progress = posted.text(&activity.progress_name).to_owned();
        activity.note = posted.text(&activity.note_name).to_owned();
    }
    page
}

#[handler]
async fn own_report(visit: Visit, Path(report): Path<ReportId>) -> Answer {
    let sheet = visit.ask(ReportSheetOf(report)).await?;
    visit.page(&page(&visit, sheet, false, FieldErrors::default()))
}

#[handler]
async fn report_staff(visit: Visit, Path(report): Path<ReportId>) -> Answer {
    let sheet = visit.ask(ReportSheetOf(report)).await?;
    visit.page(&page(&visit, sheet, true, FieldErrors::default()))
}

#[handler]
async fn report_posted(visit: Visit, Path(report): Path<ReportId>, posted: Posted) -> Answer {
    let save = SaveReport { report, input: typed(&posted), seen: posted.version() };
    let saved = visit.app.run(&visit.actor, save).await;
    if visit.wants_json() {
        let version = saved?;
        let saved_at = visit.app.now().to_rfc3339();
        return visit.json(StatusCode::OK, &json!({ "version": version, "saved_at": saved_at, "errors": {} }));
    }
    let done = match (saved, posted.text("do")) {
        (Ok(version), "submit") => visit.run(&posted, SubmitReport { report, seen: version }).await.map(|_| true),
        (Ok(_), _) => Ok(false),
        (Err(error), _) => Err(error),
    };
    match done {
        Ok(true) => visit.to_with(format!("/reports/{report}"), "The report is handed in. The agency was told."),
        Ok(false) => visit.to_with(format!("/reports/{report}"), "Saved."),
        Err(error) => {
            let errors = keep(error)?;
            let sheet = visit.ask(ReportSheetOf(report)).await?;
            visit.again(&retyped(page(&visit, sheet, false, errors), &posted))
        }
    }
}

#[handler]
async fn decide_posted(visit: Visit, Path(report): Path<ReportId>, posted: Posted) -> Answer {
    let points = match posted.text("do") {
        "accept" => None,
        "return" => Some(posted.text("points").to_owned()),
        _ => return Err(AppError::NotFound.into()),
    };
    let returned = points.is_some();
    match visit.run(&posted, DecideReport { report, points, seen: posted.version() }).await {
        Ok(_) => {
            let message =
                if returned { "The report was returned with your points." } else { "The report is accepted." };
            visit.to_with(format!("/staff/reports/{report}"), message)
        }
        Err(error) => {
            let errors = keep(error)?;
            let sheet = visit.ask(ReportSheetOf(report)).await?;
            let mut page = page(&visit, sheet, true, errors);
            page.points = posted.text("points").to_owned();
            visit.again(&page)
        }
    }
}

const LIST: ListShape = ListShape {
    key: "reports",
    sorts: &[("due", "Due"), ("code", "Report"), ("organisation", "Organisation"), ("state", "State")],
    descending: false,
    filters: &["state", "kind", "agency", "late", "from", "until"],
};

#[derive(Template)]
#[template(path = "reporting/reports/list.html")]
struct ListPage {
    frame: Frame,
    call: CallId,
    list: ListView,
    rows: Vec<StaffReportLine>,
    may_remind: bool,
}

impl Exported for StaffReportLine {
    fn columns() -> Vec<&'static str> {
        vec!["Proposal", "Report", "Kind", "Organisation", "Agency", "Due", "State", "Handed in"]
    }

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::text(&self.code),
            Cell::text(&self.label),
            Cell::text(self.kind.label()),
            Cell::text(&self.organisation),
            Cell::text(&self.agency),
            Cell::Date(self.due_on),
            Cell::text(self.state.label()),
            self.submitted_at.map_or(Cell::Empty, |at| Cell::Date(at.date_naive())),
        ]
    }
}

#[handler]
async fn reports_list(visit: Visit, Path(call): Path<CallId>) -> Answer {
    let request = LIST.request(&visit);
    if let Some(format) = Format::asked(&visit) {
        let all = visit.ask(ReportsOf { call, list: request.everything() }).await?;
        let title = format!("Reports of {}", all.call_code);
        return export(&visit, Subject::Call(call), format, &title, &all.lines.rows).await;
    }
    let Reports { call_code, lines, agencies, may_remind } =
        visit.ask(ReportsOf { call, list: request.clone() }).await?;
    let list = LIST
        .view(&visit, &request, lines.total)
        .search("Number, title or organisation")
        .select("state", "State", words(ReportState::ALL.iter().map(|s| (s.word(), s.label()))))
        .select("kind", "Kind", words(ReportKind::ALL.iter().map(|k| (k.word(), k.label()))))
        .select("agency", "Agency", words(agencies.into_iter().map(|(id, name)| (id.to_string(), name))))
        .select("late", "Late", words([("yes", "Only overdue ones")]))
        .day("from", "Due from")
        .day("until", "Due until")
        .preset("To check", "state=submitted")
        .preset("Overdue", "late=yes")
        .preset("Returned", "state=returned")
        .exports()
        .views(own(&visit, LIST.key).await?);
    let above = format!("/staff/calls/{call}");
    let frame = visit.frame_below("Reports", &[("Staff", "/staff"), (&call_code, &above)]);
    visit.page(&ListPage { frame, call, list, rows: lines.rows, may_remind })
}

#[handler]
async fn reports_reminded(visit: Visit, posted: Posted, Path(call): Path<CallId>) -> Answer {
    // Whoever does not see the list learns so before anything is said of the form.
    visit.ask(ReportsOf { call, list: ListRequest::default() }).await?;
    let order = chosen(&visit, &posted, call).await;
    order_bulk(&visit, &posted, order).await
}

async fn chosen(visit: &Visit, posted: &Posted, call: CallId) -> Result<OrderBulk> {
    let rows = match LIST.chosen::<ReportId>(posted)? {
        Chosen::Rows(rows) => rows,
        Chosen::Matches(list) => {
            visit.ask(ReportsOf { call, list }).await?.lines.rows.into_iter().map(|row| row.id).collect()
        }
    };
    Ok(OrderBulk::new(REMIND, &rows, posted.text("back")))
}
