//! What the secretariat sees and does.

use crate::{
    documents::sheet::Cell,
    evaluation::assignments::{
        commands::{
            InviteEvaluator, RecordConflict, RemindEvaluator, ReopenAssignment, SetDue, WithdrawAssignment,
            WithdrawConflict,
        },
        queries::{AssigningOf, AssigningSheet, Progress, ProgressOf, ProgressRow, TaskLine, Waiting},
    },
    kernel::{AppError, Command, Permission, Result, Subject},
    lists::views,
    web::{
        Answer, Choice, FieldErrors, Frame, Pages, Posted, Visit,
        frame::FlashKind,
        keep,
        list::{Exported, Format, ListShape, ListView, export, words},
        show,
    },
};
use askama::Template;
use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;
use entity::types::{
    ids::{AssignmentId, CallId, ConflictId, EvaluatorId, ProposalId},
    period::Deadline,
    states::AssignmentState,
};
use poem::{handler, web::Path};

pub fn routes(pages: Pages) -> Pages {
    pages
        .get("/staff/calls/:call/evaluation", progress_shown)
        .get("/staff/proposals/:id/evaluators", assigning_shown)
        .post("/staff/proposals/:id/evaluators", invite_posted)
        .post("/staff/proposals/:id/conflicts", conflict_posted)
        .post("/staff/proposals/:id/conflicts/:conflict/withdraw", conflict_withdrawn)
        .post("/staff/assignments/:id/due", due_posted)
        .post("/staff/assignments/:id/remind", remind_posted)
        .post("/staff/assignments/:id/reopen", reopen_posted)
        .post("/staff/assignments/:id/withdraw", withdraw_posted)
}

/// The proposals of a call with their tasks.
pub const LIST: ListShape = ListShape {
    key: "evaluation",
    sorts: &[("code", "Proposal"), ("title", "Title"), ("done", "Done")],
    descending: false,
    filters: &["waiting", "evaluator"],
};

#[derive(Template)]
#[template(path = "evaluation/assignments/progress.html")]
struct ProgressPage {
    frame: Frame,
    progress: Progress,
    list: ListView,
    may_assign: bool,
    may_see_pool: bool,
}

impl ProgressPage {
    /// What is counted, and the list of it.
    fn numbers(&self) -> Vec<(&'static str, u64, String)> {
        let sums = &self.progress.sums;
        let waiting = |one: Waiting| format!("{}?waiting={}", self.list.path, one.word());
        vec![
            ("Proposals", sums.proposals, self.list.path.clone()),
            ("With too few evaluators", sums.thin, waiting(Waiting::Evaluators)),
            ("Invitations not answered", sums.invited, waiting(Waiting::Answer)),
            ("Sheets being written", sums.writing, waiting(Waiting::Sheet)),
            ("Late", sums.late, waiting(Waiting::Late)),
            ("Submitted", sums.submitted, format!("{}?sort=done&direction=desc", self.list.path)),
        ]
    }

    fn tone(&self, task: &TaskLine) -> &'static str {
        if task.is_open() && task.due_at.is_some_and(|at| at < self.progress.now) {
            return "danger";
        }
        tone(task.state)
    }

    fn day(&self, at: &DateTime<Utc>) -> String {
        at.with_timezone(&self.progress.zone).format("%-d %b").to_string()
    }
}

impl Exported for ProgressRow {
    fn columns() -> Vec<&'static str> {
        vec!["Number", "Title", "Evaluators wanted", "Evaluators", "Sheets submitted", "Tasks"]
    }

    fn cells(&self) -> Vec<Cell> {
        let task = |task: &TaskLine| match &task.points {
            Some(points) => format!("{}: {} {points}", task.name, task.state.label().to_lowercase()),
            None => format!("{}: {}", task.name, task.state.label().to_lowercase()),
        };
        let tasks: Vec<String> = self.tasks.iter().map(task).collect();
        vec![
            self.code.as_str().into(),
            self.title.as_str().into(),
            Cell::number(self.wanted),
            Cell::number(self.assigned),
            Cell::number(self.submitted),
            tasks.join("; ").as_str().into(),
        ]
    }
}

/// How a cell of the matrix is coloured; its word says the same.
fn tone(state: AssignmentState) -> &'static str {
    match state {
        AssignmentState::Submitted => "success",
        AssignmentState::Accepted | AssignmentState::InProgress => "info",
        AssignmentState::Invited => "warning",
        AssignmentState::Conflicted => "danger",
        AssignmentState::Declined | AssignmentState::Withdrawn => "neutral",
    }
}

