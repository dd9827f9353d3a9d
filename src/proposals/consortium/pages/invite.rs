//! Inviting partners and people.

use super::{
    super::{
        commands::{InvitePartner, InvitePerson, WithdrawInvitation},
        queries::Team,
        rules::given_role,
    },
    frame, part,
    team::roles,
    team_of, team_path,
};
use crate::{
    kernel::{AppError, Result, secret},
    proposals::drafts::pages::id,
    web::{Answer, Choice, FieldErrors, Frame, Posted, Visit, keep},
};
use askama::Template;
use poem::{handler, web::Path};

#[derive(Template)]
#[template(path = "proposals/consortium/invite.html")]
struct InvitePage {
    frame: Frame,
    errors: FieldErrors,
    action: String,
    cancel: String,
    key: String,
    /// Whether a partner is invited, not a person for a part.
    partner: bool,
    lead: String,
    email: String,
    name: String,
    organisation: String,
    role: String,
    roles: Vec<Choice>,
    message: String,
}

impl InvitePage {
    fn new(visit: &Visit, view: &Team, action: String, of: Option<&str>) -> Self {
        let title = if of.is_some() { "Invite a person" } else { "Invite a partner" };
        Self {
            frame: frame(visit, view, title, true),
            errors: FieldErrors::default(),
            cancel: team_path(view),
            key: secret::token(visit.app.chance()),
            partner: of.is_none(),
            lead: match of {
                Some(organisation) => format!("The person works on the joint sections and the part of {organisation}."),
                None => "The partner gets a part of its own, applied for at the agency of its country.".to_owned(),
            },
            email: String::new(),
            name: String::new(),
            organisation: String::new(),
            role: "editor".to_owned(),
            roles: roles(),
            message: String::new(),
            action,
        }
    }

    fn typed(mut self, posted: &Posted, errors: FieldErrors) -> Self {
        let text = |name: &str| posted.text(name).to_owned();
        self.errors = errors;
        self.email = text("email");
        self.name = text("name");
        self.organisation = text("organisation");
        self.role = text("role");
        self.message = text("message");
        self
    }
}

fn partner_page(visit: &Visit, view: &Team) -> Result<InvitePage> {
    if !view.manages {
        return Err(AppError::NotFound);
    }
    Ok(InvitePage::new(visit, view, format!("/proposals/{}/team/invite", view.head.id), None))
}

#[handler]
pub async fn partner(visit: Visit, Path(proposal): Path<String>) -> Answer {
    let view = team_of(&visit, &proposal).await?;
    visit.page(&partner_page(&visit, &view)?)
}

#[handler]
pub async fn partner_posted(visit: Visit, posted: Posted, Path(proposal): Path<String>) -> Answer {
    let view = team_of(&visit, &proposal).await?;
    let invite = InvitePartner {
        proposal: view.head.id,
        email: posted.text("email").to_owned(),
        name: posted.text("name").to_owned(),
        organisation: posted.text("organisation").to_owned(),
        message: posted.text("message").to_owned(),
    };
    match visit.run(&posted, invite).await {
        Ok(_) => visit.to_with(team_path(&view), "The invitation is on its way. You get a mail with the answer."),
        Err(error) => {
            let errors = keep(error)?;
            visit.again(&partner_page(&visit, &view)?.typed(&posted, errors))
        }
    }
}

fn person_page(visit: &Visit, view: &Team, part_id: &str) -> Result<InvitePage> {
    let here = part(view, part_id)?;
    if !here.editable {
        return Err(AppError::NotFound);
    }
    let action = format!("/proposals/{}/parts/{}/invite", view.head.id, here.part.id);
    Ok(InvitePage::new(visit, view, action, Some(&here.part.organisation)))
}

#[handler]
pub async fn person_shown(visit: Visit, Path((proposal, part_id)): Path<(String, String)>) -> Answer {
    let view = team_of(&visit, &proposal).await?;
    visit.page(&person_page(&visit, &view, &part_id)?)
}

#[handler]
pub async fn person_posted(visit: Visit, posted: Posted, Path((proposal, part_id)): Path<(String, String)>) -> Answer {
    let view = team_of(&visit, &proposal).await?;
    let page = person_page(&visit, &view, &part_id)?;
    let outcome = match given_role(posted.text("role")) {
        Ok(role) => {
            let invite = InvitePerson {
                part: id(&part_id)?,
                email: posted.text("email").to_owned(),
                name: posted.text("name").to_owned(),
                role,
                message: posted.text("message").to_owned(),
            };
            visit.run(&posted, invite).await
        }
        Err(bad) => Err(AppError::invalid("role", bad.0)),
    };
    match outcome {
        Ok(_) => visit.to_with(team_path(&view), "The invitation is on its way."),
        Err(error) => {
            let errors = keep(error)?;
            visit.again(&page.typed(&posted, errors))
        }
    }
}

#[handler]
pub async fn withdraw_posted(
    visit: Visit,
    posted: Posted,
    Path((proposal, invitation)): Path<(String, String)>,
) -> Answer {
    let proposal = id(&proposal)?;
    visit.run(&posted, WithdrawInvitation { proposal, id: id(&invitation)? }).await?;
    visit.to_with(
        format!("/proposals/{proposal}/team"),
        "The invitation is taken back; its link does not work any more.",
    )
}
