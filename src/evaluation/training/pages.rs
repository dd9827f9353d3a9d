//! Training proposals: for evaluators the sheet and the comparison, for the secretariat the proposal and its answer.

use super::{
    commands::{OpenTraining, SaveTraining, WithdrawTraining, WriteTraining},
    queries::{
        Comparison, OwnTrainings, TrainingFile, TrainingFileOf, TrainingLine, TrainingSheet, TrainingSheetOf,
        Trainings, TrainingsOf,
    },
};
use crate::{
    evaluation::scores::pages::{Group, typed},
    kernel::{AppError, Result},
    web::{
        Answer, FieldErrors, Frame, Pages, Posted, Visit,
        chart::{self, HeatRow, Value},
        keep, show,
    },
};
use askama::Template;
use entity::types::{
    ids::{CallId, TrainingId},
    states::TrainingState,
};
use poem::{handler, http::StatusCode, web::Path};
use serde_json::json;

pub fn routes(pages: Pages) -> Pages {
    pages
        .get("/training", own_shown)
        .get("/training/:training", sheet_shown)
        .post("/training/:training", sheet_posted)
        .get("/staff/calls/:call/training", list_shown)
        .get("/staff/calls/:call/training/new", new_shown)
        .post("/staff/calls/:call/training/new", new_posted)
        .get("/staff/calls/:call/training/:training", file_shown)
        .post("/staff/calls/:call/training/:training", file_posted)
        .post("/staff/calls/:call/training/:training/open", opened)
        .post("/staff/calls/:call/training/:training/withdraw", withdrawn)
}

#[derive(Template)]
#[template(path = "evaluation/training/own.html")]
struct OwnPage {
    frame: Frame,
    lines: Vec<TrainingLine>,
}

#[handler]
async fn own_shown(visit: Visit) -> Answer {
    let lines = visit.ask(OwnTrainings).await?;
    visit
        .page(&OwnPage { frame: visit.frame_below("Training proposals", &[("My assignments", "/assignments")]), lines })
}

/// Everybody's points place by place; P marks the panel's, Y one's own.
fn drawn(comparison: &Comparison) -> String {
    let steps: Vec<&str> = comparison.steps.iter().map(String::as_str).collect();
    let most = comparison.places.iter().flat_map(|place| place.counts.iter()).max().copied().unwrap_or(0).max(1);
    let row = |place: &super::queries::Compared| {
        let at = |step: usize, points: Option<entity::types::points::Points>| {
            points.is_some_and(|points| comparison.place_of(points) == Some(step))
        };
        let cell = |(step, count): (usize, &usize)| {
            let mut said = if *count > 0 { vec![count.to_string()] } else { Vec::new() };
            said.extend(at(step, place.panel).then(|| "P".to_owned()));
            said.extend(at(step, place.own).then(|| "Y".to_owned()));
            (!said.is_empty()).then(|| Value::new(*count as f64, said.join(" ")))
        };
        HeatRow { label: place.name.clone(), cells: place.counts.iter().enumerate().map(cell).collect() }
    };
    let rows: Vec<HeatRow> = comparison.places.iter().map(row).collect();
    let told = "How many of the others gave so many points; P marks the panel's points and Y yours.";
    chart::matrix("Points of the others", told, "Criterion", &steps, &rows, (0.0, most as f64)).to_string()
}

#[derive(Template)]
#[template(path = "evaluation/training/sheet.html")]
struct SheetPage {
    frame: Frame,
    errors: FieldErrors,
    sheet: TrainingSheet,
    groups: Vec<Group>,
    comment: String,
    version: i64,
    chart: String,
}

impl SheetPage {
    fn of(visit: &Visit, sheet: TrainingSheet) -> Self {
        let above = [("My assignments", "/assignments"), ("Training proposals", "/training")];
        Self {
            frame: visit.frame_below(sheet.title.clone(), &above),
            errors: FieldErrors::default(),
            groups: sheet.criteria.iter().map(Group::of).collect(),
            comment: sheet.comment.clone(),
            version: sheet.version,
            chart: sheet.comparison.as_ref().map(drawn).unwrap_or_default(),
            sheet,
        }
    }
}

#[handler]
async fn sheet_shown(visit: Visit, Path(id): Path<TrainingId>) -> Answer {
    let sheet = visit.ask(TrainingSheetOf(id)).await?;
    visit.page(&SheetPage::of(&visit, sheet))
}

#[handler]
async fn sheet_posted(visit: Visit, posted: Posted, Path(id): Path<TrainingId>) -> Answer {
    let before = visit.ask(TrainingSheetOf(id)).await?;
    let sheet = typed(&before.criteria, &posted);
    let submit = posted.text("action") == "submit" && !visit.wants_json();
    let command = SaveTraining { training: id, seen: posted.version(), sheet, submit };
    if visit.wants_json() {
        let version = visit.app.run(&visit.actor, command).await?;
        let live = means(&visit.ask(TrainingSheetOf(id)).await?);
        let told = json!({ "version": version, "saved_at": show::iso(visit.app.now()), "errors": {}, "live": live });
        return visit.json(StatusCode::OK, &told);
    }
    let message = if submit { "Submitted. This is what the panel said." } else { "Saved." };
    match visit.run(&posted, command).await {
        Ok(_) => visit.to_with(format!("/training/{id}"), message),
        Err(error) => {
            let errors = keep(error)?;
            let mut page = SheetPage::of(&visit, visit.ask(TrainingSheetOf(id)).await?);
            page.groups.iter_mut().for_each(|group| group.type_over(&posted));
            posted.text("comment").clone_into(&mut page.comment);
            page.errors = errors;
            visit.again(&page)
        }
    }
}

