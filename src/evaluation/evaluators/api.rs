//! The pool for programs.

use super::{
    commands::{
        AnswerPoolInvitation, ChangeOwnProfile, ChangeProfile, EraseOwnProfile, InviteToPool, RenewProfile,
        SetEvaluatorState, SetTerms, WithdrawPoolInvitation,
    },
    queries::{EvaluatorsOf, OwnProfile, OwnStanding, ProfileOf, ProfileView},
    rules::{self, TextSection, Typed, TypedPeriod},
};
use crate::{
    api::{ApiError, Caller, Direction, FileFormat, ListFile, Tag, Wanted, exported, next_page},
    kernel::{App, AppError, Subject},
};
use chrono::{DateTime, NaiveDate, Utc};
use poem::web::Data;
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};
use uuid::Uuid;

pub struct EvaluatorsApi;

/// A field of the taxonomy with how well somebody knows it.
#[derive(Object)]
struct TagPart {
    /// A tag of `GET /evaluators/taxonomy`.
    #[oai(validator(max_length = 80))]
    tag: String,
    /// 1 (aware of it) to 5 (leading expert).
    level: i32,
}

/// A section of the curriculum.
#[derive(Object)]
struct CurriculumPart {
    title: String,
    #[oai(default)]
    body: String,
}

/// Days somebody can or cannot work, both ends included.
#[derive(Object)]
struct PeriodPart {
    /// `available` or `away`.
    kind: String,
    from: NaiveDate,
    until: NaiveDate,
}

/// Somebody in the pool.
#[derive(Object)]
struct EvaluatorOut {
    id: Uuid,
    name: String,
    email: String,
    /// `active`, `left`, `invited` or `declined`.
    state: String,
    organisation: String,
    /// The best known field first.
    tags: Vec<TagPart>,
    /// Free keywords, separated by commas.
    expertise: String,
    languages: String,
    countries: String,
    capacity: i32,
    hours: Option<i32>,
    contract_until: Option<NaiveDate>,
    declaration_until: Option<NaiveDate>,
    /// Tasks that take a place.
    load: u64,
    submitted: u64,
    conflicts: u64,
}

/// An invitation that was not accepted.
#[derive(Object)]
struct PoolInvitationOut {
    id: Uuid,
    name: String,
    email: String,
    sent_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    declined: bool,
}

#[derive(Object)]
struct EvaluatorsOut {
    items: Vec<EvaluatorOut>,
    total: u64,
    next: Option<u64>,
    invitations: Vec<PoolInvitationOut>,
}

/// Something an evaluator should put in order.
#[derive(Object)]
struct AlertOut {
    /// `no_fields`, `no_curriculum`, `no_languages`, `no_declaration`, `declaration_over`, `declaration_ends`,
    /// `contract_over` or `contract_ends`.
    code: String,
    message: String,
}

/// A profile of an evaluator.
#[derive(Object)]
struct EvaluatorProfileOut {
    id: Uuid,
    name: String,
    state: String,
    organisation: String,
    tags: Vec<TagPart>,
    /// Free keywords, separated by commas.
    expertise: String,
    languages: String,
    countries: String,
    /// Proposals at a time, and hours for one call.
    capacity: i32,
    hours: Option<i32>,
    bio: String,
    curriculum: Vec<CurriculumPart>,
    periods: Vec<PeriodPart>,
    contract_until: Option<NaiveDate>,
    declaration_until: Option<NaiveDate>,
    alerts: Vec<AlertOut>,
    /// To be sent with the next change.
    version: i64,
}

#[derive(Object)]
struct EvaluatorProfileIn {
    organisation: String,
    #[oai(default)]
    tags: Vec<TagPart>,
    /// Free keywords, separated by commas; may be left out when there are tags.
    #[oai(default)]
    expertise: String,
    /// Languages by name or code (ISO 639-1), separated by commas.
    languages: String,
    /// Countries by name or code, separated by commas.
    countries: String,
    capacity: i32,
    hours: Option<i32>,
    #[oai(default)]
    bio: String,
    #[oai(default)]
    curriculum: Vec<CurriculumPart>,
    #[oai(default)]
    periods: Vec<PeriodPart>,
    /// The version that was read; not needed when joining.
    #[oai(default)]
    version: i64,
}

