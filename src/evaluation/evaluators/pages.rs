//! The screens of the pool.

use super::{
    commands::{
        AnswerPoolInvitation, ChangeOwnProfile, ChangeProfile, EraseOwnProfile, InviteToPool, RenewProfile,
        SetEvaluatorState, SetTerms, WithdrawPoolInvitation,
    },
    queries::{DraftOf, EvaluatorLine, EvaluatorsOf, OwnProfile, Pool, PoolInvitation, ProfileOf, ProfileView},
    rules::{self, TextSection, Typed, TypedPeriod},
};
use crate::{
    accounts::invitations::queries::{InvitationBy, InvitationView, Standing},
    documents::sheet::Cell,
    kernel::{AppError, Subject},
    lists::views::pages::own,
    web::{
        Answer, Choice, FieldErrors, Frame, Pages, Posted, Visit, keep,
        list::{Exported, Format, ListShape, ListView, export, words},
    },
};
use askama::Template;
use entity::types::{
    country::Country,
    ids::{EvaluatorId, InvitationId},
    language::Language,
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
        .post("/staff/evaluators/:id/terms", terms_posted)
        .get("/evaluators/invitations/:token", invitation_shown)
        .post("/evaluators/invitations/:token", invitation_posted)
        .get("/evaluator/profile", own_shown)
        .post("/evaluator/profile", own_posted)
        .post("/evaluator/renew", renew_posted)
        .post("/evaluator/erase", erase_posted)
}

const LIST: ListShape = ListShape {
    key: "evaluators",
    sorts: &[("name", "Name"), ("organisation", "Organisation"), ("capacity", "Places")],
    descending: false,
    filters: &["state", "tag", "language", "country", "free"],
};

/// The fields of the taxonomy as choices of a filter: a root, then what is below it.
pub(in crate::evaluation) fn fields() -> Vec<Choice> {
    let one = |root: &rules::Root| {
        let below = root.fields.iter().map(|field| {
            Choice::new(format!("{}/{}", root.key, field.key), format!("{}: {}", root.label, field.label))
        });
        std::iter::once(Choice::new(root.key.clone(), root.label.clone())).chain(below).collect::<Vec<_>>()
    };
    rules::roots().iter().flat_map(one).collect()
}

/// All languages as choices of a filter.
pub(in crate::evaluation) fn languages() -> Vec<Choice> {
    words(Language::all().into_iter().map(|language| (language.code(), language.name())))
}

