//! Recruitment for programs.

use super::{
    commands::{AcceptRecruitment, DeclineRecruitment, ListAddress, ListEvaluators},
    jobs::ACT,
    queries::{Asked, FindFor, ListLine, OwnRecruitment, OwnRecruitments, RecruitmentOf, Tab},
};
use crate::{
    api::{ApiError, Caller, FileFormat, ListFile, Tag, Wanted, exported, next_page},
    jobs::commands::OrderBulk,
    kernel::{App, AppError, Subject, error::Denial, paging::ListRequest},
};
use chrono::{DateTime, Utc};
use entity::types::ids::CallId;
use poem::web::Data;
use poem_openapi::{
    Enum, Object, OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};
use serde_json::json;
use uuid::Uuid;

pub struct RecruitmentApi;

/// One of the lists of a call.
#[derive(Enum, Clone, Copy)]
#[oai(rename_all = "snake_case")]
enum RecruitmentList {
    /// To be invited.
    Listed,
    /// Invited, declined, lapsed or taken back.
    Pending,
    Accepted,
}

/// What is done with people on a list.
#[derive(Enum, Clone, Copy)]
#[oai(rename_all = "snake_case")]
enum RecruitmentAct {
    Invite,
    Remind,
    Withdraw,
}

/// How many people are where.
#[derive(Object)]
struct RecruitmentCountsOut {
    pool: u64,
    listed: u64,
    invited: u64,
    declined: u64,
    lapsed: u64,
    accepted: u64,
    /// Proposals that those who accepted take together.
    places: i64,
    /// Proposals of the call times the evaluators it wants for each.
    needed: u64,
}

/// Somebody on a list of the call.
#[derive(Object)]
struct RecruitedOut {
    id: Uuid,
    /// The member of the pool; none for people from outside it.
    evaluator: Option<Uuid>,
    name: String,
    email: String,
    /// `listed`, `invited`, `accepted`, `declined`, `lapsed` or `withdrawn`.
    state: String,
    /// Known conflicts of interest with proposals of the call.
    conflicts: u64,
    /// Tasks in this call.
    assigned: u64,
    /// Proposals that were promised.
    places: Option<i32>,
    invited_at: Option<DateTime<Utc>>,
    lapses_at: Option<DateTime<Utc>>,
    reminders: i32,
    /// Whether the secretariat was told that two reminders did not help.
    escalated: bool,
    answered_at: Option<DateTime<Utc>>,
    reason: Option<String>,
}

#[derive(Object)]
struct RecruitmentOut {
    counts: RecruitmentCountsOut,
    items: Vec<RecruitedOut>,
    total: u64,
    next: Option<u64>,
}

/// Somebody of the pool who is on no list of the call.
#[derive(Object)]
struct FoundOut {
    evaluator: Uuid,
    name: String,
    organisation: String,
    fields: String,
    languages: String,
    countries: String,
    conflicts: u64,
    load: u64,
    capacity: i32,
}

#[derive(Object)]
struct FoundListOut {
    items: Vec<FoundOut>,
    total: u64,
    next: Option<u64>,
}

#[derive(Object)]
struct ListEvaluatorsIn {
    evaluators: Vec<Uuid>,
}

#[derive(Object)]
struct ListedOut {
    added: u64,
}

#[derive(Object)]
struct ListAddressIn {
    name: String,
    email: String,
}

#[derive(Object)]
struct ListedAddressOut {
    id: Uuid,
}

/// People on a list, and what is done with them.
#[derive(Object)]
struct RecruitmentActIn {
    rows: Vec<Uuid>,
    act: RecruitmentAct,
    /// The secretariat's own words, for invitations.
    #[oai(default)]
    message: String,
    /// When invitations lapse; after three weeks when nothing is said.
    lapses_at: Option<DateTime<Utc>>,
}

#[derive(Object)]
struct RecruitmentJobOut {
    /// The job that does it, at `/jobs/{id}`.
    job: Uuid,
}

/// An invitation to evaluate in a call.
#[derive(Object)]
struct AskedOut {
    id: Uuid,
    state: String,
    call: String,
    call_title: String,
    message: String,
    by: String,
    lapses_at: Option<DateTime<Utc>>,
    /// Proposals that were promised, or as many as your profile says.
    places: i32,
}

#[derive(Object)]
struct AcceptRecruitmentIn {
    places: i32,
    /// Your name as it is in your account.
    signed_name: String,
}

