//! The activity log for programs.

use super::queries::{ActivityLog, Entry, HistoryOfCall, HistoryOfProposal, VerifyChain};
use crate::api::{ApiError, Caller, Tag};
use crate::kernel::{
    App, Subject,
    paging::{ListRequest, Listed, Paging},
};
use chrono::{DateTime, NaiveDate, Utc};
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
    let next = (listed.page < listed.pages()).then(|| listed.page + 1);
    let one = |entry: Entry| {
        let Entry { seq, at, who, line, command, kind, subject, proposal, details, digest } = entry;
        let object = subject.and_then(Subject::id);
        let (proposal, details) = (proposal.map(|id| id.0), details.into_iter().collect());
        EntryOut { seq, at, who, line, command, kind, object, proposal, details, digest }
    };
    Json(EntriesOut { total: listed.total, next, items: listed.rows.into_iter().map(one).collect() })
}

fn list(filters: Vec<(&str, Option<String>)>, q: Option<String>, page: Option<u64>) -> ListRequest {
    let filters = filters.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
    let paging = Paging { page: page.unwrap_or(1).max(1), ..Paging::default() };
    ListRequest { q: q.unwrap_or_default(), filters, descending: true, paging, ..ListRequest::default() }
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
        let filters = vec![
            ("who", who.0),
            ("kind", kind.0),
            ("object", object.0.map(|id| id.to_string())),
            ("from", from.0.map(|day| day.to_string())),
            ("until", until.0.map(|day| day.to_string())),
        ];
        Ok(out(app.ask(&caller.0, ActivityLog(list(filters, q.0, page.0))).await?))
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
        let list = list(Vec::new(), None, page.0);
        Ok(out(app.ask(&caller.0, HistoryOfCall { call: id.0.into(), list }).await?))
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
        let list = list(Vec::new(), None, page.0);
        Ok(out(app.ask(&caller.0, HistoryOfProposal { proposal: id.0.into(), list }).await?))
    }
}
