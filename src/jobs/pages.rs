//! The screens of jobs: one's own in progress, all of them for administrators.

use super::{
    commands::RunAgain,
    queries::{JobLog, JobOf, JobView},
};
use crate::{
    documents::sheet::Cell,
    kernel::Subject,
    lists::views::pages::own,
    web::{
        Answer, Frame, Pages, Posted, Visit, keep,
        list::{Exported, Format, ListShape, ListView, export, words},
    },
};
use askama::Template;
use entity::types::{ids::JobId, states::JobState};
use poem::{handler, http::StatusCode, web::Path};
use serde_json::json;

const LIST: ListShape = ListShape {
    key: "jobs",
    sorts: &[("when", "Ordered"), ("name", "Job")],
    descending: true,
    filters: &["state", "from", "until"],
};

pub fn routes(pages: Pages) -> Pages {
    pages
        .get("/jobs/:id", one_job)
        .get("/jobs/:id/progress", progress)
        .get("/admin/jobs", job_log)
        .post("/admin/jobs/:id/again", again)
}

#[derive(Template)]
#[template(path = "jobs/job.html")]
struct JobPage {
    frame: Frame,
    job: JobView,
    href: String,
}

#[derive(Template)]
#[template(path = "jobs/log.html")]
struct LogPage {
    frame: Frame,
    list: ListView,
    rows: Vec<JobView>,
}

impl Exported for JobView {
    fn columns() -> Vec<&'static str> {
        vec!["Ordered", "Job", "State", "Tries", "Ordered by", "Finished", "Problem"]
    }

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::text(self.created_at.to_rfc3339()),
            Cell::text(&self.name),
            Cell::text(self.state.label()),
            Cell::number(self.attempts),
            Cell::from(self.ordered_by.as_deref().unwrap_or_default()),
            self.finished_at.map_or(Cell::Empty, |at| Cell::text(at.to_rfc3339())),
            Cell::from(self.error.as_str()),
        ]
    }
}

#[handler]
async fn one_job(visit: Visit, Path(id): Path<JobId>) -> Answer {
    let job = visit.ask(JobOf(id)).await?;
    let title = if job.counts.is_some() || job.total > 0 { "Working through the rows" } else { "Working on it" };
    let title = match job.state {
        JobState::Done => "Done",
        JobState::Failed => "This did not work",
        JobState::Queued | JobState::Running => title,
    };
    visit.page(&JobPage { frame: visit.frame(title), job, href: format!("/jobs/{id}/progress") })
}

/// What the script asks for while the page is open.
#[handler]
async fn progress(visit: Visit, Path(id): Path<JobId>) -> Answer {
    let job = visit.ask(JobOf(id)).await?;
    // The page itself tells what was refused.
    let href = if job.problems.is_empty() { job.href } else { Some(format!("/jobs/{id}")) };
    let body = json!({ "done": job.done, "total": job.total, "state": job.state.word(), "href": href });
    visit.json(StatusCode::OK, &body)
}

#[handler]
async fn job_log(visit: Visit) -> Answer {
    let request = LIST.request(&visit);
    if let Some(format) = Format::asked(&visit) {
        let all = visit.ask(JobLog(request.everything())).await?;
        return export(&visit, Subject::Platform, format, "Jobs", &all.rows).await;
    }
    let listed = visit.ask(JobLog(request.clone())).await?;
    let list = LIST
        .view(&visit, &request, listed.total)
        .search("name or problem")
        .select("state", "State", words(JobState::ALL.iter().map(|s| (s.word(), s.label()))))
        .day("from", "Ordered from")
        .day("until", "Ordered until")
        .preset("Failed", "state=failed")
        .preset("Running", "state=running")
        .exports()
        .views(own(&visit, LIST.key).await?);
    let frame = visit.frame_below("Background jobs", &[("Administration", "/admin")]);
    visit.page(&LogPage { frame, list, rows: listed.rows })
}

#[handler]
async fn again(visit: Visit, posted: Posted, Path(id): Path<JobId>) -> Answer {
    match visit.run(&posted, RunAgain(id)).await {
        Ok(()) => visit.to_with("/admin/jobs", "The job runs again."),
        Err(error) => {
            visit.leave_error(&keep(error)?);
            visit.to("/admin/jobs")
        }
    }
}
