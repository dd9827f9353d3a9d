//! Interests and findings for programs.

use super::{
    commands::{AddInterest, DecideFinding, OrderScreening, SignInterests, WithdrawInterest},
    queries::{ConflictsOf, FindingLine, FindingOf, OwnInterests, Statements},
};
use crate::{
    api::{ApiError, Caller, Tag},
    kernel::{
        App,
        paging::{ListRequest, Paging},
    },
};
use chrono::{DateTime, NaiveDate, Utc};
use poem::web::Data;
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};
use uuid::Uuid;

pub struct ConflictsApi;

/// An interest somebody states.
#[derive(Object)]
struct InterestOut {
    id: Uuid,
    /// `employment`, `board`, `adviser`, `member`, `share`, `cluster`, `project`, `person` or `email`.
    kind: String,
    name: String,
    registration_no: Option<String>,
    /// ISO 3166-1 alpha-2.
    country: Option<String>,
    detail: String,
    until: Option<NaiveDate>,
}

/// The signature under a list of interests.
#[derive(Object)]
struct InterestStatementOut {
    signed_name: String,
    signed_at: DateTime<Utc>,
    valid_until: DateTime<Utc>,
    /// Whether the list has changed since it was signed.
    changed: bool,
}

/// A list of interests with its signature.
#[derive(Object)]
struct InterestsOut {
    items: Vec<InterestOut>,
    total: u64,
    next: Option<u64>,
    statement: Option<InterestStatementOut>,
    /// Whether the list is signed as it is and its year is not over.
    in_force: bool,
}

#[derive(Object)]
struct InterestIn {
    /// `employment`, `board`, `adviser`, `member`, `share`, `cluster`, `project`, `person` or `email`.
    kind: String,
    /// Of the organisation, cluster, past partner or person, or the address.
    name: String,
    registration_no: Option<String>,
    /// ISO 3166-1 alpha-2. Example: LT
    country: Option<String>,
    detail: Option<String>,
    /// The day it ended; nothing while it lasts.
    until: Option<NaiveDate>,
}

#[derive(Object)]
struct InterestIdOut {
    id: Uuid,
}

#[derive(Object)]
struct SignInterestsIn {
    /// The caller's name, typed as a signature.
    signed_name: String,
    /// Must be true: the list is complete.
    declared: bool,
}

/// A tie between a person and a proposal.
#[derive(Object)]
struct FindingOut {
    id: Uuid,
    proposal: Uuid,
    /// Example: IE-2017-007
    code: String,
    person: String,
    account: Uuid,
    kind: String,
    /// `hint`, `likely` or `barring`.
    strength: String,
    /// `open`, `confirmed`, `dismissed` or `gone`.
    state: String,
    /// What was found, as the end of a sentence that begins with the person's name.
    finding: String,
    /// The organisation or person of the proposal.
    party: String,
    /// What the person's data say.
    own: String,
    /// What met it in the proposal.
    met: String,
    /// Organisations along the links of ownership.
    path: Vec<String>,
    found_at: DateTime<Utc>,
    decided_by: Option<String>,
    decided_at: Option<DateTime<Utc>>,
    reason: Option<String>,
    /// The state of the person's task with the proposal.
    task: Option<String>,
    version: i64,
}

#[derive(Object)]
struct FindingsOut {
    items: Vec<FindingOut>,
    total: u64,
    next: Option<u64>,
    /// Barring findings that wait for a decision, whatever the filters; the others likewise.
    barring: u64,
    likely: u64,
    hints: u64,
    /// When everybody was last compared with every proposal.
    ran_at: Option<DateTime<Utc>>,
}

#[derive(Object)]
struct FindingDecisionIn {
    /// Whether it is a conflict of interest.
    conflict: bool,
    reason: String,
    /// The version read before.
    version: i64,
}

/// The job that compares everybody.
#[derive(Object)]
struct ScreeningJobOut {
    job: Uuid,
}

fn interests(stated: Statements) -> InterestsOut {
    let in_force = stated.in_force();
    let line = |line: super::queries::InterestLine| InterestOut {
        id: line.id.0,
        kind: line.kind.word().to_owned(),
        name: line.name,
        registration_no: line.registration_no,
        country: line.country.map(|country| country.code().to_owned()),
        detail: line.detail,
        until: line.until,
    };
    let items: Vec<InterestOut> = stated.lines.into_iter().map(line).collect();
    let statement = stated.statement.map(|one| InterestStatementOut {
        signed_name: one.signed_name,
        signed_at: one.signed_at,
        valid_until: one.valid_until,
        changed: one.changed,
    });
    InterestsOut { total: items.len() as u64, items, next: None, statement, in_force }
}

fn finding(line: FindingLine) -> FindingOut {
    FindingOut {
        id: line.id.0,
        proposal: line.proposal.0,
        code: line.code,
        person: line.person,
        account: line.account.0,
        kind: line.kind.word().to_owned(),
        strength: line.strength.word().to_owned(),
        state: line.state.word().to_owned(),
        finding: line.why,
        party: line.party,
        own: line.own,
        met: line.met,
        path: line.path,
        found_at: line.found_at,
        decided_by: line.decided_by,
        decided_at: line.decided_at,
        reason: line.reason,
        task: line.task.map(|state| state.word().to_owned()),
        version: line.version,
    }
}

