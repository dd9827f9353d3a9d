//! The screens of organisations and their people.

use super::{
    commands::members::{AnswerMemberInvitation, AnswerRequest, AskToJoin, Change, ChangeMembership, InviteMember},
    commands::owners::{StateOwner, WithdrawOwner},
    commands::{EditOrganisation, RegisterOrganisation},
    queries::{
        NameOf, OrganisationLine, OrganisationOf, OrganisationView, Organisations, OwnersOf, OwnersView, PeopleOf,
        PeopleView, PersonLine,
    },
    rules::ProfileInput,
};
use crate::{
    accounts::invitations::queries::{InvitationBy, InvitationView},
    documents::sheet::Cell,
    kernel::{AppError, Permission, Result, Subject, error::Denial},
    lists::views,
    web::{
        Answer, Choice, FieldErrors, Frame, Pages, Posted, Visit, keep,
        list::{Exported, Format, ListShape, ListView, export, words},
        show,
    },
};
use askama::Template;
use entity::types::{
    country::Country,
    ids::{MembershipId, OrganisationId, OrganisationLinkId},
    states::{MembershipRole, MembershipState, OrganisationKind},
};
use poem::{handler, web::Path};

pub fn routes(pages: Pages) -> Pages {
    pages
        .get("/organisations", organisations_list)
        .get("/organisations/new", new_form)
        .post("/organisations/new", new_posted)
        .get("/organisations/invitations/:token", invitation)
        .post("/organisations/invitations/:token", invitation_posted)
        .get("/organisations/:organisation", organisation_view)
        .get("/organisations/:organisation/edit", edit_form)
        .post("/organisations/:organisation/edit", edit_posted)
        .post("/organisations/:organisation/join", join_posted)
        .get("/organisations/:organisation/people", people_list)
        .post("/organisations/:organisation/people", invite_posted)
        .post("/organisations/:organisation/people/:membership", membership_posted)
        .get("/organisations/:organisation/owners", owners_shown)
        .post("/organisations/:organisation/owners", owner_posted)
        .post("/organisations/:organisation/owners/:link/withdraw", owner_withdrawn)
}

fn kinds() -> Vec<Choice> {
    OrganisationKind::ALL.iter().map(|k| Choice::new(k.word(), k.label())).collect()
}

fn countries() -> Vec<Choice> {
    Country::all().into_iter().map(|c| Choice::new(c.code(), c.name())).collect()
}

/// The directory.
pub const LIST: ListShape = ListShape {
    key: "organisations",
    sorts: &[("name", "Name"), ("kind", "Kind"), ("country", "Country"), ("city", "Town")],
    descending: false,
    filters: &["kind", "country", "mine"],
};

#[derive(Template)]
#[template(path = "organisations/list.html")]
struct ListPage {
    frame: Frame,
    list: ListView,
    rows: Vec<OrganisationLine>,
}

impl Exported for OrganisationLine {
    fn columns() -> Vec<&'static str> {
        vec!["Name", "Kind", "Country", "Town", "Registration number"]
    }

    fn cells(&self) -> Vec<Cell> {
        vec![
            self.name.as_str().into(),
            self.kind.label().into(),
            self.country.name().into(),
            self.city.as_deref().unwrap_or_default().into(),
            self.registration_no.as_deref().unwrap_or_default().into(),
        ]
    }
}

#[handler]
async fn organisations_list(visit: Visit) -> Answer {
    let request = LIST.request(&visit);
    if let Some(format) = Format::asked(&visit) {
        let all = visit.ask(Organisations(request.everything())).await?;
        return export(&visit, Subject::Platform, format, "Organisations", &all.rows).await;
    }
    let listed = visit.ask(Organisations(request.clone())).await?;
    let mut list = LIST
        .view(&visit, &request, listed.total)
        .search("Name, town or number")
        .select("kind", "Kind", kinds())
        .select("country", "Country", countries())
        .select("mine", "Which", words([("yes", "Those I belong to")]))
        .preset("My organisations", "mine=yes")
        .views(views::pages::own(&visit, LIST.key).await?);
    if visit.app.may(&visit.actor, Permission::ExportLists, Subject::Platform).await? {
        list = list.exports();
    }
    visit.page(&ListPage { frame: visit.frame("Organisations"), list, rows: listed.rows })
}

