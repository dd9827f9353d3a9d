//! Jobs for programs: order, then ask until the state is `done` or `failed`.

use super::{
    commands::RunAgain,
    queries::{JobLog, JobOf, JobView},
};
use crate::api::{ApiError, Caller, Tag};
use crate::kernel::{
    App,
    paging::{ListRequest, Paging},
};
use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};

pub struct JobsApi;

/// A background job.
#[derive(Object)]
struct JobOut {
    id: uuid::Uuid,
    name: String,
    /// One of `queued`, `running`, `done`, `failed`.
    state: String,
    done: i32,
    total: i32,
    attempts: i32,
    ordered_by: Option<String>,
    created_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
    /// The page with the outcome.
    href: Option<String>,
    /// Rows the job was refused for.
    problems: Vec<ProblemOut>,
    /// What went wrong last time; for administrators only.
    error: String,
}

#[derive(Object)]
struct ProblemOut {
    id: String,
    why: String,
}

#[derive(Object)]
struct JobsOut {
    items: Vec<JobOut>,
    total: u64,
    next: Option<u64>,
}

impl From<JobView> for JobOut {
    fn from(job: JobView) -> Self {
        Self {
            id: job.id.0,
            name: job.name,
            state: job.state.word().to_owned(),
            done: job.done,
            total: job.total,
            attempts: job.attempts,
            ordered_by: job.ordered_by,
            created_at: job.created_at,
            finished_at: job.finished_at,
            href: job.href,
            problems: job.problems.into_iter().map(|(id, why)| ProblemOut { id, why }).collect(),
            error: job.error,
        }
    }
}

#[OpenApi(tag = "Tag::Platform")]
impl JobsApi {
    /// How one of your jobs goes.
    #[oai(path = "/jobs/:id", method = "get", operation_id = "getJob")]
    async fn job(&self, app: Data<&App>, caller: Caller, id: Path<uuid::Uuid>) -> Result<Json<JobOut>, ApiError> {
        Ok(Json(app.ask(&caller.0, JobOf(id.0.into())).await?.into()))
    }

    /// All jobs, latest first; for administrators.
    #[oai(path = "/jobs", method = "get", operation_id = "listJobs")]
    async fn jobs(
        &self,
        app: Data<&App>,
        caller: Caller,
        /// One of `queued`, `running`, `done`, `failed`.
        state: Query<Option<String>>,
        page: Query<Option<u64>>,
    ) -> Result<Json<JobsOut>, ApiError> {
        let paging = Paging { page: page.0.unwrap_or(1).max(1), ..Paging::default() };
        let filters = state.0.map(|state| ("state".to_owned(), state)).into_iter().collect();
        let list = ListRequest { filters, descending: true, paging, ..ListRequest::default() };
        let listed = app.ask(&caller.0, JobLog(list)).await?;
        let next = (listed.page < listed.pages()).then(|| listed.page + 1);
        Ok(Json(JobsOut { total: listed.total, next, items: listed.rows.into_iter().map(Into::into).collect() }))
    }

    /// Let a failed job run again; for administrators.
    #[oai(path = "/jobs/:id/run-again", method = "post", operation_id = "runJobAgain")]
    async fn again(
        &self,
        app: Data<&App>,
        caller: Caller,
        id: Path<uuid::Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        Ok(app.run_once(&caller.0, key.0.as_deref(), RunAgain(id.0.into())).await?)
    }
}