#[OpenApi(tag = "Tag::Evaluation")]
impl ConflictsApi {
    /// Your own list of interests and its signature.
    #[oai(path = "/me/interests", method = "get", operation_id = "getOwnInterests")]
    async fn own(&self, app: Data<&App>, caller: Caller) -> Result<Json<InterestsOut>, ApiError> {
        Ok(Json(interests(app.ask(&caller.0, OwnInterests).await?)))
    }

    /// State an interest.
    #[oai(path = "/me/interests", method = "post", operation_id = "addInterest")]
    async fn add(
        &self,
        app: Data<&App>,
        caller: Caller,
        body: Json<InterestIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Json<InterestIdOut>, ApiError> {
        let InterestIn { kind, name, registration_no, country, detail, until } = body.0;
        let command = AddInterest {
            kind,
            name,
            registration_no: registration_no.unwrap_or_default(),
            country: country.unwrap_or_default(),
            detail: detail.unwrap_or_default(),
            until: until.map(|day| day.to_string()).unwrap_or_default(),
        };
        let id = app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(InterestIdOut { id: id.0 }))
    }

    /// Take one of your interests back.
    #[oai(path = "/me/interests/:interest/withdraw", method = "post", operation_id = "withdrawInterest")]
    async fn withdraw(
        &self,
        app: Data<&App>,
        caller: Caller,
        interest: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        Ok(app.run_once(&caller.0, key.0.as_deref(), WithdrawInterest(interest.0.into())).await?)
    }

    /// Sign your list of interests for a year.
    #[oai(path = "/me/interests/sign", method = "post", operation_id = "signInterests")]
    async fn sign(
        &self,
        app: Data<&App>,
        caller: Caller,
        body: Json<SignInterestsIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let SignInterestsIn { signed_name, declared } = body.0;
        app.run_once(&caller.0, key.0.as_deref(), SignInterests { signed_name, declared }).await?;
        Ok(())
    }

    /// What the check for conflicts of interest found in a call.
    #[oai(path = "/calls/:call/conflicts", method = "get", operation_id = "listFindings")]
    #[allow(clippy::too_many_arguments)]
    async fn list(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        q: Query<Option<String>>,
        /// `open`, `confirmed`, `dismissed` or `gone`.
        state: Query<Option<String>>,
        /// `hint`, `likely` or `barring`.
        strength: Query<Option<String>>,
        kind: Query<Option<String>>,
        /// An account.
        person: Query<Option<Uuid>>,
        page: Query<Option<u64>>,
    ) -> Result<Json<FindingsOut>, ApiError> {
        let filters = [
            ("state", state.0),
            ("strength", strength.0),
            ("kind", kind.0),
            ("person", person.0.map(|id| id.to_string())),
        ];
        let list = ListRequest {
            q: q.0.unwrap_or_default(),
            filters: filters.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect(),
            sort: "proposal".to_owned(),
            descending: false,
            paging: Paging { page: page.0.unwrap_or(1).clamp(1, 100_000), size: 100 },
        };
        let found = app.ask(&caller.0, ConflictsOf { call: call.0.into(), list }).await?;
        let next = (found.lines.page < found.lines.pages()).then_some(found.lines.page + 1);
        Ok(Json(FindingsOut {
            total: found.lines.total,
            items: found.lines.rows.into_iter().map(finding).collect(),
            next,
            barring: found.counts.barring as u64,
            likely: found.counts.likely as u64,
            hints: found.counts.hints as u64,
            ran_at: found.ran_at,
        }))
    }

    /// Compare everybody with every proposal of a call now.
    #[oai(path = "/calls/:call/conflicts/screen", method = "post", operation_id = "screenForConflicts")]
    async fn screen(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Json<ScreeningJobOut>, ApiError> {
        let job = app.run_once(&caller.0, key.0.as_deref(), OrderScreening(call.0.into())).await?;
        Ok(Json(ScreeningJobOut { job: job.0 }))
    }

    /// One finding.
    #[oai(path = "/proposals/:proposal/findings/:finding", method = "get", operation_id = "getFinding")]
    async fn finding(
        &self,
        app: Data<&App>,
        caller: Caller,
        proposal: Path<Uuid>,
        finding: Path<Uuid>,
    ) -> Result<Json<FindingOut>, ApiError> {
        let asked = FindingOf { proposal: proposal.0.into(), finding: finding.0.into() };
        Ok(Json(self::finding(app.ask(&caller.0, asked).await?.line)))
    }

    /// Decide whether a finding is a conflict of interest: a conflict hides the proposal from the person at once.
    #[oai(path = "/proposals/:proposal/findings/:finding", method = "put", operation_id = "decideFinding")]
    async fn decide(
        &self,
        app: Data<&App>,
        caller: Caller,
        proposal: Path<Uuid>,
        finding: Path<Uuid>,
        body: Json<FindingDecisionIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let FindingDecisionIn { conflict, reason, version } = body.0;
        let (proposal, finding) = (proposal.0.into(), finding.0.into());
        let command = DecideFinding { proposal, finding, seen: Some(version), conflict, reason };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }
}
