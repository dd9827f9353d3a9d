//! Looking at a sheet: what it comes to and what the applicant will read, its versions, and the sheets of others.

use crate::{
    calls::rules::{Piece, judging::visibility_text},
    evaluation::scores::{
        commands::SubmitKept,
        queries::{OtherSheets, OthersView, SheetOf, SheetView, VersionsOf, VersionsView},
    },
    kernel::{AppError, Result},
    web::{Answer, FieldErrors, Frame, Pages, Posted, Visit, keep, show},
};
use askama::Template;
use chrono::{DateTime, Utc};
use entity::types::ids::AssignmentId;
use poem::{handler, web::Path};

pub fn routes(pages: Pages) -> Pages {
    pages
        .get("/assignments/:id/sheet/summary", summary_shown)
        .post("/assignments/:id/sheet/summary", summary_posted)
        .get("/assignments/:id/sheet/versions", versions_shown)
        .get("/assignments/:id/sheet/others", others_shown)
}

#[derive(Template)]
#[template(path = "evaluation/scores/summary.html")]
struct SummaryPage {
    frame: Frame,
    errors: FieldErrors,
    sheet: SheetView,
}

async fn summary(visit: &Visit, id: AssignmentId, errors: FieldErrors) -> Result<SummaryPage> {
    let sheet = visit.ask(SheetOf(id)).await?;
    if !sheet.mine {
        return Err(AppError::NotFound);
    }
    let (up, title) = (format!("/assignments/{id}/sheet"), format!("Summary of {}", sheet.reading.code));
    let above = [("My assignments", "/assignments"), (sheet.reading.code.as_str(), up.as_str())];
    Ok(SummaryPage { frame: visit.frame_below(title, &above), errors, sheet })
}

#[handler]
async fn summary_shown(visit: Visit, Path(id): Path<AssignmentId>) -> Answer {
    visit.page(&summary(&visit, id, FieldErrors::default()).await?)
}

#[handler]
async fn summary_posted(visit: Visit, posted: Posted, Path(id): Path<AssignmentId>) -> Answer {
    match visit.run(&posted, SubmitKept { assignment: id, seen: posted.version() }).await {
        Ok(_) => visit.to_with("/assignments", "Submitted. Thank you."),
        Err(error) => visit.again(&summary(&visit, id, keep(error)?).await?),
    }
}

#[derive(Template)]
#[template(path = "evaluation/scores/versions.html")]
struct VersionsPage {
    frame: Frame,
    view: VersionsView,
}

impl VersionsPage {
    fn at(&self, at: &DateTime<Utc>) -> String {
        show::instant(at, self.view.zone)
    }
}

#[handler]
async fn versions_shown(visit: Visit, Path(id): Path<AssignmentId>) -> Answer {
    let view = visit.ask(VersionsOf(id)).await?;
    let title = format!("Versions of the sheet of {}", view.code);
    let up = format!("/assignments/{id}/sheet");
    let above: &[(&str, &str)] = if view.readable { &[(&view.code, &up)] } else { &[] };
    visit.page(&VersionsPage { frame: visit.frame_below(title, above), view })
}

#[derive(Template)]
#[template(path = "evaluation/scores/others.html")]
struct OthersPage {
    frame: Frame,
    view: OthersView,
    rule: &'static str,
}

#[handler]
async fn others_shown(visit: Visit, Path(id): Path<AssignmentId>) -> Answer {
    let view = visit.ask(OtherSheets(id)).await?;
    let (up, title) = (format!("/assignments/{id}/sheet"), format!("Sheets of others on {}", view.code));
    let frame = visit.frame_below(title, &[("My assignments", "/assignments"), (&view.code, &up)]);
    visit.page(&OthersPage { frame, rule: visibility_text(view.rule), view })
}