#[derive(Object)]
struct DeclineRecruitmentIn {
    /// `time`, `expertise`, `interest` or `other`.
    reason: String,
    #[oai(default)]
    note: String,
}

impl From<ListLine> for RecruitedOut {
    fn from(line: ListLine) -> Self {
        Self {
            id: line.id.0,
            evaluator: line.member.map(|member| member.id.0),
            name: line.name,
            email: line.email,
            state: line.state.word().to_owned(),
            conflicts: line.conflicts as u64,
            assigned: line.assigned as u64,
            places: line.places,
            invited_at: line.invited_at,
            lapses_at: line.lapses_at,
            reminders: line.reminders,
            escalated: line.escalated,
            answered_at: line.answered_at,
            reason: line.reason,
        }
    }
}

impl From<Asked> for AskedOut {
    fn from(asked: Asked) -> Self {
        Self {
            id: asked.id.0,
            state: asked.state.word().to_owned(),
            call: asked.call_code,
            call_title: asked.call_title,
            message: asked.message,
            by: asked.by,
            lapses_at: asked.lapses_at,
            places: asked.places,
        }
    }
}

fn tab(list: RecruitmentList) -> Tab {
    match list {
        RecruitmentList::Listed => Tab::InviteList,
        RecruitmentList::Pending => Tab::Pending,
        RecruitmentList::Accepted => Tab::Accepted,
    }
}

#[OpenApi(tag = "Tag::Evaluation")]
impl RecruitmentApi {
    /// One of the lists of a call's evaluators, with counters.
    #[oai(path = "/calls/:call/recruitment", method = "get", operation_id = "listRecruitment")]
    async fn list(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        list: Query<RecruitmentList>,
        q: Query<Option<String>>,
        page: Query<Option<u64>>,
    ) -> Result<Json<RecruitmentOut>, ApiError> {
        let wanted = Wanted { q: q.0, page: page.0, ..Wanted::default() }.request("name", false);
        let query = RecruitmentOf { call: call.0.into(), tab: tab(list.0), list: wanted };
        let listing = app.ask(&caller.0, query).await?;
        let (counts, lines) = (listing.head.counts, listing.lines);
        Ok(Json(RecruitmentOut {
            counts: RecruitmentCountsOut {
                pool: counts.pool as u64,
                listed: counts.listed as u64,
                invited: counts.invited as u64,
                declined: counts.declined as u64,
                lapsed: counts.lapsed as u64,
                accepted: counts.accepted as u64,
                places: counts.places,
                needed: counts.needed as u64,
            },
            next: next_page(&lines),
            total: lines.total,
            items: lines.rows.into_iter().map(RecruitedOut::from).collect(),
        }))
    }

    /// One of the lists of a call's evaluators as a file.
    #[oai(path = "/calls/:call/recruitment/export", method = "get", operation_id = "exportRecruitment")]
    async fn export(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        list: Query<RecruitmentList>,
        /// CSV, when nothing is said.
        format: Query<Option<FileFormat>>,
    ) -> Result<ListFile, ApiError> {
        let (call, tab): (CallId, _) = (call.0.into(), tab(list.0));
        let list = Wanted::default().request("name", false).everything();
        let listing = app.ask(&caller.0, RecruitmentOf { call, tab, list }).await?;
        let title = format!("Evaluators of {}", listing.head.call_code);
        exported(&app, &caller, Subject::Call(call), format.0, &title, &listing.lines.rows).await
    }

    /// Members of the pool who are on no list of the call.
    #[oai(path = "/calls/:call/recruitment/found", method = "get", operation_id = "findEvaluators")]
    #[expect(clippy::too_many_arguments, reason = "one for each filter of the list")]
    async fn found(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        q: Query<Option<String>>,
        /// A field of the taxonomy; its parts count as well.
        tag: Query<Option<String>>,
        /// A language by its code.
        language: Query<Option<String>>,
        /// ISO 3166-1 alpha-2.
        country: Query<Option<String>>,
        page: Query<Option<u64>>,
    ) -> Result<Json<FoundListOut>, ApiError> {
        let filters = vec![("tag", tag.0), ("language", language.0), ("country", country.0)];
        let list = Wanted { q: q.0, filters, page: page.0, ..Wanted::default() }.request("name", false);
        let (_, found) = app.ask(&caller.0, FindFor { call: call.0.into(), list }).await?;
        Ok(Json(FoundListOut {
            next: next_page(&found),
            total: found.total,
            items: found
                .rows
                .into_iter()
                .map(|found| FoundOut {
                    evaluator: found.one.id.0,
                    fields: found.one.fields(),
                    name: found.one.name,
                    organisation: found.one.organisation,
                    languages: found.one.languages,
                    countries: found.one.countries,
                    conflicts: found.conflicts as u64,
                    load: found.one.load as u64,
                    capacity: found.one.capacity,
                })
                .collect(),
        }))
    }

