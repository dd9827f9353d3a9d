//! Giving a section to somebody.

use super::super::{
    commands::AssignSection,
    queries::{AssignmentOf, SectionAssignment},
};
use crate::{
    kernel::{AppError, Result},
    proposals::{Place, drafts::pages::id},
    web::{Answer, Choice, FieldErrors, Frame, Posted, Visit, keep},
};
use askama::Template;
use entity::types::{
    ids::{AccountId, ProposalId},
    period,
};
use poem::{handler, web::Path};

#[derive(Template)]
#[template(path = "proposals/consortium/assign.html")]
struct AssignPage {
    frame: Frame,
    errors: FieldErrors,
    view: SectionAssignment,
    action: String,
    cancel: String,
    to: String,
    due_on: String,
    people: Vec<Choice>,
}

struct Which {
    proposal: ProposalId,
    place: Place,
    section: String,
}

fn which(visit: &Visit, proposal: &str) -> Result<Which> {
    let place = visit.query("place").unwrap_or_default();
    Ok(Which { proposal: id(proposal)?, place: id(&place)?, section: visit.query("section").unwrap_or_default() })
}

async fn page(visit: &Visit, which: &Which) -> Result<AssignPage> {
    let Which { proposal, place, section } = which;
    let view = visit.ask(AssignmentOf { proposal: *proposal, place: *place, section: section.clone() }).await?;
    let name = format!("{} {}", view.head.code, view.head.acronym);
    let list = format!("/proposals/{proposal}");
    Ok(AssignPage {
        frame: visit.frame_below(
            format!("Who writes “{}”?", view.title),
            &[("My proposals", "/proposals"), (name.as_str(), list.as_str())],
        ),
        errors: FieldErrors::default(),
        action: format!("/proposals/{proposal}/assign?place={place}&section={section}"),
        cancel: list,
        to: view.assigned.map(|id| id.to_string()).unwrap_or_default(),
        due_on: view.due_on.map(|day| day.to_string()).unwrap_or_default(),
        people: view.people.iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect(),
        view,
    })
}

#[handler]
pub async fn assign(visit: Visit, Path(proposal): Path<String>) -> Answer {
    let which = which(&visit, &proposal)?;
    visit.page(&page(&visit, &which).await?)
}

fn command(which: &Which, posted: &Posted) -> Result<AssignSection> {
    let mut errors = FieldErrors::default();
    let to = match posted.text("to") {
        "" => None,
        _ => errors.take("to", posted.parse::<AccountId>("to")),
    };
    let due_on = match posted.text("due_on").trim() {
        "" => None,
        day => errors.take("due_on", period::parse_day(day)),
    };
    errors.done()?;
    Ok(AssignSection { proposal: which.proposal, place: which.place, section: which.section.clone(), to, due_on })
}

#[handler]
pub async fn assign_posted(visit: Visit, posted: Posted, Path(proposal): Path<String>) -> Answer {
    let which = which(&visit, &proposal)?;
    let outcome = match command(&which, &posted) {
        Ok(give) => visit.run(&posted, give).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(()) => visit.to_with(format!("/proposals/{}", which.proposal), "The assignment is saved."),
        Err(error @ AppError::NotFound) => Err(error.into()),
        Err(error) => {
            let errors = keep(error)?;
            let mut again = page(&visit, &which).await?;
            again.errors = errors;
            again.to = posted.text("to").to_owned();
            again.due_on = posted.text("due_on").to_owned();
            visit.again(&again)
        }
    }
}
