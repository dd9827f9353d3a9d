//! The activity log for programs.

use super::queries::{ActivityLog, Entry, HistoryOf, HistoryOfCall, HistoryOfProposal, VerifyChain};
use crate::api::{ApiError, Caller, FileFormat, ListFile, Tag, Wanted, exported, next_page, own_file};
use crate::kernel::{
    App, Subject,
    paging::{ListRequest, Listed},
};
use chrono::{DateTime, NaiveDate, Utc};
use entity::types::ids::{AccountId, AssignmentId, OrganisationId, PartId, ReportId};
use poem::web::Data;
use poem_openapi::{
    Object, OpenApi,
    param::{Path, Query},
    payload::Json,
};
use std::collections::BTreeMap;

pub struct ActivityApi;

/// One line of the activity log.
#[derive(Object)]
struct EntryOut {
    seq: i64,
    at: DateTime<Utc>,
    who: String,
    /// What happened, as the end of a sentence that begins with who.
    line: String,
    /// The command that was run.
    command: String,
    /// The kind of thing it is about, for example `proposal`.
    kind: String,
    object: Option<uuid::Uuid>,
    proposal: Option<uuid::Uuid>,
    details: BTreeMap<String, String>,
    digest: String,
}

#[derive(Object)]
struct EntriesOut {
    items: Vec<EntryOut>,
    total: u64,
    next: Option<u64>,
}

/// Whether the chain of the log holds.
#[derive(Object)]
struct ChainOut {
    entries: u64,
    holds: bool,
    /// The first entry that does not fit.
    broken_at: Option<i64>,
    problem: Option<String>,
}

fn out(listed: Listed<Entry>) -> Json<EntriesOut> {
    let next = next_page(&listed);
    let one = |entry: Entry| {
        let Entry { seq, at, who, line, command, kind, subject, proposal, details, digest } = entry;
        let object = subject.and_then(Subject::id);
        let (proposal, details) = (proposal.map(|id| id.0), details.into_iter().collect());
        EntryOut { seq, at, who, line, command, kind, object, proposal, details, digest }
    };
    Json(EntriesOut { total: listed.total, next, items: listed.rows.into_iter().map(one).collect() })
}

/// A page of a history, latest first.
fn latest(page: Option<u64>) -> ListRequest {
    Wanted { page, ..Wanted::default() }.request("when", true)
}

/// What narrows the log.
fn filters(
    who: Option<String>,
    kind: Option<String>,
    object: Option<uuid::Uuid>,
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
) -> Vec<(&'static str, Option<String>)> {
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string());
    let object = object.map(|id| id.to_string());
    vec![("who", who), ("kind", kind), ("object", object), ("from", day(from)), ("until", day(until))]
}

#[OpenApi(tag = "Tag::Platform")]
impl ActivityApi {
    /// The activity log, latest first, as far as you may read it.
    #[oai(path = "/activity", method = "get", operation_id = "listActivity")]
    #[expect(clippy::too_many_arguments, reason = "one for each filter of the log")]
    async fn log(
        &self,
        app: Data<&App>,
        caller: Caller,
        /// Words of what happened.
        q: Query<Option<String>>,
        /// A part of the name of who did it.
        who: Query<Option<String>>,
        /// A kind of thing, for example `part`.
        kind: Query<Option<String>>,
        /// The id of one object.
        object: Query<Option<uuid::Uuid>>,
        from: Query<Option<NaiveDate>>,
        until: Query<Option<NaiveDate>>,
        page: Query<Option<u64>>,
    ) -> Result<Json<EntriesOut>, ApiError> {
        let filters = filters(who.0, kind.0, object.0, from.0, until.0);
        let wanted = Wanted { q: q.0, filters, page: page.0, ..Wanted::default() };
        Ok(out(app.ask(&caller.0, ActivityLog(wanted.request("when", true))).await?))
    }

    /// All matching lines of the activity log as a file, as far as you may read it.
    #[oai(path = "/activity/export", method = "get", operation_id = "exportActivity")]
    #[expect(clippy::too_many_arguments, reason = "one for each filter of the log")]
    async fn export(
        &self,
        app: Data<&App>,
        caller: Caller,
        /// CSV, when nothing is said.
        format: Query<Option<FileFormat>>,
        /// Words of what happened.
        q: Query<Option<String>>,
        /// A part of the name of who did it.
        who: Query<Option<String>>,
        /// A kind of thing, for example `part`.
        kind: Query<Option<String>>,
        /// The id of one object.
        object: Query<Option<uuid::Uuid>>,
        from: Query<Option<NaiveDate>>,
        until: Query<Option<NaiveDate>>,
    ) -> Result<ListFile, ApiError> {
        let filters = filters(who.0, kind.0, object.0, from.0, until.0);
        let wanted = Wanted { q: q.0, filters, ..Wanted::default() };
        let all = app.ask(&caller.0, ActivityLog(wanted.request("when", true).everything())).await?;
        exported(&app, &caller, Subject::Platform, format.0, "Activity", &all.rows).await
    }

