//! Scenarios side by side.

use super::scenarios;
use crate::{
    allocation::{
        queries::{AgencyView, Compared, Comparison, ComparisonOf, ScenariosOf},
        rules::{Verdict, words::times},
    },
    kernel::AppError,
    web::{Answer, Frame, Visit, show},
};
use askama::Template;
use entity::types::{
    decimal,
    ids::{CallId, ScenarioId},
    money::Money,
};
use poem::{handler, web::Path};

/// A verdict with the amounts that were granted.
type Verdicts = Option<(Verdict, Vec<Money>)>;

#[derive(Template)]
#[template(path = "allocation/compare.html")]
struct ComparePage {
    frame: Frame,
    found: Comparison,
}

/// A figure of every scenario, and whether it is the greatest.
type Row = (&'static str, Vec<(String, bool)>);

impl ComparePage {
    /// What scenarios are compared by; the best of a row is marked where more is better.
    fn rows(&self) -> Vec<Row> {
        let all = &self.found.scenarios;
        let best = |key: &dyn Fn(&Compared) -> i64| all.iter().map(key).max().unwrap_or_default();
        let row = |label, key: &dyn Fn(&Compared) -> i64, said: &dyn Fn(&Compared) -> String, marks: bool| {
            let most = best(key);
            (label, all.iter().map(|one| (said(one), marks && key(one) == most)).collect())
        };
        let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        vec![
            row(
                "Funded",
                &|one| number(one.figures.funded),
                &|one| format!("{} of {}", one.figures.funded, one.figures.of),
                true,
            ),
            row("Sum of scores", &|one| one.figures.score, &|one| decimal::plain(one.figures.score, 2), true),
            row("Granted", &|one| one.figures.granted.minor, &|one| one.figures.granted.to_string(), true),
            row(
                "Passed over",
                &|one| -number(one.figures.passed_over),
                &|one| one.figures.passed_over.to_string(),
                true,
            ),
        ]
    }

    /// Every agency with what it grants and has left in each scenario.
    fn agencies(&self) -> Vec<(String, Vec<Option<AgencyView>>)> {
        let mut names: Vec<(_, String)> = Vec::new();
        for agency in self.found.scenarios.iter().flat_map(|one| &one.agencies) {
            if !names.iter().any(|(id, _)| *id == agency.id) {
                names.push((agency.id, agency.name.clone()));
            }
        }
        let of = |(id, name)| {
            let own = |one: &Compared| one.agencies.iter().find(|agency| agency.id == id).cloned();
            (name, self.found.scenarios.iter().map(own).collect())
        };
        names.into_iter().map(of).collect()
    }

    fn subscribed(&self, agency: &AgencyView) -> String {
        agency.subscribed.map(|share| format!("asked {} times", times(share))).unwrap_or_default()
    }

    fn differing(&self) -> String {
        let n = self.found.rows.iter().filter(|row| row.differs).count();
        show::count(i64::try_from(n).unwrap_or(i64::MAX), "proposal differs", "proposals differ")
    }

    fn paid(&self, verdict: &Verdicts) -> String {
        let Some((_, paid)) = verdict else { return String::new() };
        paid.iter().map(Money::to_string).collect::<Vec<_>>().join(", ")
    }
}

#[handler]
pub(super) async fn compare_shown(visit: Visit, Path(call): Path<CallId>) -> Answer {
    let chosen = visit.queries().into_iter().filter(|(name, _)| name == "scenario");
    let chosen: Vec<ScenarioId> = chosen.filter_map(|(_, id)| id.parse().ok()).collect();
    let found = match visit.ask(ComparisonOf { call, scenarios: chosen }).await {
        Ok(found) => found,
        Err(error @ AppError::Invalid(_)) => {
            // Whoever may not see scenarios is told so, and not what to tick.
            visit.ask(ScenariosOf(call)).await?;
            visit.leave_error(&crate::web::keep(error)?);
            return visit.to(scenarios(call));
        }
        Err(error) => return Err(error.into()),
    };
    let (above, up) = (format!("/staff/calls/{call}"), scenarios(call));
    let crumbs = [("Staff", "/staff"), (found.call_code.as_str(), above.as_str()), ("Scenarios", up.as_str())];
    visit.page(&ComparePage { frame: visit.frame_below("Scenarios side by side", &crumbs), found })
}
