//! The score sheet beside the proposal.

use super::{
    commands::{Entry, SaveSheet, Sheet, SubmitSheet},
    queries::{SheetOf, SheetView},
};
use crate::{
    kernel::AppError,
    web::{Answer, FieldErrors, Frame, Pages, Posted, Visit, keep, show},
};
use askama::Template;
use entity::types::ids::AssignmentId;
use poem::{handler, http::StatusCode, web::Path};
use serde_json::json;

pub fn routes(pages: Pages) -> Pages {
    pages.get("/assignments/:id/sheet", sheet_shown).post("/assignments/:id/sheet", sheet_posted)
}

/// One criterion with what was typed.
struct Row {
    key: String,
    points: String,
    comment: String,
}

#[derive(Template)]
#[template(path = "evaluation/scores/sheet.html")]
struct SheetPage {
    frame: Frame,
    errors: FieldErrors,
    sheet: SheetView,
    rows: Vec<Row>,
    comment: String,
    private_note: String,
    version: i64,
    due: String,
}

impl SheetPage {
    fn of(visit: &Visit, sheet: SheetView) -> Self {
        let row = |c: &super::queries::CriterionView| Row {
            key: c.key.clone(),
            points: c.points.map(|p| p.to_string()).unwrap_or_default(),
            comment: c.comment.clone(),
        };
        let above = if sheet.mine {
            ("My assignments", "/assignments".to_owned())
        } else {
            ("Proposal", format!("/staff/proposals/{}", sheet.reading.id))
        };
        Self {
            frame: visit
                .frame_below(format!("{} {}", sheet.reading.code, sheet.reading.title), &[(above.0, above.1.as_str())]),
            errors: FieldErrors::default(),
            rows: sheet.criteria.iter().map(row).collect(),
            comment: sheet.comment.clone(),
            private_note: sheet.private_note.clone(),
            version: sheet.version,
            due: sheet.due_at.map(|at| show::instant(at, sheet.zone)).unwrap_or_default(),
            sheet,
        }
    }

    /// The page with what was typed in place of what is stored.
    fn typed(mut self, posted: &Posted, errors: FieldErrors) -> Self {
        for row in &mut self.rows {
            row.points = posted.text(&format!("points-{}", row.key)).to_owned();
            row.comment = posted.text(&format!("comment-{}", row.key)).to_owned();
        }
        self.comment = posted.text("comment").to_owned();
        self.private_note = posted.text("private_note").to_owned();
        self.errors = errors;
        self
    }
}

/// The running total, which the script puts in place after each save.
#[derive(Template)]
#[template(path = "evaluation/scores/total.html")]
struct Total<'a> {
    sheet: &'a SheetView,
}

#[handler]
async fn sheet_shown(visit: Visit, Path(id): Path<AssignmentId>) -> Answer {
    let sheet = visit.ask(SheetOf(id)).await?;
    visit.page(&SheetPage::of(&visit, sheet))
}

#[handler]
async fn sheet_posted(visit: Visit, posted: Posted, Path(id): Path<AssignmentId>) -> Answer {
    let before = visit.ask(SheetOf(id)).await?;
    let typed = typed(&before, &posted);
    if visit.wants_json() {
        return saved(&visit, id, posted.version(), typed).await;
    }
    let done = match posted.text("action") {
        "submit" => {
            let command = SubmitSheet { assignment: id, seen: posted.version(), sheet: typed.clone() };
            visit.run(&posted, command).await.map(|_| ("/assignments".to_owned(), "Submitted. Thank you."))
        }
        action => {
            let command = SaveSheet { assignment: id, seen: posted.version(), sheet: typed.clone() };
            let next = before.next.as_ref().filter(|_| action == "next").map_or(id, |(next, _)| *next);
            visit.app.run(&visit.actor, command).await.map(|_| (format!("/assignments/{next}/sheet"), "Saved."))
        }
    };
    match done {
        Ok((path, message)) => visit.to_with(path, message),
        Err(error) => again(&visit, &posted, id, typed, error).await,
    }
}

/// The answer to the script: the new version and the running total.
async fn saved(visit: &Visit, id: AssignmentId, seen: i64, sheet: Sheet) -> Answer {
    let version = visit.app.run(&visit.actor, SaveSheet { assignment: id, seen, sheet }).await?;
    let sheet = visit.ask(SheetOf(id)).await?;
    let total = Total { sheet: &sheet }.render().map_err(|e| AppError::Broken(e.into()))?;
    let told = json!({
        "version": version,
        "saved_at": show::iso(visit.app.now()),
        "errors": {},
        "warnings": [],
        "live": { "running-total": total },
    });
    visit.json(StatusCode::OK, &told)
}

/// A sheet that cannot be submitted is kept all the same, and shown with everything that is missing.
async fn again(visit: &Visit, posted: &Posted, id: AssignmentId, typed: Sheet, error: AppError) -> Answer {
    let incomplete = matches!(error, AppError::Invalid(_));
    let errors = keep(error)?;
    let mut version = posted.version();
    if incomplete && posted.text("action") == "submit" {
        let command = SaveSheet { assignment: id, seen: version, sheet: typed };
        version = visit.app.run(&visit.actor, command).await.unwrap_or(version);
    }
    let mut page = SheetPage::of(visit, visit.ask(SheetOf(id)).await?).typed(posted, errors);
    page.version = version;
    visit.again(&page)
}

fn typed(sheet: &SheetView, posted: &Posted) -> Sheet {
    let entry = |c: &super::queries::CriterionView| Entry {
        criterion: c.key.clone(),
        points: posted.text(&format!("points-{}", c.key)).to_owned(),
        comment: posted.text(&format!("comment-{}", c.key)).to_owned(),
    };
    Sheet {
        entries: sheet.criteria.iter().map(entry).collect(),
        comment: posted.text("comment").to_owned(),
        private_note: posted.text("private_note").to_owned(),
    }
}
