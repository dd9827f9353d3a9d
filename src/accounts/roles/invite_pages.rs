//! The screens of invitations to roles: sending one, and answering it.

use super::{
    invite::{AcceptRole, InviteToRole},
    queries::{RoleChoices, RoleOffered},
};
use crate::{
    accounts::invitations::queries::{InvitationBy, Standing},
    kernel::{AppError, Result},
    web::{Answer, Choice, FieldErrors, Frame, Pages, Posted, Visit, keep},
};
use askama::Template;
use entity::types::states::{InvitationKind, Role};
use poem::{handler, web::Path};

pub(super) fn routes(pages: Pages) -> Pages {
    pages
        .get("/admin/accounts/invite", invite_form)
        .post("/admin/accounts/invite", invite_posted)
        .get("/roles/invitations/:token", offered)
        .post("/roles/invitations/:token", accepted)
}

#[derive(Template)]
#[template(path = "accounts/roles/invite.html")]
struct InvitePage {
    frame: Frame,
    errors: FieldErrors,
    roles: Vec<Choice>,
    calls: Vec<Choice>,
    agencies: Vec<Choice>,
    email: String,
    name: String,
    role: String,
    call: String,
    agency: String,
    message: String,
}

async fn invite_page(visit: &Visit, errors: FieldErrors) -> Result<InvitePage> {
    let choices = visit.ask(RoleChoices).await?;
    Ok(InvitePage {
        frame: visit.frame_below("Invite to a role", &[("Administration", "/admin"), ("Accounts", "/admin/accounts")]),
        errors,
        roles: Role::ALL.iter().map(|r| Choice::new(r.word(), r.label())).collect(),
        calls: choices.calls.iter().map(|(id, code)| Choice::new(id.to_string(), code)).collect(),
        agencies: choices.agencies.iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect(),
        email: String::new(),
        name: String::new(),
        role: String::new(),
        call: String::new(),
        agency: String::new(),
        message: String::new(),
    })
}

#[handler]
async fn invite_form(visit: Visit) -> Answer {
    let page = invite_page(&visit, FieldErrors::default()).await?;
    visit.page(&page)
}

#[handler]
async fn invite_posted(visit: Visit, posted: Posted) -> Answer {
    let typed = |name: &str| posted.text(name).to_owned();
    let (email, name, role, message) = (typed("email"), typed("name"), typed("role"), typed("message"));
    let (call, agency) = (typed("call"), typed("agency"));
    let invite = InviteToRole {
        email: email.clone(),
        name: name.clone(),
        role: role.clone(),
        call: call.parse().ok(),
        agency: agency.parse().ok(),
        message: message.clone(),
    };
    match visit.run(&posted, invite).await {
        Ok(()) => visit.to_with("/admin/accounts", "The invitation is on its way."),
        Err(error) => {
            let errors = keep(error)?;
            let page = invite_page(&visit, errors).await?;
            visit.again(&InvitePage { email, name, role, call, agency, message, ..page })
        }
    }
}

#[derive(Template)]
#[template(path = "accounts/roles/invitation.html")]
struct OfferPage {
    frame: Frame,
    errors: FieldErrors,
    invited_by: String,
    message: String,
    role: String,
    scope: String,
    token: String,
}

impl OfferPage {
    async fn of(visit: &Visit, token: String, errors: FieldErrors) -> Result<Self> {
        let invitation = visit.ask(InvitationBy(token.clone())).await?;
        if invitation.kind != InvitationKind::Role {
            return Err(AppError::NotFound);
        }
        let offer = visit.ask(RoleOffered(token.clone())).await?;
        Ok(Self {
            frame: visit.frame("You are invited"),
            errors,
            invited_by: invitation.invited_by,
            message: invitation.message,
            role: offer.role.label().to_owned(),
            scope: offer.scope,
            token,
        })
    }
}

#[handler]
async fn offered(visit: Visit, Path(token): Path<String>) -> Answer {
    let invitation = visit.ask(InvitationBy(token.clone())).await?;
    let mine = visit.actor.person().is_some_and(|p| p.email == invitation.email.as_str());
    // Signing in, or saying that the link is over, is the business of the invitation's own page.
    if !mine || invitation.standing != Standing::Open {
        return visit.to(format!("/invitations/{token}"));
    }
    let page = OfferPage::of(&visit, token, FieldErrors::default()).await?;
    visit.page(&page)
}

#[handler]
async fn accepted(visit: Visit, Path(token): Path<String>, posted: Posted) -> Answer {
    match visit.run(&posted, AcceptRole { token: token.clone() }).await {
        Ok(()) => visit.to_with("/overview", "Welcome. The role is yours."),
        Err(error) => {
            let page = OfferPage::of(&visit, token, keep(error)?).await?;
            visit.again(&page)
        }
    }
}