/// The own places and what should be put in order.
#[derive(Object)]
struct OwnPlacesOut {
    capacity: i32,
    taken: i32,
    hours: Option<i32>,
    /// The day of the next free place, when something says when.
    next_free: Option<NaiveDate>,
    alerts: Vec<AlertOut>,
}

/// A field of the taxonomy.
#[derive(Object)]
struct FieldOut {
    tag: String,
    label: String,
}

#[derive(Object)]
struct EraseProfileIn {
    /// Your name as it is in your account.
    signed_name: String,
}

#[derive(Object)]
struct EvaluatorTermsIn {
    contract_until: Option<NaiveDate>,
    declaration_until: Option<NaiveDate>,
}

#[derive(Object)]
struct PoolInvitationIn {
    email: String,
    name: String,
    #[oai(default)]
    message: String,
}

/// The answer to an invitation: a profile accepts, none declines.
#[derive(Object)]
struct PoolAnswerIn {
    /// The last part of the link in the mail.
    token: String,
    profile: Option<EvaluatorProfileIn>,
}

#[derive(Object)]
struct EvaluatorStateIn {
    /// Whether the person is asked for new proposals.
    active: bool,
}

impl EvaluatorProfileIn {
    fn typed(self) -> (i64, Typed) {
        let period = |period: PeriodPart| TypedPeriod {
            kind: period.kind,
            from: period.from.to_string(),
            until: period.until.to_string(),
        };
        let typed = Typed {
            organisation: self.organisation,
            tags: self.tags.into_iter().map(|tag| (tag.tag, tag.level.to_string())).collect(),
            expertise: self.expertise,
            languages: self.languages,
            countries: self.countries,
            capacity: self.capacity.to_string(),
            hours: self.hours.map(|hours| hours.to_string()).unwrap_or_default(),
            bio: self.bio,
            texts: self.curriculum.into_iter().map(|part| TextSection { title: part.title, body: part.body }).collect(),
            periods: self.periods.into_iter().map(period).collect(),
        };
        (self.version, typed)
    }
}

/// What narrows the pool, by the names of its filters.
fn filters(
    state: Option<String>,
    tag: Option<String>,
    language: Option<String>,
    country: Option<String>,
    free: Option<NaiveDate>,
) -> Vec<(&'static str, Option<String>)> {
    let free = free.map(|day| day.to_string());
    vec![("state", state), ("tag", tag), ("language", language), ("country", country), ("free", free)]
}

fn tags(tags: Vec<rules::Tag>) -> Vec<TagPart> {
    tags.into_iter().map(|tag| TagPart { tag: tag.tag, level: tag.level }).collect()
}

fn alerts(alerts: &[rules::Alert]) -> Vec<AlertOut> {
    alerts.iter().map(|alert| AlertOut { code: alert.key().to_owned(), message: alert.sentence() }).collect()
}

fn profile(view: ProfileView) -> Json<EvaluatorProfileOut> {
    let period = |period: rules::Period| PeriodPart {
        kind: period.kind.word().to_owned(),
        from: period.from,
        until: period.until,
    };
    Json(EvaluatorProfileOut {
        id: view.id.0,
        name: view.name,
        state: view.state.word().to_owned(),
        organisation: view.organisation,
        tags: tags(view.tags),
        expertise: view.expertise,
        languages: view.languages,
        countries: view.countries,
        capacity: view.capacity,
        hours: view.hours,
        bio: view.bio,
        curriculum: view.texts.into_iter().map(|text| CurriculumPart { title: text.title, body: text.body }).collect(),
        periods: view.periods.into_iter().map(period).collect(),
        contract_until: view.contract_until,
        declaration_until: view.declaration_until,
        alerts: alerts(&view.alerts),
        version: view.version,
    })
}

