//! A list of pairs comes in.

use super::{here, plans};
use crate::{
    documents::sheet::read_table,
    evaluation::plans::{
        commands::{ApplyPairs, LookAtPairs},
        queries::{ImportOf, ImportView, ListedPair},
        rules::import::read,
    },
    kernel::{AppError, Result},
    web::{Answer, FieldErrors, Frame, Posted, Visit, keep},
};
use askama::Template;
use entity::types::ids::{CallId, PlanId};
use poem::{handler, web::Path};

#[derive(Template)]
#[template(path = "evaluation/plans/import.html")]
struct ImportPage {
    frame: Frame,
    errors: FieldErrors,
    view: ImportView,
    here: String,
}

impl ImportPage {
    async fn of(visit: &Visit, call: CallId, plan: PlanId, errors: FieldErrors) -> Result<Self> {
        let view = visit.ask(ImportOf { call, plan }).await?;
        let (up, list) = (here(call, plan), plans(call));
        let crumbs = [("Plans", list.as_str()), (view.name.as_str(), up.as_str())];
        Ok(Self { frame: visit.frame_below("Import pairs", &crumbs), errors, here: up, view })
    }

    /// What a list changes, kind by kind.
    fn groups(&self) -> Vec<(&'static str, &[ListedPair])> {
        let Some(looked) = &self.view.looked else { return Vec::new() };
        vec![("Added", &looked.added), ("Taken out", &looked.removed), ("Locked or unlocked", &looked.relocked)]
    }

    /// Whether what was looked at can be applied.
    fn applies(&self) -> bool {
        self.view.open
            && self.view.looked.as_ref().is_some_and(|looked| {
                looked.faults.is_empty()
                    && !(looked.added.is_empty() && looked.removed.is_empty() && looked.relocked.is_empty())
            })
    }
}

#[handler]
pub(super) async fn import_shown(visit: Visit, Path((call, plan)): Path<(CallId, PlanId)>) -> Answer {
    visit.page(&ImportPage::of(&visit, call, plan, FieldErrors::default()).await?)
}

#[handler]
pub(super) async fn import_posted(visit: Visit, posted: Posted, Path((call, plan)): Path<(CallId, PlanId)>) -> Answer {
    visit.ask(ImportOf { call, plan }).await?;
    let looked = async {
        let upload = posted.file("list").ok_or_else(|| AppError::invalid("list", "Choose a CSV or Excel file"))?;
        let table = read_table(&upload.name, &upload.bytes).and_then(|table| read(&table));
        let list = table.map_err(|error| AppError::invalid("list", error.0))?;
        visit.run(&posted, LookAtPairs { call, plan, file: upload.name.clone(), list }).await
    };
    match looked.await {
        Ok(_) => visit.to(format!("{}/import", here(call, plan))),
        Err(error) => visit.again(&ImportPage::of(&visit, call, plan, keep(error)?).await?),
    }
}

#[handler]
pub(super) async fn apply_posted(visit: Visit, posted: Posted, Path((call, plan)): Path<(CallId, PlanId)>) -> Answer {
    match visit.run(&posted, ApplyPairs { call, plan, seen: posted.version() }).await {
        Ok(done) => {
            let told = format!("{} added, {} taken out, {} locks changed.", done.added, done.removed, done.relocked);
            visit.to_with(here(call, plan), &told)
        }
        Err(error) => visit.again(&ImportPage::of(&visit, call, plan, keep(error)?).await?),
    }
}
