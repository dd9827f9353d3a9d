//! What a consortium sees of itself: who is missing what, and who did what when.

use super::super::queries::{HistoryLine, HistoryOf, Progress, ProgressOf};
use crate::{
    kernel::paging::{Listed, Paging},
    web::{Answer, Frame, Visit, frame::Pager},
};
use askama::Template;
use entity::types::{ids::ProposalId, states::PartState};
use poem::{handler, web::Path};

#[derive(Template)]
#[template(path = "proposals/submission/progress.html")]
struct ProgressPage {
    frame: Frame,
    progress: Progress,
}

#[handler]
pub async fn progress(visit: Visit, Path(proposal): Path<ProposalId>) -> Answer {
    let progress = visit.ask(ProgressOf(proposal)).await?;
    let crumbs = [("Proposals", "/proposals"), (progress.code.as_str(), &format!("/proposals/{proposal}"))];
    visit.page(&ProgressPage { frame: visit.frame_below("Who is missing what", &crumbs), progress })
}

#[derive(Template)]
#[template(path = "proposals/submission/history.html")]
struct HistoryPage {
    frame: Frame,
    title: String,
    lines: Listed<HistoryLine>,
    pager: Pager,
}

#[handler]
pub async fn history(visit: Visit, Path(proposal): Path<ProposalId>) -> Answer {
    let paging = Paging::from_text(visit.query("page").as_deref(), visit.query("size").as_deref());
    let (code, title, lines) = visit.ask(HistoryOf { proposal, paging }).await?;
    let crumbs = [("Proposals", "/proposals"), (code.as_str(), &format!("/proposals/{proposal}"))];
    let pager = Pager::new(lines.page, lines.size, lines.total, |page| format!("?page={page}&size={}", paging.size));
    visit.page(&HistoryPage { frame: visit.frame_below("History", &crumbs), title, lines, pager })
}

impl HistoryPage {
    /// The log tells times in one zone, because the people in it live in several.
    fn at(&self, line: &HistoryLine) -> String {
        line.at.format("%-d %B %Y, %H:%M:%S UTC").to_string()
    }
}
