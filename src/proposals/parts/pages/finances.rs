//! The finances of all partners side by side.

use super::super::queries::{Finances, FinancesOf};
use crate::{
    proposals::drafts::pages::id,
    web::{Answer, Frame, Visit},
};
use askama::Template;
use entity::types::states::{AnnexClass, FundingSource};
use poem::{handler, web::Path};

#[derive(Template)]
#[template(path = "proposals/parts/finances.html")]
struct FinancesPage {
    frame: Frame,
    view: Finances,
    sources: Vec<&'static str>,
}

#[handler]
pub async fn finances(visit: Visit, Path(proposal): Path<String>) -> Answer {
    let view = visit.ask(FinancesOf(id(&proposal)?)).await?;
    let name = format!("{} {}", view.head.code, view.head.acronym);
    let crumbs = [("My proposals", "/proposals"), (name.as_str(), &format!("/proposals/{}", view.head.id))];
    visit.page(&FinancesPage {
        frame: visit.frame_below("Finances side by side", &crumbs),
        sources: FundingSource::ALL.iter().map(|s| s.label()).collect(),
        view,
    })
}
