//! What a consortium sees of itself: who is missing what.

use super::super::queries::{Progress, ProgressOf};
use crate::web::{Answer, Frame, Visit};
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
    let crumbs = [("My proposals", "/proposals"), (progress.code.as_str(), &format!("/proposals/{proposal}"))];
    visit.page(&ProgressPage { frame: visit.frame_below("Who is missing what", &crumbs), progress })
}
