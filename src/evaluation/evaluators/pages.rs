//! The screens of the pool.

use super::{
    commands::{
        AnswerPoolInvitation, ChangeOwnProfile, ChangeProfile, InviteToPool, SetEvaluatorState, WithdrawPoolInvitation,
    },
    queries::{EvaluatorLine, EvaluatorsOf, OwnProfile, Pool, PoolInvitation, ProfileOf, ProfileView},
    rules::Typed,
};
use crate::{
    accounts::invitations::queries::{InvitationBy, InvitationView, Standing},
    documents::sheet::Cell,
    kernel::{AppError, Subject},
    lists::views::pages::own,
    web::{
        Answer, FieldErrors, Frame, Pages, Posted, Visit, keep,
        list::{Exported, Format, ListShape, ListView, export, words},
    },
};
use askama::Template;
use entity::types::{
    country::Country,
    ids::{EvaluatorId, InvitationId},
    states::{EvaluatorState, InvitationKind},
};
use poem::{handler, web::Path};

pub fn routes(pages: Pages) -> Pages {
    pages
        .get("/staff/evaluators", pool_shown)
        .post("/staff/evaluators", invite_posted)
        .post("/staff/evaluators/invitations/:id/withdraw", invitation_withdrawn)
        .get("/staff/evaluators/:id", profile_shown)
        .post("/staff/evaluators/:id", profile_posted)
        .post("/staff/evaluators/:id/state", state_posted)
        .get("/evaluators/invitations/:token", invitation_shown)
        .post("/evaluators/invitations/:token", invitation_posted)
        .get("/evaluator/profile", own_shown)
        .post("/evaluator/profile", own_posted)
}

const LIST: ListShape = ListShape {
    key: "evaluators",
    sorts: &[("name", "Name"), ("organisation", "Organisation"), ("capacity", "Places")],
    descending: false,
    filters: &["state", "language", "country"],
};

#[derive(Template)]
#[template(path = "evaluation/evaluators/pool.html")]
struct PoolPage {
    frame: Frame,
    errors: FieldErrors,
    list: ListView,
    rows: Vec<EvaluatorLine>,
    invitations: Vec<PoolInvitation>,
    may_manage: bool,
    name: String,
    email: String,
    message: String,
}

impl PoolPage {
    async fn of(visit: &Visit) -> Result<Self, AppError> {
        let request = LIST.request(visit);
        let Pool { lines, invitations, may_manage } = visit.ask(EvaluatorsOf(request.clone())).await?;
        let list = LIST
            .view(visit, &request, lines.total)
            .search("Name, organisation, field")
            .select("state", "State", words(EvaluatorState::ALL.iter().map(|s| (s.word(), s.label()))))
            .text("language", "Language")
            .select("country", "Country", words(Country::all().into_iter().map(|c| (c.code().to_owned(), c.name()))))
            .preset("In the pool", "state=active")
            .exports()
            .views(own(visit, LIST.key).await?);
        Ok(Self {
            frame: visit.frame_below("Evaluators", &[("Staff", "/staff")]),
            errors: FieldErrors::default(),
            list,
            rows: lines.rows,
            invitations,
            may_manage,
            name: String::new(),
            email: String::new(),
            message: String::new(),
        })
    }

    fn day(&self, at: &chrono::DateTime<chrono::Utc>) -> String {
        crate::web::show::day(at.date_naive())
    }
}

#[handler]
async fn pool_shown(visit: Visit) -> Answer {
    if let Some(format) = Format::asked(&visit) {
        let pool = visit.ask(EvaluatorsOf(LIST.request(&visit).everything())).await?;
        return export(&visit, Subject::Platform, format, "Evaluators", &pool.lines.rows).await;
    }
    visit.page(&PoolPage::of(&visit).await?)
}

impl Exported for EvaluatorLine {
    fn columns() -> Vec<&'static str> {
        vec![
            "Name",
            "E-mail",
            "State",
            "Organisation",
            "Fields",
            "Languages",
            "Countries",
            "Places",
            "Tasks",
            "Submitted",
            "Conflicts",
        ]
    }

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::text(&self.name),
            Cell::text(&self.email),
            Cell::text(self.state.label()),
            Cell::from(self.organisation.as_str()),
            Cell::from(self.expertise.as_str()),
            Cell::from(self.languages.as_str()),
            Cell::from(self.countries.as_str()),
            Cell::number(self.capacity),
            Cell::number(self.load),
            Cell::number(self.submitted),
            Cell::number(self.conflicts),
        ]
    }
}

#[handler]
async fn invite_posted(visit: Visit, posted: Posted) -> Answer {
    let text = |name: &str| posted.text(name).to_owned();
    let command = InviteToPool { email: text("email"), name: text("name"), message: text("message") };
    match visit.run(&posted, command).await {
        Ok(()) => visit.to_with("/staff/evaluators", "The invitation was sent."),
        Err(error) => {
            let errors = keep(error)?;
            let mut page = PoolPage::of(&visit).await?;
            page.errors = errors;
            (page.name, page.email, page.message) = (text("name"), text("email"), text("message"));
            visit.again(&page)
        }
    }
}

#[handler]
async fn invitation_withdrawn(visit: Visit, posted: Posted, Path(id): Path<InvitationId>) -> Answer {
    visit.run(&posted, WithdrawPoolInvitation(id)).await?;
    visit.to_with("/staff/evaluators", "The invitation was taken back.")
}

/// What a profile form shows, whoever fills it in.
#[derive(Template)]
#[template(path = "evaluation/evaluators/profile.html")]
struct ProfilePage {
    frame: Frame,
    errors: FieldErrors,
    action: String,
    typed: Typed,
    version: i64,
    /// Whose profile it is; none for the own one.
    whose: Option<ProfileView>,
}

