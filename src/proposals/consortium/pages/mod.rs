//! The screens of consortia.

mod assign;
mod invitation;
mod invite;
mod team;

use super::queries::{Team, TeamOf};
use crate::{
    kernel::{AppError, Result},
    proposals::drafts::pages::{changed, id},
    web::{Frame, Pages, Visit},
};

pub fn routes(pages: Pages) -> Pages {
    pages
        .get("/proposals/invitations/:token", invitation::shown)
        .post("/proposals/invitations/:token", invitation::answered)
        .get("/proposals/:proposal/team", team::shown)
        .get("/proposals/:proposal/team/invite", invite::partner)
        .post("/proposals/:proposal/team/invite", invite::partner_posted)
        .get("/proposals/:proposal/parts/:part/invite", invite::person_shown)
        .post("/proposals/:proposal/parts/:part/invite", invite::person_posted)
        .post("/proposals/:proposal/invitations/:invitation/withdraw", invite::withdraw_posted)
        .get("/proposals/:proposal/parts/:part/people/:account", team::person_shown)
        .post("/proposals/:proposal/parts/:part/people/:account", team::person_posted)
        .get("/proposals/:proposal/parts/:part/leave", team::leave)
        .post("/proposals/:proposal/parts/:part/leave", team::leave_posted)
        .get("/proposals/:proposal/coordinator", team::coordinator)
        .post("/proposals/:proposal/coordinator", team::coordinator_posted)
        .get("/proposals/:proposal/assign", assign::assign)
        .post("/proposals/:proposal/assign", assign::assign_posted)
}

async fn team_of(visit: &Visit, proposal: &str) -> Result<Team> {
    visit.ask(TeamOf(id(proposal)?)).await
}

/// The address of the team page.
fn team_path(team: &Team) -> String {
    format!("/proposals/{}/team", team.head.id)
}

fn frame(visit: &Visit, team: &Team, title: &str, below_team: bool) -> Frame {
    let proposal = format!("/proposals/{}", team.head.id);
    let (name, people) = (format!("{} {}", team.head.code, team.head.acronym), team_path(team));
    let mut crumbs = vec![("My proposals", "/proposals"), (name.as_str(), proposal.as_str())];
    if below_team {
        crumbs.push(("Team", people.as_str()));
    }
    changed(visit.frame_below(title, &crumbs), &team.head)
}

/// A part of the team page, by the id in an address.
fn part<'a>(team: &'a Team, part: &str) -> Result<&'a super::queries::TeamPart> {
    let part: entity::types::ids::PartId = id(part)?;
    team.parts.iter().find(|p| p.part.id == part).ok_or(AppError::NotFound)
}
