//! Sheets as a form that is downloaded, filled in elsewhere and uploaded again.

use crate::{
    evaluation::scores::{
        commands::{SaveSheet, Sheet},
        queries::{FormOf, FormPlan, PlanOf},
        rules::form::{self, FormSheet, Wrong},
        table,
    },
    kernel::{AppError, Result},
    web::{Answer, FieldErrors, Frame, Pages, Posted, Visit, show},
};
use askama::Template;
use poem::handler;

pub fn routes(pages: Pages) -> Pages {
    pages
        .get("/sheets/offline", offline_shown)
        .get("/sheets/offline/form", form_downloaded)
        .post("/sheets/offline", form_uploaded)
        .post("/sheets/offline/apply", form_applied)
}

#[derive(Template)]
#[template(path = "evaluation/scores/offline.html")]
struct OfflinePage {
    frame: Frame,
    errors: FieldErrors,
    /// Sheets that can be written now.
    sheets: Vec<FormSheet>,
    /// What the uploaded form would do.
    plan: Option<FormPlan>,
    /// The form as text, so that applying it reads the same again.
    text: String,
}

async fn page(visit: &Visit) -> Result<OfflinePage> {
    let above = [("My assignments", "/assignments"), ("My score sheets", "/sheets")];
    Ok(OfflinePage {
        frame: visit.frame_below("Sheets without a connection", &above),
        errors: FieldErrors::default(),
        sheets: visit.ask(FormOf(None)).await?,
        plan: None,
        text: String::new(),
    })
}

#[handler]
async fn offline_shown(visit: Visit) -> Answer {
    visit.page(&page(&visit).await?)
}

#[handler]
async fn form_downloaded(visit: Visit) -> Answer {
    let only = match visit.query("sheet") {
        Some(id) => Some(id.parse().map_err(|_| AppError::NotFound)?),
        None => None,
    };
    let sheets = visit.ask(FormOf(only)).await?;
    if sheets.is_empty() {
        return Err(AppError::NotFound.into());
    }
    let stem = format!("score sheets {}", visit.app.now().format("%Y-%m-%d"));
    if visit.query("as").as_deref() == Some("xlsx") {
        let media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        let bytes = table::sheet(&sheets).to_xlsx("Score sheets", visit.app.now());
        let bytes = bytes.map_err(|e| AppError::refused("export_failed", e.to_string()))?;
        return visit.download(&format!("{stem}.xlsx"), media, bytes);
    }
    visit.download(&format!("{stem}.txt"), "text/plain; charset=utf-8", form::write(&sheets).into_bytes())
}

/// Reads what came: a workbook by its first bytes, everything else as text.
fn read(name: &str, bytes: &[u8]) -> std::result::Result<Vec<FormSheet>, Vec<Wrong>> {
    if bytes.starts_with(b"PK") || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return table::read(name, bytes);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => form::read(text),
        Err(_) => Err(vec![Wrong::new(1, "This is neither a text in UTF-8 nor a workbook. Save it as one of them")]),
    }
}

#[handler]
async fn form_uploaded(visit: Visit, posted: Posted) -> Answer {
    let mut page = page(&visit).await?;
    let Some(file) = posted.file("form").filter(|file| !file.bytes.is_empty()) else {
        page.errors = FieldErrors::one("form", "Choose the file you filled in");
        return visit.again(&page);
    };
    match read(&file.name, &file.bytes) {
        Ok(sheets) => {
            page.text = form::write(&sheets);
            planned(&visit, page, sheets).await
        }
        Err(wrong) => {
            page.plan = Some(FormPlan { wrong, ..FormPlan::default() });
            visit.again(&page)
        }
    }
}

/// Shows what a form would change.
async fn planned(visit: &Visit, mut page: OfflinePage, sheets: Vec<FormSheet>) -> Answer {
    let plan = visit.ask(PlanOf(sheets)).await?;
    let good = plan.wrong.is_empty();
    page.plan = Some(plan);
    if good { visit.page(&page) } else { visit.again(&page) }
}

/// Applies a form that was shown. Each sheet is saved under the version the form was made from, so that whatever was
/// changed meanwhile stays.
#[handler]
async fn form_applied(visit: Visit, posted: Posted) -> Answer {
    let mut page = page(&visit).await?;
    let sheets = match form::read(posted.text("form")) {
        Ok(sheets) => sheets,
        Err(wrong) => {
            page.plan = Some(FormPlan { wrong, ..FormPlan::default() });
            return visit.again(&page);
        }
    };
    let plan = visit.ask(PlanOf(sheets.clone())).await?;
    if !plan.wrong.is_empty() {
        page.text = form::write(&sheets);
        return planned(&visit, page, sheets).await;
    }
    let (mut saved, mut errors) = (0, FieldErrors::default());
    for sheet in plan.sheets {
        let save = SaveSheet { assignment: sheet.id, seen: sheet.version, sheet: Sheet::of_form(&sheet.merged) };
        match visit.app.run(&visit.actor, save).await {
            Ok(_) => saved += 1,
            Err(AppError::Invalid(why)) => {
                for (_, message) in why.list() {
                    errors.add("", format!("{} was not saved. {message}", sheet.title));
                }
            }
            Err(error) => errors.add("", format!("{} was not saved. {error}", sheet.title)),
        }
    }
    if errors.is_empty() {
        let saved = show::count(saved, "sheet", "sheets");
        return visit.to_with("/sheets", &format!("{saved} saved from the form. Nothing is submitted yet."));
    }
    page.errors = errors;
    visit.again(&page)
}