    /// Put members of the pool on the invite list of a call.
    #[oai(path = "/calls/:call/recruitment", method = "post", operation_id = "listEvaluatorsForCall")]
    async fn add(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        body: Json<ListEvaluatorsIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Json<ListedOut>, ApiError> {
        let evaluators = body.0.evaluators.into_iter().map(Into::into).collect();
        let command = ListEvaluators { call: call.0.into(), evaluators };
        let added = app.run_once(&caller.0, key.0.as_deref(), command).await? as u64;
        Ok(Json(ListedOut { added }))
    }

    /// Put somebody on the invite list of a call by name and address.
    #[oai(path = "/calls/:call/recruitment/addresses", method = "post", operation_id = "listAddressForCall")]
    async fn add_address(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        body: Json<ListAddressIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Json<ListedAddressOut>, ApiError> {
        let ListAddressIn { name, email } = body.0;
        let command = ListAddress { call: call.0.into(), name, email };
        let id = app.run_once(&caller.0, key.0.as_deref(), command).await?.0;
        Ok(Json(ListedAddressOut { id }))
    }

    /// Invite, remind or take back people on the lists of a call, as one job.
    #[oai(path = "/calls/:call/recruitment/act", method = "post", operation_id = "actOnRecruitment")]
    async fn act(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        body: Json<RecruitmentActIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Json<RecruitmentJobOut>, ApiError> {
        let (call, body): (CallId, _) = (call.0.into(), body.0);
        let nothing = RecruitmentOf { call, tab: Tab::InviteList, list: ListRequest::default() };
        if !app.ask(&caller.0, nothing).await?.head.may_recruit {
            return Err(AppError::Denied(Denial::Role).into());
        }
        let act = match body.act {
            RecruitmentAct::Invite => "invite",
            RecruitmentAct::Remind => "remind",
            RecruitmentAct::Withdraw => "withdraw",
        };
        let with = json!({ "call": call, "act": act, "message": body.message, "lapses_at": body.lapses_at });
        let back = format!("/staff/calls/{call}/recruitment/pending");
        let command = OrderBulk::new(ACT, &body.rows, back).with(with);
        let job = app.run_once(&caller.0, key.0.as_deref(), command).await?.0;
        Ok(Json(RecruitmentJobOut { job }))
    }

    /// Calls that ask you to evaluate and wait for your answer.
    #[oai(path = "/recruitment", method = "get", operation_id = "listOwnRecruitment")]
    async fn own(&self, app: Data<&App>, caller: Caller) -> Result<Json<Vec<AskedOut>>, ApiError> {
        Ok(Json(app.ask(&caller.0, OwnRecruitments).await?.into_iter().map(AskedOut::from).collect()))
    }

    /// One of your invitations to evaluate in a call.
    #[oai(path = "/recruitment/:id", method = "get", operation_id = "getOwnRecruitment")]
    async fn asked(&self, app: Data<&App>, caller: Caller, id: Path<Uuid>) -> Result<Json<AskedOut>, ApiError> {
        Ok(Json(app.ask(&caller.0, OwnRecruitment(id.0.into())).await?.into()))
    }

    /// Accept to evaluate in a call, signed with your name.
    #[oai(path = "/recruitment/:id/accept", method = "post", operation_id = "acceptRecruitment")]
    async fn accept(
        &self,
        app: Data<&App>,
        caller: Caller,
        id: Path<Uuid>,
        body: Json<AcceptRecruitmentIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let AcceptRecruitmentIn { places, signed_name } = body.0;
        let command = AcceptRecruitment { recruitment: id.0.into(), places: places.to_string(), signed_name };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// Decline to evaluate in a call.
    #[oai(path = "/recruitment/:id/decline", method = "post", operation_id = "declineRecruitment")]
    async fn decline(
        &self,
        app: Data<&App>,
        caller: Caller,
        id: Path<Uuid>,
        body: Json<DeclineRecruitmentIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let DeclineRecruitmentIn { reason, note } = body.0;
        Ok(app
            .run_once(&caller.0, key.0.as_deref(), DeclineRecruitment { recruitment: id.0.into(), reason, note })
            .await?)
    }
}