#[handler]
async fn progress_shown(visit: Visit, Path(call): Path<CallId>) -> Answer {
    let request = LIST.request(&visit);
    if let Some(format) = Format::asked(&visit) {
        let all = visit.ask(ProgressOf { call, list: request.everything() }).await?;
        return export(&visit, Subject::Call(call), format, "Evaluation", &all.rows.rows).await;
    }
    let progress = visit.ask(ProgressOf { call, list: request.clone() }).await?;
    let list = LIST
        .view(&visit, &request, progress.rows.total)
        .search("Number, title or evaluator")
        .select("waiting", "Waits for", words(Waiting::ALL.map(|one| (one.word(), one.label()))))
        .select("evaluator", "Evaluator", words(progress.evaluators.iter().map(|(id, name)| (id.to_string(), name))))
        .exports()
        .views(views::pages::own(&visit, LIST.key).await?);
    let above = format!("/staff/calls/{call}");
    let frame = visit.frame_below("Evaluation", &[("Staff", "/staff"), (&progress.call_code, &above)]);
    let may_assign = visit.app.may(&visit.actor, Permission::AssignEvaluators, Subject::Call(call)).await?;
    let may_see_pool = visit.app.may(&visit.actor, Permission::SeeEvaluators, Subject::Platform).await?;
    visit.page(&ProgressPage { frame, progress, list, may_assign, may_see_pool })
}

#[derive(Template)]
#[template(path = "evaluation/assignments/assigning.html")]
struct AssigningPage {
    frame: Frame,
    errors: FieldErrors,
    sheet: AssigningSheet,
    chosen: Vec<String>,
    due: String,
    evaluator: String,
    reason: String,
}

impl AssigningPage {
    fn of(visit: &Visit, sheet: AssigningSheet) -> Self {
        let evaluation = format!("/staff/calls/{}/evaluation", sheet.reading.call);
        let title = format!("Evaluators of {}", sheet.reading.code);
        Self {
            frame: visit.frame_below(title, &[("Staff", "/staff"), ("Evaluation", &evaluation)]),
            errors: FieldErrors::default(),
            sheet,
            chosen: Vec::new(),
            due: String::new(),
            evaluator: String::new(),
            reason: String::new(),
        }
    }

    fn when(&self, at: &DateTime<Utc>) -> String {
        show::instant(at, self.sheet.zone)
    }

    fn local(&self, at: &Option<DateTime<Utc>>) -> String {
        at.map(|at| at.with_timezone(&self.sheet.zone).format("%Y-%m-%dT%H:%M").to_string()).unwrap_or_default()
    }

    /// Who is proposed in the place of somebody with a conflict.
    fn replacement(&self) -> Option<&crate::evaluation::assignments::queries::Candidate> {
        let id = self.sheet.replacement?;
        self.sheet.candidates.iter().find(|one| one.evaluator == id)
    }

    /// Everybody in whom a conflict could be recorded.
    fn people(&self) -> Vec<Choice> {
        let known = self.sheet.candidates.iter().filter(|c| c.conflict.is_none());
        known.map(|c| Choice::new(c.evaluator.to_string(), format!("{} ({})", c.name, c.organisation))).collect()
    }
}

#[handler]
async fn assigning_shown(visit: Visit, Path(id): Path<ProposalId>) -> Answer {
    let sheet = visit.ask(AssigningOf(id)).await?;
    visit.page(&AssigningPage::of(&visit, sheet))
}

#[handler]
async fn invite_posted(visit: Visit, posted: Posted, Path(id): Path<ProposalId>) -> Answer {
    let sheet = visit.ask(AssigningOf(id)).await?;
    match invite(&visit, &posted, id, sheet.zone).await {
        Ok(n) => visit.to_with(here(id), &format!("{} sent.", show::count(n, "invitation", "invitations"))),
        Err(error) => {
            let mut page = AssigningPage::of(&visit, visit.ask(AssigningOf(id)).await?);
            page.errors = keep(error)?;
            page.chosen = posted.all("evaluators");
            page.due = posted.text("due").to_owned();
            visit.again(&page)
        }
    }
}

