//! The page an invited person answers on.

use super::super::{
    commands::{AcceptPartnership, DeclineInvitation, JoinTeam},
    queries::{Invited, InvitedTo},
};
use crate::{
    accounts::invitations::queries::Standing,
    kernel::{AppError, Result},
    web::{Answer, Choice, FieldErrors, Frame, Posted, Visit, keep, show},
};
use askama::Template;
use entity::types::{
    ids::{AnnexId, OrganisationId},
    states::InvitationKind,
};
use poem::{handler, web::Path};

#[derive(Template)]
#[template(path = "proposals/consortium/invitation.html")]
struct InvitationPage {
    frame: Frame,
    errors: FieldErrors,
    view: Invited,
    /// Why it cannot be answered; empty when it can.
    closed: &'static str,
    until: String,
    organisation: String,
    annex: String,
    reason: String,
    organisations: Vec<Choice>,
    agencies: Vec<Choice>,
}

impl InvitationPage {
    fn new(visit: &Visit, view: Invited) -> Self {
        let closed = match view.invitation.standing {
            Standing::Open if view.open => "",
            Standing::Open => "The call does not take new partners any more.",
            Standing::Accepted => "This invitation was accepted.",
            Standing::Declined => "This invitation was declined.",
            Standing::Withdrawn => "This invitation was taken back.",
            Standing::Over => "This invitation is over. Please ask for a new one.",
        };
        let organisations: Vec<Choice> = view
            .applicants
            .iter()
            .map(|a| {
                let hint = match a.agencies.as_slice() {
                    [] => format!("No agency of {} takes part in this call", a.country.name()),
                    [one] => format!("Applies to {}, closes {}", one.name, one.deadline),
                    _ => format!("Several agencies of {} take part", a.country.name()),
                };
                Choice::new(a.id.to_string(), &a.name).hint(hint)
            })
            .collect();
        let several = view.applicants.iter().filter(|a| a.agencies.len() > 1).flat_map(|a| &a.agencies);
        let agencies =
            several.map(|a| Choice::new(a.annex.to_string(), &a.name).hint(a.deadline.to_string())).collect();
        let organisation = match organisations.as_slice() {
            [only] => only.value.clone(),
            _ => String::new(),
        };
        Self {
            frame: visit.frame(format!("You are invited to join {}", view.acronym)),
            errors: FieldErrors::default(),
            until: show::day(view.invitation.expires_at.date_naive()),
            annex: String::new(),
            reason: String::new(),
            closed,
            organisation,
            organisations,
            agencies,
            view,
        }
    }

    fn is_partner(&self) -> bool {
        self.view.invitation.kind == InvitationKind::Partner
    }
}

#[handler]
pub async fn shown(visit: Visit, Path(token): Path<String>) -> Answer {
    visit.app.limit(&format!("link from {}", visit.address), 120, chrono::TimeDelta::hours(1)).await?;
    let view = visit.ask(InvitedTo(token.clone())).await?;
    let mine = visit.actor.person().is_some_and(|p| p.email == view.invitation.email.as_str());
    if !mine {
        return visit.to(format!("/invitations/{token}"));
    }
    visit.page(&InvitationPage::new(&visit, view))
}

#[handler]
pub async fn answered(visit: Visit, posted: Posted, Path(token): Path<String>) -> Answer {
    let view = visit.ask(InvitedTo(token.clone())).await?;
    match answer(&visit, &posted, &view, token).await {
        Ok(to) => visit.to_with(to.0, to.1),
        Err(error) => {
            let errors = keep(error)?;
            let mut page = InvitationPage::new(&visit, view);
            page.errors = errors;
            page.organisation = posted.text("organisation").to_owned();
            page.annex = posted.text("annex").to_owned();
            page.reason = posted.text("reason").to_owned();
            visit.again(&page)
        }
    }
}

async fn answer(visit: &Visit, posted: &Posted, view: &Invited, token: String) -> Result<(String, &'static str)> {
    let kind = view.invitation.kind;
    if posted.text("do") == "decline" {
        let decline = DeclineInvitation { token, kind, reason: posted.text("reason").to_owned() };
        visit.run(posted, decline).await?;
        return Ok(("/proposals".to_owned(), "You declined the invitation. The coordinator gets a mail."));
    }
    let joined = match kind {
        InvitationKind::Partner => {
            let organisation = posted.parse::<OrganisationId>("organisation");
            let organisation = organisation.map_err(|bad| AppError::invalid("organisation", bad.0))?;
            let annex = match posted.text("annex") {
                "" => None,
                _ => Some(posted.parse::<AnnexId>("annex").map_err(|bad| AppError::invalid("annex", bad.0))?),
            };
            visit.run(posted, AcceptPartnership { token, organisation, annex }).await?
        }
        _ => visit.run(posted, JoinTeam { token }).await?,
    };
    Ok((format!("/proposals/{}", joined.proposal), "Welcome to the proposal. Your part is below."))
}