#[derive(Template)]
#[template(path = "organisations/profile.html")]
struct ProfilePage {
    frame: Frame,
    errors: FieldErrors,
    input: ProfileInput,
    kinds: Vec<Choice>,
    countries: Vec<Choice>,
    action: String,
    version: String,
    new: bool,
    another: bool,
    agency: bool,
}

fn typed(posted: &Posted) -> ProfileInput {
    let text = |name: &str| posted.text(name).to_owned();
    ProfileInput {
        kind: text("kind"),
        name: text("name"),
        country: text("country"),
        region: text("region"),
        city: text("city"),
        registration_no: text("registration_no"),
        website: text("website"),
        description: text("description"),
    }
}

fn new_page(visit: &Visit, input: ProfileInput, another: bool, errors: FieldErrors) -> ProfilePage {
    ProfilePage {
        frame: visit.frame_below("Register an organisation", &[("Organisations", "/organisations")]),
        errors,
        input,
        kinds: kinds().into_iter().filter(|k| !k.is("agency")).collect(),
        countries: countries(),
        action: "/organisations/new".to_owned(),
        version: String::new(),
        new: true,
        another,
        agency: false,
    }
}

#[handler]
async fn new_form(visit: Visit) -> Answer {
    if visit.actor.account().is_none() {
        return Err(AppError::Denied(Denial::SignedOut).into());
    }
    visit.page(&new_page(&visit, ProfileInput::default(), false, FieldErrors::default()))
}

#[handler]
async fn new_posted(visit: Visit, posted: Posted) -> Answer {
    let (input, another) = (typed(&posted), posted.ticked("another"));
    match visit.run(&posted, RegisterOrganisation { input: input.clone(), another }).await {
        Ok(id) => {
            visit.to_with(format!("/organisations/{id}"), "The organisation is registered, and you are its manager.")
        }
        Err(error) => {
            let errors = keep(error)?;
            visit.again(&new_page(&visit, input, another, errors))
        }
    }
}

fn edit_page(visit: &Visit, view: &OrganisationView, input: ProfileInput, errors: FieldErrors) -> ProfilePage {
    let above = format!("/organisations/{}", view.id);
    ProfilePage {
        frame: visit.frame_below("Change the profile", &[("Organisations", "/organisations"), (&view.name, &above)]),
        errors,
        input,
        kinds: kinds().into_iter().filter(|k| !k.is("agency")).collect(),
        countries: countries(),
        action: format!("{above}/edit"),
        version: view.version.to_string(),
        new: false,
        another: false,
        agency: view.kind == OrganisationKind::Agency,
    }
}

async fn editable(visit: &Visit, organisation: OrganisationId) -> Result<OrganisationView> {
    let view = visit.ask(OrganisationOf(organisation)).await?;
    if view.can_edit { Ok(view) } else { Err(AppError::Denied(Denial::Role)) }
}

#[handler]
async fn edit_form(visit: Visit, Path(organisation): Path<OrganisationId>) -> Answer {
    let view = editable(&visit, organisation).await?;
    let input = ProfileInput {
        kind: view.kind.word().to_owned(),
        name: view.name.clone(),
        country: view.country.code().to_owned(),
        region: view.region.clone().unwrap_or_default(),
        city: view.city.clone().unwrap_or_default(),
        registration_no: view.registration_no.clone().unwrap_or_default(),
        website: view.website.clone().unwrap_or_default(),
        description: view.description.clone(),
    };
    visit.page(&edit_page(&visit, &view, input, FieldErrors::default()))
}

#[handler]
async fn edit_posted(visit: Visit, Path(organisation): Path<OrganisationId>, posted: Posted) -> Answer {
    let input = typed(&posted);
    let edit = EditOrganisation { organisation, input: input.clone(), seen: posted.version() };
    match visit.run(&posted, edit).await {
        Ok(_) => visit.to_with(format!("/organisations/{organisation}"), "The profile is changed."),
        Err(error) => {
            let errors = keep(error)?;
            let view = editable(&visit, organisation).await?;
            visit.again(&edit_page(&visit, &view, input, errors))
        }
    }
}

