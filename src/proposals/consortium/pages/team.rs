//! The team of a proposal, part by part.

use super::{
    super::{
        commands::{ChangeRole, HandOver, LeaveProposal, RemovePartner, RemovePerson},
        queries::{Colleague, Team, TeamPart},
        rules::given_role,
    },
    frame, part, team_of, team_path,
};
use crate::{
    kernel::{AppError, Result, secret},
    proposals::drafts::pages::id,
    web::{Answer, Choice, FieldErrors, Frame, Posted, Visit, keep, show},
};
use askama::Template;
use chrono_tz::Tz;
use entity::types::{
    ids::AccountId,
    states::{PartState, TeamRole},
};
use poem::{handler, web::Path};

#[derive(Template)]
#[template(path = "proposals/consortium/team.html")]
struct TeamPage {
    frame: Frame,
    team: Team,
    path: String,
}

impl TeamPage {
    fn until(&self, at: &chrono::DateTime<chrono::Utc>) -> String {
        show::day(at.with_timezone::<Tz>(&self.team.head.zone).date_naive())
    }

    fn is_reader(&self, account: &AccountId) -> bool {
        self.team.reader == Some(*account)
    }
}

#[handler]
pub async fn shown(visit: Visit, Path(proposal): Path<String>) -> Answer {
    let view = team_of(&visit, &proposal).await?;
    let frame = frame(&visit, &view, "Team", false);
    visit.page(&TeamPage { path: format!("/proposals/{}", view.head.id), frame, team: view })
}

#[derive(Template)]
#[template(path = "proposals/consortium/person.html")]
struct PersonPage {
    frame: Frame,
    errors: FieldErrors,
    action: String,
    cancel: String,
    role: String,
    roles: Vec<Choice>,
    person: Colleague,
    organisation: String,
}

/// The roles that can be given.
pub(super) fn roles() -> Vec<Choice> {
    vec![
        Choice::new(TeamRole::Editor.word(), TeamRole::Editor.label()).hint("The joint sections and this part"),
        Choice::new(TeamRole::Viewer.word(), TeamRole::Viewer.label()).hint("Sees the joint sections and this part"),
    ]
}

fn colleague<'a>(team: &'a Team, part_id: &str, account: &str) -> Result<(&'a TeamPart, &'a Colleague)> {
    let here = part(team, part_id)?;
    let account: AccountId = id(account)?;
    let person = here.people.iter().find(|c| c.account == account).ok_or(AppError::NotFound)?;
    if here.editable { Ok((here, person)) } else { Err(AppError::NotFound) }
}

fn person_page(visit: &Visit, view: &Team, here: &TeamPart, person: &Colleague) -> PersonPage {
    PersonPage {
        frame: frame(visit, view, &person.name, true),
        errors: FieldErrors::default(),
        action: format!("/proposals/{}/parts/{}/people/{}", view.head.id, here.part.id, person.account),
        cancel: team_path(view),
        role: person.role.word().to_owned(),
        roles: roles(),
        organisation: here.part.organisation.clone(),
        person: person.clone(),
    }
}

#[handler]
pub async fn person_shown(visit: Visit, Path((proposal, part_id, account)): Path<(String, String, String)>) -> Answer {
    let view = team_of(&visit, &proposal).await?;
    let (here, who) = colleague(&view, &part_id, &account)?;
    visit.page(&person_page(&visit, &view, here, who))
}

#[handler]
pub async fn person_posted(
    visit: Visit,
    posted: Posted,
    Path((proposal, part_id, account)): Path<(String, String, String)>,
) -> Answer {
    let view = team_of(&visit, &proposal).await?;
    let (here, who) = colleague(&view, &part_id, &account)?;
    let (part, account) = (here.part.id, who.account);
    let outcome = match posted.text("do") {
        "remove" => visit.run(&posted, RemovePerson { part, account }).await.map(|()| "is off the team."),
        _ => match given_role(posted.text("role")) {
            Ok(role) => visit.run(&posted, ChangeRole { part, account, role }).await.map(|()| "has the new role."),
            Err(bad) => Err(AppError::invalid("role", bad.0)),
        },
    };
    match outcome {
        Ok(what) => visit.to_with(team_path(&view), &format!("{} {what}", who.name)),
        Err(error) => {
            let errors = keep(error)?;
            visit.again(&PersonPage { errors, ..person_page(&visit, &view, here, who) })
        }
    }
}

