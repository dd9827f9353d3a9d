//! The screen of a call's figures.

use super::{
    queries::FiguresOf,
    rules::{AgencyFigures, CallFigures},
};
use crate::{
    calls::archive::queries::CodeOf,
    kernel::{Permission, Subject},
    web::{
        Answer, Frame, Pages, Visit,
        chart::{self, Budget, Chart},
    },
};
use askama::Template;
use entity::types::{ids::CallId, money::Money};
use poem::{handler, web::Path};

pub fn routes(pages: Pages) -> Pages {
    pages.get("/staff/calls/:call/figures", figures_page)
}

#[derive(Template)]
#[template(path = "calls/figures/figures.html")]
struct FiguresPage {
    frame: Frame,
    figures: CallFigures,
    chart: Chart,
    /// Where everybody with a draft is reminded, for those who may now.
    remind: Option<String>,
}

#[handler]
async fn figures_page(visit: Visit, Path(call): Path<CallId>) -> Answer {
    let figures = visit.ask(FiguresOf(call)).await?;
    let code = visit.ask(CodeOf(call)).await?;
    let home = format!("/staff/calls/{call}");
    let open = figures.parts_drafted() > 0;
    let may = open && visit.app.may(&visit.actor, Permission::AdvanceCall, Subject::Call(call)).await?;
    visit.page(&FiguresPage {
        remind: may.then(|| format!("/staff/calls/{call}/drafts/remind")),
        frame: visit.frame_below(format!("Figures of {code}"), &[("Calls", "/staff/calls"), (&code, &home)]),
        chart: budgets(&figures),
        figures,
    })
}

/// What is asked of each budget: submitted parts as the first bar, with drafts as the second.
fn budgets(figures: &CallFigures) -> Chart {
    let row = |agency: &AgencyFigures| {
        let budget = agency.budget?;
        let both = Money::new(agency.asked.minor + agency.drafted.minor, budget.currency);
        let left = Money::new(budget.minor - agency.asked.minor, budget.currency);
        Some(Budget {
            label: agency.name.clone(),
            available: budget.into(),
            asked: both.into(),
            granted: agency.asked.into(),
            left: if left.minor < 0 {
                format!("{} more than there is", Money::new(-left.minor, left.currency))
            } else {
                format!("{left} not asked for")
            },
        })
    };
    let rows: Vec<Budget> = figures.agencies.iter().filter_map(row).collect();
    chart::demand("What the agencies are asked for", "Each row is measured by its own budget.", &rows)
}