#[derive(Template)]
#[template(path = "organisations/organisation.html")]
struct OrganisationPage {
    frame: Frame,
    errors: FieldErrors,
    view: OrganisationView,
}

fn organisation_page(visit: &Visit, view: OrganisationView, errors: FieldErrors) -> OrganisationPage {
    OrganisationPage { frame: visit.frame_below(&view.name, &[("Organisations", "/organisations")]), errors, view }
}

#[handler]
async fn organisation_view(visit: Visit, Path(organisation): Path<OrganisationId>) -> Answer {
    let view = visit.ask(OrganisationOf(organisation)).await?;
    visit.page(&organisation_page(&visit, view, FieldErrors::default()))
}

#[handler]
async fn join_posted(visit: Visit, Path(organisation): Path<OrganisationId>, posted: Posted) -> Answer {
    match visit.run(&posted, AskToJoin { organisation, message: posted.text("message").to_owned() }).await {
        Ok(()) => visit.to_with(format!("/organisations/{organisation}"), "The managers are asked to let you in."),
        Err(error) => {
            let errors = keep(error)?;
            let view = visit.ask(OrganisationOf(organisation)).await?;
            visit.again(&organisation_page(&visit, view, errors))
        }
    }
}

#[derive(Template)]
#[template(path = "organisations/people.html")]
struct PeoplePage {
    frame: Frame,
    errors: FieldErrors,
    organisation: OrganisationId,
    view: PeopleView,
    invite_name: String,
    invite_email: String,
    invite_message: String,
    invite_manager: bool,
}

impl PeoplePage {
    fn asking(&self) -> Vec<&PersonLine> {
        self.view.people.iter().filter(|p| p.state == MembershipState::Requested).collect()
    }

    fn active(&self) -> Vec<&PersonLine> {
        self.view.people.iter().filter(|p| p.state == MembershipState::Active).collect()
    }
}

async fn people_page(visit: &Visit, organisation: OrganisationId, errors: FieldErrors) -> Result<PeoplePage> {
    let view = visit.ask(PeopleOf(organisation)).await?;
    let above = format!("/organisations/{organisation}");
    Ok(PeoplePage {
        frame: visit.frame_below("People", &[("Organisations", "/organisations"), (&view.name, &above)]),
        errors,
        organisation,
        view,
        invite_name: String::new(),
        invite_email: String::new(),
        invite_message: String::new(),
        invite_manager: false,
    })
}

#[handler]
async fn people_list(visit: Visit, Path(organisation): Path<OrganisationId>) -> Answer {
    let page = people_page(&visit, organisation, FieldErrors::default()).await?;
    visit.page(&page)
}

#[handler]
async fn invite_posted(visit: Visit, Path(organisation): Path<OrganisationId>, posted: Posted) -> Answer {
    let text = |name: &str| posted.text(name).to_owned();
    let (email, name, message, manager) = (text("email"), text("name"), text("message"), posted.ticked("manager"));
    let invite =
        InviteMember { organisation, email: email.clone(), name: name.clone(), manager, message: message.clone() };
    match visit.run(&posted, invite).await {
        Ok(()) => visit.to_with(format!("/organisations/{organisation}/people"), "The invitation is on its way."),
        Err(error) => {
            let errors = keep(error)?;
            let mut page = people_page(&visit, organisation, errors).await?;
            (page.invite_email, page.invite_name) = (email, name);
            (page.invite_message, page.invite_manager) = (message, manager);
            visit.again(&page)
        }
    }
}

