//! The pool for programs.

use super::{
    commands::{
        AnswerPoolInvitation, ChangeOwnProfile, ChangeProfile, InviteToPool, SetEvaluatorState, WithdrawPoolInvitation,
    },
    queries::{EvaluatorsOf, OwnProfile, ProfileOf, ProfileView},
    rules::Typed,
};
use crate::{
    api::{ApiError, Caller, Direction, FileFormat, ListFile, Tag, Wanted, exported, next_page},
    kernel::{App, Subject},
};
use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};
use uuid::Uuid;

pub struct EvaluatorsApi;

/// Somebody in the pool.
#[derive(Object)]
struct EvaluatorOut {
    id: Uuid,
    name: String,
    email: String,
    /// `active`, `left`, `invited` or `declined`.
    state: String,
    organisation: String,
    expertise: String,
    languages: String,
    countries: String,
    capacity: i32,
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

/// A profile of an evaluator.
#[derive(Object)]
struct EvaluatorProfileOut {
    id: Uuid,
    name: String,
    state: String,
    organisation: String,
    expertise: String,
    languages: String,
    countries: String,
    capacity: i32,
    bio: String,
    /// To be sent with the next change.
    version: i64,
}

#[derive(Object)]
struct EvaluatorProfileIn {
    organisation: String,
    /// Fields, separated by commas.
    expertise: String,
    /// Languages, separated by commas.
    languages: String,
    /// Countries by name or code, separated by commas.
    countries: String,
    capacity: i32,
    #[oai(default)]
    bio: String,
    /// The version that was read; not needed when joining.
    #[oai(default)]
    version: i64,
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
        let typed = Typed {
            organisation: self.organisation,
            expertise: self.expertise,
            languages: self.languages,
            countries: self.countries,
            capacity: self.capacity.to_string(),
            bio: self.bio,
        };
        (self.version, typed)
    }
}

fn profile(view: ProfileView) -> Json<EvaluatorProfileOut> {
    Json(EvaluatorProfileOut {
        id: view.id.0,
        name: view.name,
        state: view.state.word().to_owned(),
        organisation: view.organisation,
        expertise: view.expertise,
        languages: view.languages,
        countries: view.countries,
        capacity: view.capacity,
        bio: view.bio,
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
        language: Query<Option<String>>,
        /// ISO 3166-1 alpha-2.
        country: Query<Option<String>>,
        /// One of `name`, `organisation`, `capacity`.
        sort: Query<Option<String>>,
        direction: Query<Option<Direction>>,
        page: Query<Option<u64>>,
    ) -> Result<Json<EvaluatorsOut>, ApiError> {
        let filters = vec![("state", state.0), ("language", language.0), ("country", country.0)];
        let wanted = Wanted { q: q.0, filters, sort: sort.0, direction: direction.0, page: page.0 };
        let list = wanted.request("name", false);
        let pool = app.ask(&caller.0, EvaluatorsOf(list)).await?;
        let line = |line: super::queries::EvaluatorLine| EvaluatorOut {
            id: line.id.0,
            name: line.name,
            email: line.email,
            state: line.state.word().to_owned(),
            organisation: line.organisation,
            expertise: line.expertise,
            languages: line.languages,
            countries: line.countries,
            capacity: line.capacity,
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
        language: Query<Option<String>>,
        /// ISO 3166-1 alpha-2.
        country: Query<Option<String>>,
    ) -> Result<ListFile, ApiError> {
        let filters = vec![("state", state.0), ("language", language.0), ("country", country.0)];
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
}
