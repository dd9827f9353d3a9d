//! The score sheet beside the proposal.

use crate::{
    evaluation::scores::{
        commands::{Entry, SaveSheet, Sheet, SubmitSheet},
        queries::{CriterionView, SheetOf, SheetView, Slot},
    },
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

/// One place for points and a comment, with what was typed.
pub struct Row {
    pub key: String,
    pub name: String,
    pub guidance: String,
    pub points: String,
    pub comment: String,
}

/// One criterion with what was typed.
pub struct Group {
    pub view: CriterionView,
    pub rows: Vec<Row>,
    pub abstains: bool,
    pub reason: String,
}

impl Group {
    /// A criterion as it is kept.
    pub fn of(view: &CriterionView) -> Self {
        let row = |slot: &Slot| Row {
            key: slot.key.clone(),
            name: slot.name.clone(),
            guidance: slot.guidance.clone(),
            points: slot.points.map(|p| p.to_string()).unwrap_or_default(),
            comment: slot.comment.clone(),
        };
        Self {
            rows: view.slots.iter().map(row).collect(),
            abstains: view.abstained.is_some(),
            reason: view.abstained.clone().unwrap_or_default(),
            view: view.clone(),
        }
    }

    /// Puts what was typed in place of what is kept.
    pub fn type_over(&mut self, posted: &Posted) {
        for row in &mut self.rows {
            row.points = posted.text(&format!("points-{}", row.key)).to_owned();
            row.comment = posted.text(&format!("comment-{}", row.key)).to_owned();
        }
        self.abstains = posted.ticked(&format!("abstain-{}", self.view.key));
        self.reason = posted.text(&format!("reason-{}", self.view.key)).to_owned();
    }
}

#[derive(Template)]
#[template(path = "evaluation/scores/sheet.html")]
struct SheetPage {
    frame: Frame,
    errors: FieldErrors,
    sheet: SheetView,
    groups: Vec<Group>,
    comment: String,
    private_note: String,
    version: i64,
    due: String,
}

impl SheetPage {
    fn of(visit: &Visit, sheet: SheetView) -> Self {
        let above = if sheet.mine {
            ("My assignments", "/assignments".to_owned())
        } else {
            ("Proposal", format!("/staff/proposals/{}", sheet.reading.id))
        };
        Self {
            frame: visit
                .frame_below(format!("{} {}", sheet.reading.code, sheet.reading.title), &[(above.0, above.1.as_str())]),
            errors: FieldErrors::default(),
            groups: sheet.criteria.iter().map(Group::of).collect(),
            comment: sheet.comment.clone(),
            private_note: sheet.private_note.clone(),
            version: sheet.version,
            due: sheet.due_at.map(|at| show::instant(at, sheet.zone)).unwrap_or_default(),
            sheet,
        }
    }

    /// The page with what was typed in place of what is stored.
    fn typed(mut self, posted: &Posted, errors: FieldErrors) -> Self {
        for group in &mut self.groups {
            group.type_over(posted);
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
    let typed = typed(&before.criteria, &posted);
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
            let path = match (action, &before.open_next) {
                ("next", Some((next, _))) => format!("/assignments/{next}/sheet"),
                ("summary", _) => format!("/assignments/{id}/sheet/summary"),
                _ => format!("/assignments/{id}/sheet"),
            };
            visit.app.run(&visit.actor, command).await.map(|_| (path, "Saved."))
        }
    };
    match done {
        Ok((path, message)) => visit.to_with(path, message),
        Err(error) => again(&visit, &posted, id, typed, error).await,
    }
}

/// The answer to the script: the new version, the running total and the mean of every criterion with parts.
async fn saved(visit: &Visit, id: AssignmentId, seen: i64, sheet: Sheet) -> Answer {
    let version = visit.app.run(&visit.actor, SaveSheet { assignment: id, seen, sheet }).await?;
    let sheet = visit.ask(SheetOf(id)).await?;
    let total = Total { sheet: &sheet }.render().map_err(|e| AppError::Broken(e.into()))?;
    let mut live = serde_json::Map::new();
    live.insert("running-total".to_owned(), total.into());
    for criterion in sheet.criteria.iter().filter(|c| c.in_parts) {
        live.insert(format!("mean-{}", criterion.key), criterion.points.clone().unwrap_or("–".to_owned()).into());
    }
    let told = json!({
        "version": version,
        "saved_at": show::iso(visit.app.now()),
        "errors": {},
        "warnings": [],
        "live": live,
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

/// The sheet a form describes.
pub fn typed(criteria: &[CriterionView], posted: &Posted) -> Sheet {
    let mut entries = Vec::new();
    for criterion in criteria {
        let abstained = posted
            .ticked(&format!("abstain-{}", criterion.key))
            .then(|| posted.text(&format!("reason-{}", criterion.key)).to_owned());
        for slot in &criterion.slots {
            entries.push(Entry {
                criterion: slot.key.clone(),
                points: posted.text(&format!("points-{}", slot.key)).to_owned(),
                comment: posted.text(&format!("comment-{}", slot.key)).to_owned(),
                abstained: abstained.clone().filter(|_| slot.key == criterion.key),
            });
        }
        if criterion.in_parts && abstained.is_some() {
            entries.push(Entry { criterion: criterion.key.clone(), abstained, ..Entry::default() });
        }
    }
    Sheet { entries, comment: posted.text("comment").to_owned(), private_note: posted.text("private_note").to_owned() }
}