    /// Read the whole chain of the log and say whether it holds.
    #[oai(path = "/activity/verify", method = "get", operation_id = "verifyActivity")]
    async fn verify(&self, app: Data<&App>, caller: Caller) -> Result<Json<ChainOut>, ApiError> {
        let check = app.ask(&caller.0, VerifyChain).await?;
        Ok(Json(ChainOut {
            entries: check.entries,
            holds: check.broken.is_none(),
            broken_at: check.broken.as_ref().map(|broken| broken.seq),
            problem: check.broken.map(|broken| broken.what.to_owned()),
        }))
    }

    /// What happened in a call, latest first.
    #[oai(path = "/calls/:id/history", method = "get", operation_id = "getCallHistory")]
    async fn call(
        &self,
        app: Data<&App>,
        caller: Caller,
        id: Path<uuid::Uuid>,
        page: Query<Option<u64>>,
    ) -> Result<Json<EntriesOut>, ApiError> {
        Ok(out(app.ask(&caller.0, HistoryOfCall { call: id.0.into(), list: latest(page.0) }).await?))
    }

    /// What happened in a call as a file.
    #[oai(path = "/calls/:id/history/export", method = "get", operation_id = "exportCallHistory")]
    async fn call_file(
        &self,
        app: Data<&App>,
        caller: Caller,
        id: Path<uuid::Uuid>,
        /// CSV, when nothing is said.
        format: Query<Option<FileFormat>>,
    ) -> Result<ListFile, ApiError> {
        let query = HistoryOfCall { call: id.0.into(), list: latest(None).everything() };
        let all = app.ask(&caller.0, query).await?;
        exported(&app, &caller, Subject::Call(id.0.into()), format.0, "History", &all.rows).await
    }

    /// What happened to a proposal, latest first, as far as you may read it.
    #[oai(path = "/proposals/:id/history", method = "get", operation_id = "getProposalHistory")]
    async fn proposal(
        &self,
        app: Data<&App>,
        caller: Caller,
        id: Path<uuid::Uuid>,
        page: Query<Option<u64>>,
    ) -> Result<Json<EntriesOut>, ApiError> {
        Ok(out(app.ask(&caller.0, HistoryOfProposal { proposal: id.0.into(), list: latest(page.0) }).await?))
    }

    /// What happened to a proposal as a file, as far as you may read it.
    #[oai(path = "/proposals/:id/history/export", method = "get", operation_id = "exportProposalHistory")]
    async fn proposal_file(
        &self,
        app: Data<&App>,
        caller: Caller,
        id: Path<uuid::Uuid>,
        /// CSV, when nothing is said.
        format: Query<Option<FileFormat>>,
    ) -> Result<ListFile, ApiError> {
        let query = HistoryOfProposal { proposal: id.0.into(), list: latest(None).everything() };
        let all = app.ask(&caller.0, query).await?;
        // Whoever may read the history may keep it: it is the proposal's own.
        own_file(&app, format.0, "History", &all.rows)
    }

    /// What happened to a part, as far as you may read it, latest first.
    #[oai(path = "/parts/:part/history", method = "get", operation_id = "getPartHistory")]
    async fn part(
        &self,
        app: Data<&App>,
        caller: Caller,
        part: Path<uuid::Uuid>,
        page: Query<Option<u64>>,
    ) -> Result<Json<EntriesOut>, ApiError> {
        Ok(out(app.ask(&caller.0, HistoryOf { of: PartId(part.0), list: latest(page.0) }).await?))
    }

    /// What happened to an assignment, latest first.
    #[oai(path = "/assignments/:assignment/history", method = "get", operation_id = "getAssignmentHistory")]
    async fn assignment(
        &self,
        app: Data<&App>,
        caller: Caller,
        assignment: Path<uuid::Uuid>,
        page: Query<Option<u64>>,
    ) -> Result<Json<EntriesOut>, ApiError> {
        Ok(out(app.ask(&caller.0, HistoryOf { of: AssignmentId(assignment.0), list: latest(page.0) }).await?))
    }

    /// What happened to a report, as far as you may read it, latest first.
    #[oai(path = "/reports/:report/history", method = "get", operation_id = "getReportHistory")]
    async fn report(
        &self,
        app: Data<&App>,
        caller: Caller,
        report: Path<uuid::Uuid>,
        page: Query<Option<u64>>,
    ) -> Result<Json<EntriesOut>, ApiError> {
        Ok(out(app.ask(&caller.0, HistoryOf { of: ReportId(report.0), list: latest(page.0) }).await?))
    }

    /// What happened to an organisation, latest first.
    #[oai(path = "/organisations/:organisation/history", method = "get", operation_id = "getOrganisationHistory")]
    async fn organisation(
        &self,
        app: Data<&App>,
        caller: Caller,
        organisation: Path<uuid::Uuid>,
        page: Query<Option<u64>>,
    ) -> Result<Json<EntriesOut>, ApiError> {
        Ok(out(app.ask(&caller.0, HistoryOf { of: OrganisationId(organisation.0), list: latest(page.0) }).await?))
    }

    /// What happened to an account; for administrators, latest first.
    #[oai(path = "/accounts/:account/history", method = "get", operation_id = "getAccountHistory")]
    async fn account(
        &self,
        app: Data<&App>,
        caller: Caller,
        account: Path<uuid::Uuid>,
        page: Query<Option<u64>>,
    ) -> Result<Json<EntriesOut>, ApiError> {
        Ok(out(app.ask(&caller.0, HistoryOf { of: AccountId(account.0), list: latest(page.0) }).await?))
    }
}