/// Invites everybody who was ticked, each in a command of their own, so that one refusal stops nobody else.
async fn invite(visit: &Visit, posted: &Posted, proposal: ProposalId, zone: Tz) -> Result<i64> {
    let due = due(posted, zone)?;
    let chosen: Vec<EvaluatorId> = posted.all("evaluators").iter().filter_map(|id| id.parse().ok()).collect();
    if chosen.is_empty() {
        return Err(AppError::invalid("evaluators", "Tick at least one person"));
    }
    let mut refused = FieldErrors::default();
    let mut sent = 0;
    for (n, evaluator) in chosen.into_iter().enumerate() {
        let key = posted.press(&visit.here()).map(|key| format!("{key}.{n}"));
        let command = InviteEvaluator { proposal, evaluator, due };
        match visit.app.run_once(&visit.actor, key.as_deref(), command).await {
            Ok(_) => sent += 1,
            Err(AppError::Refused(refusal)) => refused.add("evaluators", refusal.message),
            Err(other) => return Err(other),
        }
    }
    refused.done()?;
    Ok(sent)
}

fn due(posted: &Posted, zone: Tz) -> Result<Option<DateTime<Utc>>> {
    let typed = posted.text("due").trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let local = NaiveDateTime::parse_from_str(typed, "%Y-%m-%dT%H:%M")
        .or_else(|_| NaiveDateTime::parse_from_str(typed, "%Y-%m-%dT%H:%M:%S"))
        .map_err(|_| AppError::invalid("due", "Enter day and time"))?;
    Ok(Some(Deadline { local, zone }.instant()))
}

fn here(id: ProposalId) -> String {
    format!("/staff/proposals/{id}/evaluators")
}

#[handler]
async fn conflict_posted(visit: Visit, posted: Posted, Path(id): Path<ProposalId>) -> Answer {
    let reason = posted.text("reason").to_owned();
    let recorded = match posted.parse::<EvaluatorId>("evaluator") {
        Ok(evaluator) => visit.run(&posted, RecordConflict { proposal: id, evaluator, reason }).await,
        Err(error) => Err(AppError::invalid("evaluator", error.0)),
    };
    match recorded {
        Ok(()) => visit.to_with(here(id), "The conflict was recorded. The person sees this proposal no more."),
        Err(error) => {
            let errors = keep(error)?;
            let mut page = AssigningPage::of(&visit, visit.ask(AssigningOf(id)).await?);
            page.errors = errors;
            page.evaluator = posted.text("evaluator").to_owned();
            page.reason = posted.text("reason").to_owned();
            visit.again(&page)
        }
    }
}

#[handler]
async fn conflict_withdrawn(
    visit: Visit,
    posted: Posted,
    Path((proposal, conflict)): Path<(ProposalId, ConflictId)>,
) -> Answer {
    let reason = posted.text("reason").to_owned();
    let command = WithdrawConflict { proposal, conflict, reason };
    told(&visit, &posted, command, "The conflict was taken back.").await
}

#[handler]
async fn due_posted(visit: Visit, posted: Posted, Path(id): Path<AssignmentId>) -> Answer {
    let zone = posted.text("zone").parse().unwrap_or(Tz::UTC);
    match due(&posted, zone) {
        Ok(due) => told(&visit, &posted, SetDue { assignment: id, due }, "The date was set.").await,
        Err(error) => refused(&visit, &posted, error),
    }
}

#[handler]
async fn remind_posted(visit: Visit, posted: Posted, Path(id): Path<AssignmentId>) -> Answer {
    told(&visit, &posted, RemindEvaluator(id), "The reminder was sent.").await
}

#[handler]
async fn reopen_posted(visit: Visit, posted: Posted, Path(id): Path<AssignmentId>) -> Answer {
    let reason = posted.text("reason").to_owned();
    let command = ReopenAssignment { assignment: id, reason };
    told(&visit, &posted, command, "The sheet was given back and its evaluator told.").await
}

#[handler]
async fn withdraw_posted(visit: Visit, posted: Posted, Path(id): Path<AssignmentId>) -> Answer {
    let reason = posted.text("reason").to_owned();
    let command = WithdrawAssignment { assignment: id, reason };
    told(&visit, &posted, command, "The task was taken back.").await
}

/// Runs a small command and goes back to the page it came from, with what came of it.
async fn told<C: Command>(visit: &Visit, posted: &Posted, command: C, done: &str) -> Answer {
    match visit.run(posted, command).await {
        Ok(_) => visit.to_with(posted.text("back"), done),
        Err(error) => refused(visit, posted, error),
    }
}

fn refused(visit: &Visit, posted: &Posted, error: AppError) -> Answer {
    let errors = keep(error)?;
    let message = errors.list().first().map_or("That was not possible.", |(_, message)| message).to_owned();
    visit.leave_flash(FlashKind::Error, &message);
    visit.to(posted.text("back"))
}
