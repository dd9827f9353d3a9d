//! The screens of lists: a file is chosen, looked at and applied.

use super::{
    commands::{ApplyImport, PlanImport},
    queries::{Import, ImportOf, MayImport},
    rules::{COLUMNS, read},
};
use crate::{
    documents::sheet::read_table,
    kernel::{AppError, Result},
    web::{Answer, FieldErrors, Frame, Pages, Posted, Visit, keep, show},
};
use askama::Template;
use entity::types::ids::EvaluatorImportId;
use poem::{handler, web::Path};

pub fn routes(pages: Pages) -> Pages {
    pages
        .get("/staff/evaluators/import", upload_shown)
        .post("/staff/evaluators/import", list_posted)
        .get("/staff/evaluators/imports/:list", plan_shown)
        .post("/staff/evaluators/imports/:list/apply", apply_posted)
}

const ABOVE: [(&str, &str); 2] = [("Staff", "/staff"), ("Evaluators", "/staff/evaluators")];

#[derive(Template)]
#[template(path = "evaluation/imports/upload.html")]
struct UploadPage {
    frame: Frame,
    errors: FieldErrors,
    columns: String,
}

impl UploadPage {
    fn of(visit: &Visit, errors: FieldErrors) -> Self {
        let columns = COLUMNS.map(|(name, _)| name).join(", ");
        Self { frame: visit.frame_below("Import a list of evaluators", &ABOVE), errors, columns }
    }
}

#[handler]
async fn upload_shown(visit: Visit) -> Answer {
    visit.ask(MayImport).await?;
    visit.page(&UploadPage::of(&visit, FieldErrors::default()))
}

#[handler]
async fn list_posted(visit: Visit, posted: Posted) -> Answer {
    visit.ask(MayImport).await?;
    let planned = async {
        let upload = posted.file("list").ok_or_else(|| AppError::invalid("list", "Choose a CSV or Excel file"))?;
        let table = read_table(&upload.name, &upload.bytes).and_then(|table| read(&table));
        let list = table.map_err(|error| AppError::invalid("list", error.0))?;
        visit.run(&posted, PlanImport { file: upload.name.clone(), list }).await
    };
    match planned.await {
        Ok(import) => visit.to(format!("/staff/evaluators/imports/{import}")),
        Err(error) => visit.again(&UploadPage::of(&visit, keep(error)?)),
    }
}

#[derive(Template)]
#[template(path = "evaluation/imports/plan.html")]
struct PlanPage {
    frame: Frame,
    errors: FieldErrors,
    import: Import,
    /// Whether the plan can still be applied.
    open: bool,
}

impl PlanPage {
    async fn of(visit: &Visit, id: EvaluatorImportId, errors: FieldErrors) -> Result<Self> {
        let import = visit.ask(ImportOf(id)).await?;
        let title = if import.applied { "What the list changed" } else { "What the list would change" };
        let open = !import.applied && import.expires_at > visit.app.now() && import.plan.changes_something();
        Ok(Self { frame: visit.frame_below(title, &ABOVE), errors, import, open })
    }

    /// What applying does, in numbers.
    fn sums(&self) -> String {
        let (invited, changed) = (self.import.plan.invited() as i64, self.import.plan.changed() as i64);
        format!(
            "{} an invitation to the pool, {}.",
            show::count(invited, "person gets", "people get"),
            show::count(changed, "profile changes", "profiles change")
        )
    }
}

#[handler]
async fn plan_shown(visit: Visit, Path(list): Path<EvaluatorImportId>) -> Answer {
    visit.page(&PlanPage::of(&visit, list, FieldErrors::default()).await?)
}

#[handler]
async fn apply_posted(visit: Visit, posted: Posted, Path(list): Path<EvaluatorImportId>) -> Answer {
    match visit.run(&posted, ApplyImport(list)).await {
        Ok(done) => {
            let told = format!("{} invited, {} profiles changed.", done.invited, done.changed);
            // Rows that were left out stay before the eyes of whoever has to mend them.
            let to = match done.left_out {
                0 => "/staff/evaluators".to_owned(),
                _ => format!("/staff/evaluators/imports/{list}"),
            };
            visit.to_with(to, &told)
        }
        Err(error) => visit.again(&PlanPage::of(&visit, list, keep(error)?).await?),
    }
}