#[handler]
async fn membership_posted(
    visit: Visit,
    Path((organisation, membership)): Path<(OrganisationId, MembershipId)>,
    posted: Posted,
) -> Answer {
    let change = |change| ChangeMembership { organisation, membership, change };
    let done = match posted.text("do") {
        "accept" => visit.run(&posted, AnswerRequest { organisation, membership, accepted: true }).await,
        "refuse" => visit.run(&posted, AnswerRequest { organisation, membership, accepted: false }).await,
        "manager" => visit.run(&posted, change(Change::Role(MembershipRole::Manager))).await,
        "member" => visit.run(&posted, change(Change::Role(MembershipRole::Member))).await,
        "end" => visit.run(&posted, change(Change::End)).await,
        _ => Err(AppError::NotFound),
    };
    match done {
        Ok(()) => visit.to_with(format!("/organisations/{organisation}"), "Done."),
        Err(error) => {
            let errors = keep(error)?;
            let page = people_page(&visit, organisation, errors).await?;
            visit.again(&page)
        }
    }
}

#[derive(Template)]
#[template(path = "organisations/invitation.html")]
struct InvitationPage {
    frame: Frame,
    errors: FieldErrors,
    view: InvitationView,
    organisation: String,
    token: String,
}

async fn invitation_page(visit: &Visit, token: String, errors: FieldErrors) -> Result<InvitationPage> {
    let view = visit.ask(InvitationBy(token.clone())).await?;
    let organisation = visit.ask(NameOf(view.organisation.ok_or(AppError::NotFound)?)).await?;
    Ok(InvitationPage { frame: visit.frame("You are invited"), errors, view, organisation, token })
}

#[handler]
async fn invitation(visit: Visit, Path(token): Path<String>) -> Answer {
    let page = invitation_page(&visit, token, FieldErrors::default()).await?;
    visit.page(&page)
}

#[handler]
async fn invitation_posted(visit: Visit, Path(token): Path<String>, posted: Posted) -> Answer {
    let accepted = posted.text("do") == "accept";
    match visit.run(&posted, AnswerMemberInvitation { token: token.clone(), accepted }).await {
        Ok(id) => {
            let message =
                if accepted { "Welcome. You belong to this organisation now." } else { "You declined the invitation." };
            visit.to_with(format!("/organisations/{id}"), message)
        }
        Err(error) => {
            let page = invitation_page(&visit, token, keep(error)?).await?;
            visit.again(&page)
        }
    }
}

#[derive(Template)]
#[template(path = "organisations/owners.html")]
struct OwnersPage {
    frame: Frame,
    errors: FieldErrors,
    organisation: OrganisationId,
    view: OwnersView,
    countries: Vec<Choice>,
    typed: StateOwner,
}

async fn owners_page(visit: &Visit, typed: StateOwner, errors: FieldErrors) -> Result<OwnersPage> {
    let organisation = typed.organisation;
    let view = visit.ask(OwnersOf(organisation)).await?;
    let above = format!("/organisations/{organisation}");
    let frame = visit.frame_below("Owners", &[("Organisations", "/organisations"), (&view.name, &above)]);
    Ok(OwnersPage { frame, errors, organisation, view, countries: countries(), typed })
}

#[handler]
async fn owners_shown(visit: Visit, Path(organisation): Path<OrganisationId>) -> Answer {
    visit.page(&owners_page(&visit, StateOwner::of(organisation), FieldErrors::default()).await?)
}

#[handler]
async fn owner_posted(visit: Visit, Path(organisation): Path<OrganisationId>, posted: Posted) -> Answer {
    let text = |name: &str| posted.text(name).to_owned();
    let typed = StateOwner {
        organisation,
        name: text("name"),
        registration_no: text("registration_no"),
        country: text("country"),
        share: text("share"),
    };
    match visit.run(&posted, typed.clone()).await {
        Ok(_) => visit.to_with(format!("/organisations/{organisation}/owners"), "The owner is stated."),
        Err(error) => {
            let errors = keep(error)?;
            visit.again(&owners_page(&visit, typed, errors).await?)
        }
    }
}

#[handler]
async fn owner_withdrawn(
    visit: Visit,
    Path((organisation, link)): Path<(OrganisationId, OrganisationLinkId)>,
    posted: Posted,
) -> Answer {
    visit.run(&posted, WithdrawOwner { organisation, link }).await?;
    visit.to_with(format!("/organisations/{organisation}/owners"), "Taken back.")
}