fn typed(view: &ProfileView) -> Typed {
    Typed {
        organisation: view.organisation.clone(),
        expertise: view.expertise.clone(),
        languages: view.languages.clone(),
        countries: view.countries.clone(),
        capacity: view.capacity.to_string(),
        bio: view.bio.clone(),
    }
}

fn posted_profile(posted: &Posted) -> Typed {
    let text = |name: &str| posted.text(name).to_owned();
    Typed {
        organisation: text("organisation"),
        expertise: text("expertise"),
        languages: text("languages"),
        countries: text("countries"),
        capacity: text("capacity"),
        bio: text("bio"),
    }
}

impl ProfilePage {
    fn own(visit: &Visit, view: &ProfileView) -> Self {
        Self {
            frame: visit.frame_below("My profile as an evaluator", &[("My assignments", "/assignments")]),
            errors: FieldErrors::default(),
            action: "/evaluator/profile".to_owned(),
            typed: typed(view),
            version: view.version,
            whose: None,
        }
    }

    fn of(visit: &Visit, view: ProfileView) -> Self {
        Self {
            frame: visit.frame_below(view.name.clone(), &[("Staff", "/staff"), ("Evaluators", "/staff/evaluators")]),
            errors: FieldErrors::default(),
            action: format!("/staff/evaluators/{}", view.id),
            typed: typed(&view),
            version: view.version,
            whose: Some(view),
        }
    }
}

#[handler]
async fn own_shown(visit: Visit) -> Answer {
    let view = visit.ask(OwnProfile).await?;
    visit.page(&ProfilePage::own(&visit, &view))
}

#[handler]
async fn own_posted(visit: Visit, posted: Posted) -> Answer {
    let view = visit.ask(OwnProfile).await?;
    let profile = posted_profile(&posted);
    match visit.run(&posted, ChangeOwnProfile { seen: posted.version(), profile: profile.clone() }).await {
        Ok(()) => visit.to_with("/evaluator/profile", "Saved."),
        Err(error) => {
            let page = ProfilePage::own(&visit, &view);
            visit.again(&ProfilePage { errors: keep(error)?, typed: profile, ..page })
        }
    }
}

#[handler]
async fn profile_shown(visit: Visit, Path(id): Path<EvaluatorId>) -> Answer {
    let view = visit.ask(ProfileOf(id)).await?;
    visit.page(&ProfilePage::of(&visit, view))
}

#[handler]
async fn profile_posted(visit: Visit, posted: Posted, Path(id): Path<EvaluatorId>) -> Answer {
    let profile = posted_profile(&posted);
    let command = ChangeProfile { evaluator: id, seen: posted.version(), profile: profile.clone() };
    match visit.run(&posted, command).await {
        Ok(()) => visit.to_with(format!("/staff/evaluators/{id}"), "Saved."),
        Err(error) => {
            let errors = keep(error)?;
            let page = ProfilePage::of(&visit, visit.ask(ProfileOf(id)).await?);
            visit.again(&ProfilePage { errors, typed: profile, ..page })
        }
    }
}

#[handler]
async fn state_posted(visit: Visit, posted: Posted, Path(id): Path<EvaluatorId>) -> Answer {
    let active = posted.text("state") == EvaluatorState::Active.word();
    visit.run(&posted, SetEvaluatorState { evaluator: id, active }).await?;
    let told = if active { "Back in the pool." } else { "No longer asked for new proposals." };
    visit.to_with(format!("/staff/evaluators/{id}"), told)
}

#[derive(Template)]
#[template(path = "evaluation/evaluators/invitation.html")]
struct JoinPage {
    frame: Frame,
    errors: FieldErrors,
    invitation: InvitationView,
    token: String,
    typed: Typed,
}

impl JoinPage {
    async fn of(visit: &Visit, token: String) -> Result<Self, AppError> {
        let invitation = visit.ask(InvitationBy(token.clone())).await?;
        if invitation.kind != InvitationKind::Evaluator {
            return Err(AppError::NotFound);
        }
        let typed = Typed { capacity: "5".to_owned(), ..Typed::default() };
        let frame = visit.frame("Join the pool of evaluators");
        Ok(Self { frame, errors: FieldErrors::default(), invitation, token, typed })
    }
}

#[handler]
async fn invitation_shown(visit: Visit, Path(token): Path<String>) -> Answer {
    let page = JoinPage::of(&visit, token.clone()).await?;
    let mine = visit.actor.person().is_some_and(|p| p.email == page.invitation.email.as_str());
    // Signing in, or saying that the link is over, is the business of the invitation's own page.
    if !mine || page.invitation.standing != Standing::Open {
        return visit.to(format!("/invitations/{token}"));
    }
    visit.page(&page)
}

#[handler]
async fn invitation_posted(visit: Visit, posted: Posted, Path(token): Path<String>) -> Answer {
    let accepted = posted.text("answer") == "accept";
    let profile = accepted.then(|| posted_profile(&posted));
    match visit.run(&posted, AnswerPoolInvitation { token: token.clone(), profile }).await {
        Ok(()) if accepted => visit.to_with("/assignments", "Welcome to the pool of evaluators."),
        Ok(()) => visit.to_with("/overview", "You have declined. Thank you for telling us."),
        Err(error) => {
            let errors = keep(error)?;
            let page = JoinPage::of(&visit, token).await?;
            visit.again(&JoinPage { errors, typed: posted_profile(&posted), ..page })
        }
    }
}