#[OpenApi(tag = "Tag::Evaluation")]
impl EvaluatorsApi {
    /// The pool of evaluators.
    #[oai(path = "/evaluators", method = "get", operation_id = "listEvaluators")]
    #[expect(clippy::too_many_arguments, reason = "one for each filter of the list")]
    async fn list(
        &self,
        app: Data<&App>,
        caller: Caller,
        /// Name, organisation or field.
        q: Query<Option<String>>,
        /// `active`, `left`, `invited` or `declined`.
        state: Query<Option<String>>,
        /// A field of the taxonomy; its parts count as well.
        tag: Query<Option<String>>,
        /// A language by its code.
        language: Query<Option<String>>,
        /// ISO 3166-1 alpha-2.
        country: Query<Option<String>>,
        /// A day on which somebody is needed.
        free: Query<Option<NaiveDate>>,
        /// One of `name`, `organisation`, `capacity`.
        sort: Query<Option<String>>,
        direction: Query<Option<Direction>>,
        page: Query<Option<u64>>,
    ) -> Result<Json<EvaluatorsOut>, ApiError> {
        let filters = filters(state.0, tag.0, language.0, country.0, free.0);
        let wanted = Wanted { q: q.0, filters, sort: sort.0, direction: direction.0, page: page.0 };
        let list = wanted.request("name", false);
        let pool = app.ask(&caller.0, EvaluatorsOf(list)).await?;
        let line = |line: super::queries::EvaluatorLine| EvaluatorOut {
            id: line.id.0,
            name: line.name,
            email: line.email,
            state: line.state.word().to_owned(),
            organisation: line.organisation,
            tags: tags(line.tags),
            expertise: line.expertise,
            languages: line.languages,
            countries: line.countries,
            capacity: line.capacity,
            hours: line.hours,
            contract_until: line.contract_until,
            declaration_until: line.declaration_until,
            load: line.load as u64,
            submitted: line.submitted as u64,
            conflicts: line.conflicts as u64,
        };
        let invitation = |one: super::queries::PoolInvitation| PoolInvitationOut {
            id: one.id.0,
            name: one.name,
            email: one.email,
            sent_at: one.sent_at,
            expires_at: one.expires_at,
            declined: one.declined,
        };
        Ok(Json(EvaluatorsOut {
            next: next_page(&pool.lines),
            total: pool.lines.total,
            items: pool.lines.rows.into_iter().map(line).collect(),
            invitations: pool.invitations.into_iter().map(invitation).collect(),
        }))
    }

    /// All matching evaluators as a file.
    #[oai(path = "/evaluators/export", method = "get", operation_id = "exportEvaluators")]
    #[expect(clippy::too_many_arguments, reason = "one for each filter of the list")]
    async fn export(
        &self,
        app: Data<&App>,
        caller: Caller,
        /// CSV, when nothing is said.
        format: Query<Option<FileFormat>>,
        /// Name, organisation or field.
        q: Query<Option<String>>,
        /// `active`, `left`, `invited` or `declined`.
        state: Query<Option<String>>,
        /// A field of the taxonomy; its parts count as well.
        tag: Query<Option<String>>,
        /// A language by its code.
        language: Query<Option<String>>,
        /// ISO 3166-1 alpha-2.
        country: Query<Option<String>>,
        /// A day on which somebody is needed.
        free: Query<Option<NaiveDate>>,
    ) -> Result<ListFile, ApiError> {
        let filters = filters(state.0, tag.0, language.0, country.0, free.0);
        let list = Wanted { q: q.0, filters, ..Wanted::default() }.request("name", false).everything();
        let pool = app.ask(&caller.0, EvaluatorsOf(list)).await?;
        exported(&app, &caller, Subject::Platform, format.0, "Evaluators", &pool.lines.rows).await
    }

    /// Invite somebody to the pool by mail.
    #[oai(path = "/evaluators/invitations", method = "post", operation_id = "inviteToPool")]
    async fn invite(
        &self,
        app: Data<&App>,
        caller: Caller,
        body: Json<PoolInvitationIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let PoolInvitationIn { email, name, message } = body.0;
        Ok(app.run_once(&caller.0, key.0.as_deref(), InviteToPool { email, name, message }).await?)
    }

    /// Take an invitation to the pool back.
    #[oai(path = "/evaluators/invitations/:id", method = "delete", operation_id = "withdrawPoolInvitation")]
    async fn withdraw(
        &self,
        app: Data<&App>,
        caller: Caller,
        id: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        Ok(app.run_once(&caller.0, key.0.as_deref(), WithdrawPoolInvitation(id.0.into())).await?)
    }

