//! What experts see and answer.

use crate::{
    evaluation::{
        assignments::{
            commands::{AcceptAssignment, DeclareConflict, DeclineAssignment},
            queries::{Invitation, InvitationOf, OwnTask, OwnTasks},
            rules,
        },
        evaluators::queries::{OwnStanding, Places},
        recruitment::queries::{Asked, OwnRecruitments},
    },
    kernel::AppError,
    web::{Answer, Choice, FieldErrors, Frame, Pages, Posted, Visit, keep, list::words, show},
};
use askama::Template;
use chrono::{DateTime, Utc};
use entity::types::{ids::AssignmentId, states::AssignmentState};
use poem::{handler, web::Path};

pub fn routes(pages: Pages) -> Pages {
    pages
        .get("/assignments", tasks_shown)
        .get("/assignments/:id", task_shown)
        .post("/assignments/:id/accept", accept_posted)
        .post("/assignments/:id/decline", decline_posted)
        .get("/assignments/:id/conflict", conflict_shown)
        .post("/assignments/:id/conflict", conflict_posted)
}

/// One task as a card.
struct Card {
    task: OwnTask,
    href: String,
    due: String,
    left: String,
    late: bool,
    percent: usize,
}

impl Card {
    fn of(task: OwnTask, now: DateTime<Utc>) -> Self {
        let sheet = if task.state == AssignmentState::Invited { "" } else { "/sheet" };
        Self {
            href: format!("/assignments/{}{sheet}", task.id),
            due: task.due_at.map(|at| show::instant(at, task.zone)).unwrap_or_default(),
            left: task.due_at.map(|at| show::left(at, now)).unwrap_or_default(),
            late: task.due_at.is_some_and(|at| at < now),
            percent: (task.done * 100).checked_div(task.total).unwrap_or(0),
            task,
        }
    }
}

#[derive(Template)]
#[template(path = "evaluation/assignments/own.html")]
struct TasksPage {
    frame: Frame,
    /// Of members of the pool: their places, and what they should put in order.
    places: Option<Places>,
    /// Calls that ask and wait for an answer.
    asked: Vec<Asked>,
    invited: Vec<Card>,
    open: Vec<Card>,
    submitted: Vec<Card>,
}

#[handler]
async fn tasks_shown(visit: Visit) -> Answer {
    let now = visit.app.now();
    let (places, asked) = (visit.ask(OwnStanding).await?, visit.ask(OwnRecruitments).await?);
    let frame = visit.frame("My assignments");
    let mut page = TasksPage { frame, places, asked, invited: vec![], open: vec![], submitted: vec![] };
    for task in visit.ask(OwnTasks).await? {
        let group = match task.state {
            AssignmentState::Invited => &mut page.invited,
            AssignmentState::Submitted => &mut page.submitted,
            _ => &mut page.open,
        };
        group.push(Card::of(task, now));
    }
    visit.page(&page)
}

#[derive(Template)]
#[template(path = "evaluation/assignments/invitation.html")]
struct InvitationPage {
    frame: Frame,
    errors: FieldErrors,
    invitation: Invitation,
    due: String,
    signed_name: String,
    my_name: String,
    reason: String,
    note: String,
    conflict_reason: String,
    /// Whether only the conflict form is shown, for a task that was accepted before.
    accepted: bool,
}

impl InvitationPage {
    fn of(visit: &Visit, invitation: Invitation) -> Self {
        let accepted = invitation.state != AssignmentState::Invited;
        let title = if accepted { "Declare a conflict of interest" } else { "Will you evaluate this proposal?" };
        Self {
            frame: visit.frame_below(title, &[("My assignments", "/assignments")]),
            errors: FieldErrors::default(),
            due: invitation.due_at.map(|at| show::instant(at, invitation.zone)).unwrap_or_default(),
            signed_name: String::new(),
            my_name: visit.actor.name().to_owned(),
            reason: String::new(),
            note: String::new(),
            conflict_reason: String::new(),
            accepted,
            invitation,
        }
    }

    fn declines(&self) -> Vec<Choice> {
        words(rules::DECLINES.iter().copied())
    }
}

#[handler]
async fn task_shown(visit: Visit, Path(id): Path<AssignmentId>) -> Answer {
    let invitation = visit.ask(InvitationOf(id)).await?;
    match invitation.state {
        AssignmentState::Invited => visit.page(&InvitationPage::of(&visit, invitation)),
        _ => visit.to(format!("/assignments/{id}/sheet")),
    }
}

#[handler]
async fn conflict_shown(visit: Visit, Path(id): Path<AssignmentId>) -> Answer {
    let mut page = InvitationPage::of(&visit, visit.ask(InvitationOf(id)).await?);
    page.accepted = true;
    visit.page(&page)
}

#[handler]
async fn accept_posted(visit: Visit, posted: Posted, Path(id): Path<AssignmentId>) -> Answer {
    let command = AcceptAssignment {
        assignment: id,
        signed_name: posted.text("signed_name").to_owned(),
        declared: posted.ticked("declared"),
    };
    match visit.run(&posted, command).await {
        Ok(()) => visit.to_with(format!("/assignments/{id}/sheet"), "Thank you. This is the proposal and your sheet."),
        Err(error) => again(&visit, &posted, id, error).await,
    }
}

#[handler]
async fn decline_posted(visit: Visit, posted: Posted, Path(id): Path<AssignmentId>) -> Answer {
    let (reason, note) = (posted.text("reason").to_owned(), posted.text("note").to_owned());
    match visit.run(&posted, DeclineAssignment { assignment: id, reason, note }).await {
        Ok(()) => visit.to_with("/assignments", "You have declined. Thank you for telling us."),
        Err(error) => again(&visit, &posted, id, error).await,
    }
}

#[handler]
async fn conflict_posted(visit: Visit, posted: Posted, Path(id): Path<AssignmentId>) -> Answer {
    let reason = posted.text("conflict_reason").to_owned();
    match visit.run(&posted, DeclareConflict { assignment: id, reason }).await {
        Ok(()) => visit.to_with("/assignments", "Thank you. The task was withdrawn and you see it no more."),
        Err(error) => again(&visit, &posted, id, error).await,
    }
}

async fn again(visit: &Visit, posted: &Posted, id: AssignmentId, error: AppError) -> Answer {
    let errors = keep(error)?;
    let mut page = InvitationPage::of(visit, visit.ask(InvitationOf(id)).await?);
    page.errors = errors;
    page.signed_name = posted.text("signed_name").to_owned();
    page.reason = posted.text("reason").to_owned();
    page.note = posted.text("note").to_owned();
    page.conflict_reason = posted.text("conflict_reason").to_owned();
    visit.again(&page)
}
