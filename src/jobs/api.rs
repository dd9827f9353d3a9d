//! Jobs for programs: order, then ask until the state is `done` or `failed`.

use super::{
    commands::RunAgain,
    queries::{JobLog, JobOf, JobView},
};
use crate::api::{ApiError, Caller, Direction, FileFormat, ListFile, Tag, Wanted, exported, next_page};
use crate::kernel::{App, Subject};
use chrono::{DateTime, NaiveDate, Utc};
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
    #[expect(clippy::too_many_arguments, reason = "one for each filter of the list")]
    async fn jobs(
        &self,
        app: Data<&App>,
        caller: Caller,
        /// Words of the name or the problem.
        q: Query<Option<String>>,
        /// One of `queued`, `running`, `done`, `failed`.
        state: Query<Option<String>>,
        /// The first day on which it was ordered.
        from: Query<Option<NaiveDate>>,
        /// The last day on which it was ordered.
        until: Query<Option<NaiveDate>>,
        /// One of `when`, `name`.
        sort: Query<Option<String>>,
        direction: Query<Option<Direction>>,
        page: Query<Option<u64>>,
    ) -> Result<Json<JobsOut>, ApiError> {
        let filters = filters(state.0, from.0, until.0);
        let wanted = Wanted { q: q.0, filters, sort: sort.0, direction: direction.0, page: page.0 };
        let listed = app.ask(&caller.0, JobLog(wanted.request("when", true))).await?;
        let next = next_page(&listed);
        Ok(Json(JobsOut { total: listed.total, next, items: listed.rows.into_iter().map(Into::into).collect() }))
    }

    /// All matching jobs as a file; for administrators.
    #[oai(path = "/jobs/export", method = "get", operation_id = "exportJobs")]
    #[expect(clippy::too_many_arguments, reason = "one for each filter of the list")]
    async fn export(
        &self,
        app: Data<&App>,
        caller: Caller,
        /// CSV, when nothing is said.
        format: Query<Option<FileFormat>>,
        /// Words of the name or the problem.
        q: Query<Option<String>>,
        /// One of `queued`, `running`, `done`, `failed`.
        state: Query<Option<String>>,
        /// The first day on which it was ordered.
        from: Query<Option<NaiveDate>>,
        /// The last day on which it was ordered.
        until: Query<Option<NaiveDate>>,
    ) -> Result<ListFile, ApiError> {
        let wanted = Wanted { q: q.0, filters: filters(state.0, from.0, until.0), ..Wanted::default() };
        let all = app.ask(&caller.0, JobLog(wanted.request("when", true).everything())).await?;
        exported(&app, &caller, Subject::Platform, format.0, "Jobs", &all.rows).await
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

fn filters(
    state: Option<String>,
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
) -> Vec<(&'static str, Option<String>)> {
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string());
    vec![("state", state), ("from", day(from)), ("until", day(until))]
}