    /// Answer your invitation to the pool.
    #[oai(path = "/evaluators/answer", method = "post", operation_id = "answerPoolInvitation")]
    async fn answer(
        &self,
        app: Data<&App>,
        caller: Caller,
        body: Json<PoolAnswerIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let PoolAnswerIn { token, profile } = body.0;
        let command = AnswerPoolInvitation { token, profile: profile.map(|p| p.typed().1) };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// Your own profile as an evaluator.
    #[oai(path = "/evaluators/me", method = "get", operation_id = "getOwnEvaluatorProfile")]
    async fn own(&self, app: Data<&App>, caller: Caller) -> Result<Json<EvaluatorProfileOut>, ApiError> {
        Ok(profile(app.ask(&caller.0, OwnProfile).await?))
    }

    /// Change your own profile as an evaluator.
    #[oai(path = "/evaluators/me", method = "put", operation_id = "changeOwnEvaluatorProfile")]
    async fn change_own(
        &self,
        app: Data<&App>,
        caller: Caller,
        body: Json<EvaluatorProfileIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let (seen, profile) = body.0.typed();
        Ok(app.run_once(&caller.0, key.0.as_deref(), ChangeOwnProfile { seen, profile }).await?)
    }

    /// Somebody's profile.
    #[oai(path = "/evaluators/:id", method = "get", operation_id = "getEvaluatorProfile")]
    async fn profile(
        &self,
        app: Data<&App>,
        caller: Caller,
        id: Path<Uuid>,
    ) -> Result<Json<EvaluatorProfileOut>, ApiError> {
        Ok(profile(app.ask(&caller.0, ProfileOf(id.0.into())).await?))
    }

    /// Correct somebody's profile.
    #[oai(path = "/evaluators/:id", method = "put", operation_id = "changeEvaluatorProfile")]
    async fn change(
        &self,
        app: Data<&App>,
        caller: Caller,
        id: Path<Uuid>,
        body: Json<EvaluatorProfileIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let (seen, profile) = body.0.typed();
        let command = ChangeProfile { evaluator: id.0.into(), seen, profile };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// Take somebody out of the pool, or bring them back.
    #[oai(path = "/evaluators/:id/state", method = "put", operation_id = "setEvaluatorState")]
    async fn state(
        &self,
        app: Data<&App>,
        caller: Caller,
        id: Path<Uuid>,
        body: Json<EvaluatorStateIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let command = SetEvaluatorState { evaluator: id.0.into(), active: body.0.active };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// The fields evaluators can know, in two steps: `health`, `health/devices`.
    #[oai(path = "/evaluators/taxonomy", method = "get", operation_id = "listFieldsOfExpertise")]
    async fn taxonomy(&self, _caller: Caller) -> Result<Json<Vec<FieldOut>>, ApiError> {
        let field = |(tag, _): (String, &str)| FieldOut { label: rules::label(&tag), tag };
        Ok(Json(rules::roots().iter().flat_map(rules::Root::tags).map(field).collect()))
    }

    /// Your places as an evaluator, the day of the next free one, and what you should put in order.
    #[oai(path = "/evaluators/me/places", method = "get", operation_id = "getOwnPlaces")]
    async fn places(&self, app: Data<&App>, caller: Caller) -> Result<Json<OwnPlacesOut>, ApiError> {
        let places = app.ask(&caller.0, OwnStanding).await?.ok_or(AppError::NotFound)?;
        Ok(Json(OwnPlacesOut {
            capacity: places.capacity,
            taken: places.taken,
            hours: places.hours,
            next_free: places.next,
            alerts: alerts(&places.alerts),
        }))
    }

    /// Record until when somebody's contract and declaration hold.
    #[oai(path = "/evaluators/:id/terms", method = "put", operation_id = "setEvaluatorTerms")]
    async fn terms(
        &self,
        app: Data<&App>,
        caller: Caller,
        id: Path<Uuid>,
        body: Json<EvaluatorTermsIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        let command = SetTerms {
            evaluator: id.0.into(),
            contract_until: day(body.0.contract_until),
            declaration_until: day(body.0.declaration_until),
        };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// Keep your own profile for another term.
    #[oai(path = "/evaluators/me/renew", method = "post", operation_id = "renewOwnEvaluatorProfile")]
    async fn renew(
        &self,
        app: Data<&App>,
        caller: Caller,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        Ok(app.run_once(&caller.0, key.0.as_deref(), RenewProfile).await?)
    }

    /// Erase your own profile when nothing is open; it cannot be taken back.
    #[oai(path = "/evaluators/me/erase", method = "post", operation_id = "eraseOwnEvaluatorProfile")]
    async fn erase(
        &self,
        app: Data<&App>,
        caller: Caller,
        body: Json<EraseProfileIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let command = EraseOwnProfile { signed_name: body.0.signed_name };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }
}