/// All countries as choices of a filter.
pub(in crate::evaluation) fn countries() -> Vec<Choice> {
    words(Country::all().into_iter().map(|c| (c.code().to_owned(), c.name())))
}

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
            .select("tag", "Knows", fields())
            .select("language", "Language", languages())
            .select("country", "Country", countries())
            .day("free", "Available on")
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
            "Keywords",
            "Languages",
            "Countries",
            "Places",
            "Hours",
            "Declaration until",
            "Contract until",
            "Tasks",
            "Submitted",
            "Conflicts",
        ]
    }

    fn cells(&self) -> Vec<Cell> {
        let tags: Vec<String> = self.tags.iter().map(|tag| format!("{} {}", tag.tag, tag.level)).collect();
        vec![
            Cell::text(&self.name),
            Cell::text(&self.email),
            Cell::text(self.state.label()),
            Cell::from(self.organisation.as_str()),
            Cell::from(tags.join(", ").as_str()),
            Cell::from(self.expertise.as_str()),
            Cell::from(self.languages.as_str()),
            Cell::from(self.countries.as_str()),
            Cell::number(self.capacity),
            self.hours.map_or(Cell::Empty, Cell::number),
            self.declaration_until.map_or(Cell::Empty, Cell::Date),
            self.contract_until.map_or(Cell::Empty, Cell::Date),
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
    view: ProfileView,
    /// Whether it is the own one.
    own: bool,
    contract_until: String,
    declaration_until: String,
}

fn typed(view: &ProfileView) -> Typed {
    let period = |period: &rules::Period| TypedPeriod {
        kind: period.kind.word().to_owned(),
        from: period.from.to_string(),
        until: period.until.to_string(),
    };
    roomy(Typed {
        organisation: view.organisation.clone(),
        tags: view.tags.iter().map(|tag| (tag.tag.clone(), tag.level.to_string())).collect(),
        expertise: view.expertise.clone(),
        languages: view.languages.clone(),
        countries: view.countries.clone(),
        capacity: view.capacity.to_string(),
        hours: view.hours.map(|hours| hours.to_string()).unwrap_or_default(),
        bio: view.bio.clone(),
        texts: view.texts.clone(),
        periods: view.periods.iter().map(period).collect(),
    })
}

/// Leaves room for one more section and one more stretch of days.
fn roomy(mut typed: Typed) -> Typed {
    if typed.texts.last().is_none_or(|last| *last != TextSection::default()) {
        typed.texts.push(TextSection::default());
    }
    if typed.periods.last().is_none_or(|last| !last.from.is_empty() || !last.until.is_empty()) {
        typed.periods.push(TypedPeriod { kind: "away".to_owned(), ..TypedPeriod::default() });
    }
    typed
}

fn posted_profile(posted: &Posted) -> Typed {
    let text = |name: &str| posted.text(name).to_owned();
    let numbered = |name: &str, at: usize| posted.text(&format!("{name}-{at}")).to_owned();
    let rows = |name: &'static str| (0..100).take_while(move |at| posted.has(&format!("{name}-{at}")));
    let tag = |(name, level): &(String, String)| Some((name.strip_prefix("tag-")?.to_owned(), level.clone()));
    Typed {
        organisation: text("organisation"),
        tags: posted.fields().iter().filter_map(tag).collect(),
        expertise: text("expertise"),
        languages: text("languages"),
        countries: text("countries"),
        capacity: text("capacity"),
        hours: text("hours"),
        bio: text("bio"),
        texts: rows("text-title")
            .map(|at| TextSection { title: numbered("text-title", at), body: numbered("text-body", at) })
            .collect(),
        periods: rows("period-from")
            .map(|at| TypedPeriod {
                kind: numbered("period-kind", at),
                from: numbered("period-from", at),
                until: numbered("period-until", at),
            })
            .collect(),
    }
}

impl ProfilePage {
    fn new(frame: Frame, action: String, view: ProfileView, own: bool) -> Self {
        let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        Self {
            frame,
            errors: FieldErrors::default(),
            action,
            typed: typed(&view),
            version: view.version,
            own,
            contract_until: day(view.contract_until),
            declaration_until: day(view.recorded_until),
            view,
        }
    }

    async fn own(visit: &Visit) -> Result<Self, AppError> {
        let view = visit.ask(OwnProfile).await?;
        let frame = visit.frame_below("My profile as an evaluator", &[("My assignments", "/assignments")]);
        Ok(Self::new(frame, "/evaluator/profile".to_owned(), view, true))
    }

    async fn of(visit: &Visit, id: EvaluatorId) -> Result<Self, AppError> {
        let view = visit.ask(ProfileOf(id)).await?;
        let frame = visit.frame_below(view.name.clone(), &[("Staff", "/staff"), ("Evaluators", "/staff/evaluators")]);
        Ok(Self::new(frame, format!("/staff/evaluators/{id}"), view, false))
    }
}

#[handler]
async fn own_shown(visit: Visit) -> Answer {
    visit.page(&ProfilePage::own(&visit).await?)
}

#[handler]
async fn own_posted(visit: Visit, posted: Posted) -> Answer {
    let page = ProfilePage::own(&visit).await?;
    let profile = posted_profile(&posted);
    match visit.run(&posted, ChangeOwnProfile { seen: posted.version(), profile: profile.clone() }).await {
        Ok(()) => visit.to_with("/evaluator/profile", "Saved."),
        Err(error) => visit.again(&ProfilePage { errors: keep(error)?, typed: roomy(profile), ..page }),
    }
}

#[handler]
async fn renew_posted(visit: Visit, posted: Posted) -> Answer {
    visit.run(&posted, RenewProfile).await?;
    visit.to_with("/evaluator/profile", "Your profile is kept for another term.")
}

#[handler]
async fn erase_posted(visit: Visit, posted: Posted) -> Answer {
    let signed_name = posted.text("erase_name").to_owned();
    match visit.run(&posted, EraseOwnProfile { signed_name }).await {
        Ok(()) => visit.to_with("/", "Your profile as an evaluator is erased. Thank you for your work."),
        Err(error) => {
            let errors = keep(error)?;
            visit.again(&ProfilePage { errors, ..ProfilePage::own(&visit).await? })
        }
    }
}

#[handler]
async fn profile_shown(visit: Visit, Path(id): Path<EvaluatorId>) -> Answer {
    visit.page(&ProfilePage::of(&visit, id).await?)
}

#[handler]
async fn profile_posted(visit: Visit, posted: Posted, Path(id): Path<EvaluatorId>) -> Answer {
    let profile = posted_profile(&posted);
    let command = ChangeProfile { evaluator: id, seen: posted.version(), profile: profile.clone() };
    match visit.run(&posted, command).await {
        Ok(()) => visit.to_with(format!("/staff/evaluators/{id}"), "Saved."),
        Err(error) => {
            let errors = keep(error)?;
            visit.again(&ProfilePage { errors, typed: roomy(profile), ..ProfilePage::of(&visit, id).await? })
        }
    }
}

#[handler]
async fn terms_posted(visit: Visit, posted: Posted, Path(id): Path<EvaluatorId>) -> Answer {
    let text = |name: &str| posted.text(name).to_owned();
    let (contract_until, declaration_until) = (text("contract_until"), text("declaration_until"));
    let command = SetTerms {
        evaluator: id,
        contract_until: contract_until.clone(),
        declaration_until: declaration_until.clone(),
    };
    match visit.run(&posted, command).await {
        Ok(()) => visit.to_with(format!("/staff/evaluators/{id}"), "Saved."),
        Err(error) => {
            let errors = keep(error)?;
            let page = ProfilePage::of(&visit, id).await?;
            visit.again(&ProfilePage { errors, contract_until, declaration_until, ..page })
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
    /// Whether a list of the secretariat filled in the form.
    known: bool,
}

impl JoinPage {
    async fn of(visit: &Visit, token: String) -> Result<Self, AppError> {
        let invitation = visit.ask(InvitationBy(token.clone())).await?;
        if invitation.kind != InvitationKind::Evaluator {
            return Err(AppError::NotFound);
        }
        let draft = match visit.actor.person() {
            Some(_) => visit.ask(DraftOf(invitation.id)).await?,
            None => None,
        };
        let known = draft.is_some();
        let typed = roomy(draft.unwrap_or_else(|| Typed { capacity: "5".to_owned(), ..Typed::default() }));
        let frame = visit.frame("Join the pool of evaluators");
        Ok(Self { frame, errors: FieldErrors::default(), invitation, token, typed, known })
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
            visit.again(&JoinPage { errors, typed: roomy(posted_profile(&posted)), ..page })
        }
    }
}