#[derive(Template)]
#[template(path = "proposals/consortium/leave.html")]
struct LeavePage {
    frame: Frame,
    errors: FieldErrors,
    action: String,
    cancel: String,
    question: String,
    button: &'static str,
    /// Whether it is one's own part that leaves.
    own: bool,
    organisation: String,
    key: String,
}

fn leave_page(visit: &Visit, view: &Team, here: &TeamPart) -> Result<LeavePage> {
    if here.part.is_coordinator || !(here.editable || view.manages) {
        return Err(AppError::NotFound);
    }
    let own = here.editable;
    let organisation = here.part.organisation.clone();
    let question = match own {
        true => format!("Leave the proposal with {organisation}?"),
        false => format!("Take {organisation} out of the proposal?"),
    };
    Ok(LeavePage {
        frame: frame(visit, view, if own { "Leave the proposal" } else { "Take a partner out" }, true),
        errors: FieldErrors::default(),
        action: format!("/proposals/{}/parts/{}/leave", view.head.id, here.part.id),
        cancel: team_path(view),
        button: if own { "Leave the proposal" } else { "Take the partner out" },
        key: secret::token(visit.app.chance()),
        question,
        own,
        organisation,
    })
}

#[handler]
pub async fn leave(visit: Visit, Path((proposal, part_id)): Path<(String, String)>) -> Answer {
    let view = team_of(&visit, &proposal).await?;
    visit.page(&leave_page(&visit, &view, part(&view, &part_id)?)?)
}

#[handler]
pub async fn leave_posted(visit: Visit, posted: Posted, Path((proposal, part_id)): Path<(String, String)>) -> Answer {
    let view = team_of(&visit, &proposal).await?;
    let here = part(&view, &part_id)?;
    let page = leave_page(&visit, &view, here)?;
    let own = page.own;
    let outcome = match own {
        true => visit.run(&posted, LeaveProposal { part: here.part.id }).await,
        false => visit.run(&posted, RemovePartner { proposal: view.head.id, part: here.part.id }).await,
    };
    match outcome {
        Ok(()) if own => visit.to_with("/proposals", "You left the proposal. Its coordinator gets a mail."),
        Ok(()) => visit.to_with(team_path(&view), "The partner is taken out and gets a mail."),
        Err(error) => {
            let errors = keep(error)?;
            visit.again(&LeavePage { errors, ..page })
        }
    }
}

#[derive(Template)]
#[template(path = "proposals/consortium/coordinator.html")]
struct CoordinatorPage {
    frame: Frame,
    errors: FieldErrors,
    action: String,
    cancel: String,
    to: String,
    people: Vec<Choice>,
}

fn coordinator_page(visit: &Visit, view: &Team) -> Result<CoordinatorPage> {
    if !view.manages {
        return Err(AppError::NotFound);
    }
    let choice = |(c, p): (&Colleague, &TeamPart)| {
        Choice::new(c.account.to_string(), &c.name).hint(format!("{}, {}", p.part.organisation, p.country))
    };
    let draft = |(_, p): &(&Colleague, &TeamPart)| p.part.state == PartState::Draft;
    Ok(CoordinatorPage {
        frame: frame(visit, view, "Hand the coordination over", true),
        errors: FieldErrors::default(),
        action: format!("/proposals/{}/coordinator", view.head.id),
        cancel: team_path(view),
        to: String::new(),
        people: view.successors().into_iter().filter(draft).map(choice).collect(),
    })
}

#[handler]
pub async fn coordinator(visit: Visit, Path(proposal): Path<String>) -> Answer {
    let view = team_of(&visit, &proposal).await?;
    visit.page(&coordinator_page(&visit, &view)?)
}

#[handler]
pub async fn coordinator_posted(visit: Visit, posted: Posted, Path(proposal): Path<String>) -> Answer {
    let view = team_of(&visit, &proposal).await?;
    let page = coordinator_page(&visit, &view)?;
    let outcome = match posted.parse::<AccountId>("to") {
        Ok(to) => visit.run(&posted, HandOver { proposal: view.head.id, to }).await,
        Err(bad) => Err(AppError::invalid("to", bad.0)),
    };
    match outcome {
        Ok(()) => {
            visit.to_with(team_path(&view), "The coordination is handed over. Everybody on the team gets a mail.")
        }
        Err(error) => {
            let errors = keep(error)?;
            visit.again(&CoordinatorPage { errors, to: posted.text("to").to_owned(), ..page })
        }
    }
}
