//! The screen of indicators.

use super::queries::{KpiBoard, KpiLine, KpisOf};
use crate::{
    reporting::reports::rules::figure,
    web::{
        Answer, Frame, Pages, Visit,
        chart::{self, Bar, Chart},
    },
};
use askama::Template;
use entity::types::{ids::CallId, terms::KpiUnit};
use poem::{handler, web::Path};

pub fn routes(pages: Pages) -> Pages {
    pages.get("/staff/calls/:call/kpis", kpis)
}

#[derive(Template)]
#[template(path = "reporting/kpis/board.html")]
struct BoardPage {
    frame: Frame,
    board: KpiBoard,
    charts: Vec<Chart>,
}

impl BoardPage {
    fn figure(&self, line: &KpiLine, value: &i64) -> String {
        figure(line.unit, *value, self.board.currency)
    }
}

#[handler]
async fn kpis(visit: Visit, Path(call): Path<CallId>) -> Answer {
    let board = visit.ask(KpisOf(call)).await?;
    let above = format!("/staff/calls/{call}");
    let frame = visit.frame_below("Indicators", &[("Staff", "/staff"), (&board.code, &above)]);
    // Units are not drawn on one axis.
    let money = format!("Money, in {}", board.currency);
    let charts = [(KpiUnit::Count, "Counts"), (KpiUnit::Percent, "Percentages"), (KpiUnit::Money, &money)]
        .into_iter()
        .filter_map(|(unit, title)| drawn(&board.lines, unit, title))
        .collect();
    visit.page(&BoardPage { frame, board, charts })
}

fn drawn(lines: &[KpiLine], unit: KpiUnit, title: &str) -> Option<Chart> {
    let bars: Vec<Bar> = lines
        .iter()
        .filter(|line| line.unit == unit)
        .filter_map(|line| Some(Bar::new(&line.label, line.target?).second(line.reached.unwrap_or(0))))
        .collect();
    let description = "What awarded parts promised, beside the latest readings they handed in.";
    (!bars.is_empty()).then(|| chart::bars(title, description, &["Target", "Reached"], &bars, None))
}