/// The mean of every criterion with parts, for the script.
fn means(sheet: &TrainingSheet) -> serde_json::Value {
    let parts = sheet.criteria.iter().filter(|criterion| criterion.in_parts);
    let mean = |c: &crate::evaluation::scores::queries::CriterionView| {
        (format!("mean-{}", c.key), serde_json::Value::from(c.points.as_deref().unwrap_or("–")))
    };
    serde_json::Value::Object(parts.map(mean).collect())
}

#[derive(Template)]
#[template(path = "evaluation/training/list.html")]
struct ListPage {
    frame: Frame,
    trainings: Trainings,
}

#[handler]
async fn list_shown(visit: Visit, Path(call): Path<CallId>) -> Answer {
    let trainings = visit.ask(TrainingsOf(call)).await?;
    let up = format!("/staff/calls/{call}/evaluation");
    visit.page(&ListPage { frame: visit.frame_below("Training proposals", &[("Evaluation", &up)]), trainings })
}

#[derive(Template)]
#[template(path = "evaluation/training/file.html")]
struct FilePage {
    frame: Frame,
    errors: FieldErrors,
    file: TrainingFile,
    groups: Vec<Group>,
    action: String,
    title: String,
    text: String,
    source: String,
    permitted: bool,
    required: bool,
    comment: String,
    chart: String,
}

impl FilePage {
    fn of(visit: &Visit, file: TrainingFile) -> Self {
        let list = format!("/staff/calls/{}/training", file.call);
        let action = match file.id {
            Some(id) => format!("{list}/{id}"),
            None => format!("{list}/new"),
        };
        let title = if file.id.is_some() { file.title.clone() } else { "New training proposal".to_owned() };
        let drawn = if file.comparison.others > 0 { drawn(&file.comparison) } else { String::new() };
        Self {
            frame: visit.frame_below(title, &[("Training proposals", &list)]),
            errors: FieldErrors::default(),
            groups: file.criteria.iter().map(Group::of).collect(),
            action,
            title: file.title.clone(),
            text: file.text.clone(),
            source: file.source.clone(),
            permitted: !file.source.is_empty(),
            required: file.required,
            comment: file.comment.clone(),
            chart: drawn,
            file,
        }
    }

    /// Whether it can still be written.
    fn writes(&self) -> bool {
        self.file.may_manage && self.file.state == TrainingState::Draft
    }
}

#[handler]
async fn new_shown(visit: Visit, Path(call): Path<CallId>) -> Answer {
    shown(&visit, call, None).await
}

#[handler]
async fn file_shown(visit: Visit, Path((call, id)): Path<(CallId, TrainingId)>) -> Answer {
    shown(&visit, call, Some(id)).await
}

async fn shown(visit: &Visit, call: CallId, training: Option<TrainingId>) -> Answer {
    let file = visit.ask(TrainingFileOf { call, training }).await?;
    visit.page(&FilePage::of(visit, file))
}

#[handler]
async fn new_posted(visit: Visit, posted: Posted, Path(call): Path<CallId>) -> Answer {
    written(&visit, &posted, call, None).await
}

#[handler]
async fn file_posted(visit: Visit, posted: Posted, Path((call, id)): Path<(CallId, TrainingId)>) -> Answer {
    written(&visit, &posted, call, Some(id)).await
}

async fn written(visit: &Visit, posted: &Posted, call: CallId, training: Option<TrainingId>) -> Answer {
    let before = visit.ask(TrainingFileOf { call, training }).await?;
    let command = WriteTraining {
        call,
        training: training.map(|id| (id, posted.version())),
        title: posted.text("title").to_owned(),
        text: posted.text("text").to_owned(),
        source: posted.text("source").to_owned(),
        permitted: posted.ticked("permitted"),
        required: posted.ticked("required"),
        answer: typed(&before.criteria, posted),
    };
    match visit.run(posted, command).await {
        Ok(id) => visit.to_with(format!("/staff/calls/{call}/training/{id}"), "Saved."),
        Err(error) => {
            let errors = keep(error)?;
            let mut page = FilePage::of(visit, before);
            page.groups.iter_mut().for_each(|group| group.type_over(posted));
            posted.text("title").clone_into(&mut page.title);
            posted.text("text").clone_into(&mut page.text);
            posted.text("source").clone_into(&mut page.source);
            posted.text("comment").clone_into(&mut page.comment);
            page.permitted = posted.ticked("permitted");
            page.required = posted.ticked("required");
            page.errors = errors;
            visit.again(&page)
        }
    }
}

#[handler]
async fn opened(visit: Visit, posted: Posted, Path((call, id)): Path<(CallId, TrainingId)>) -> Answer {
    let outcome = visit.run(&posted, OpenTraining { call, training: id, seen: posted.version() }).await;
    stepped(&visit, call, id, outcome, "Open: the evaluators of the call can score it now.").await
}

#[handler]
async fn withdrawn(visit: Visit, posted: Posted, Path((call, id)): Path<(CallId, TrainingId)>) -> Answer {
    let outcome = visit.run(&posted, WithdrawTraining { call, training: id }).await;
    stepped(&visit, call, id, outcome, "Withdrawn.").await
}

async fn stepped(visit: &Visit, call: CallId, id: TrainingId, outcome: Result<(), AppError>, done: &str) -> Answer {
    match outcome {
        Ok(()) => visit.to_with(format!("/staff/calls/{call}/training/{id}"), done),
        Err(error) => {
            let errors = keep(error)?;
            let file = visit.ask(TrainingFileOf { call, training: Some(id) }).await?;
            let mut page = FilePage::of(visit, file);
            page.errors = errors;
            visit.again(&page)
        }
    }
}
