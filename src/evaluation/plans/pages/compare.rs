//! Plans side by side.

use super::plans;
use crate::{
    evaluation::plans::{
        queries::{Compared, Comparison, ComparisonOf, PlansOf},
        rules::figures::points,
    },
    kernel::{AppError, paging::Paging},
    web::{
        Answer, Frame, Visit,
        chart::{self, Chart, HeatRow, Value},
        frame::Pager,
        show,
    },
};
use askama::Template;
use entity::types::ids::{CallId, PlanId};
use poem::{handler, web::Path};

#[derive(Template)]
#[template(path = "evaluation/plans/compare.html")]
struct ComparePage {
    frame: Frame,
    found: Comparison,
    curve: Chart,
    pager: Pager,
}

impl ComparePage {
    /// The figures row by row: what it is, and its value in each plan; the best of a row is marked.
    fn rows(&self) -> Vec<(&'static str, Vec<(String, bool)>)> {
        let plans = &self.found.plans;
        let most = |of: fn(&Compared) -> i64| -> Vec<(String, bool)> {
            let best = plans.iter().map(of).max();
            plans.iter().map(|plan| (points(of(plan)), Some(of(plan)) == best)).collect()
        };
        let least = |of: fn(&Compared) -> usize| -> Vec<(String, bool)> {
            let best = plans.iter().map(of).min();
            plans.iter().map(|plan| (of(plan).to_string(), Some(of(plan)) == best)).collect()
        };
        let plain = |of: &dyn Fn(&Compared) -> String| -> Vec<(String, bool)> {
            plans.iter().map(|plan| (of(plan), false)).collect()
        };
        vec![
            ("Pairs", plain(&|plan| plan.pairs.to_string())),
            ("Total affinity", most(|plan| plan.figures.total)),
            ("Worst-served proposal", most(|plan| plan.figures.worst)),
            ("Tenth percentile", most(|plan| plan.figures.tenth_percentile)),
            ("Mean of the worst tenth", most(|plan| plan.figures.worst_tenth)),
            ("Unmet wishes", least(|plan| plan.figures.unmet_wishes)),
            ("Not covered", least(|plan| plan.uncovered)),
            ("Greatest load", least(|plan| plan.figures.loads.len().saturating_sub(1))),
            ("Pairs not in all of these plans", plain(&|plan| plan.differing.to_string())),
            ("Aim", plain(&|plan| plan.settings.objective.label().to_owned())),
            ("Evaluators per proposal", plain(&|plan| plan.settings.per_proposal.to_string())),
            ("Load", plain(&|plan| format!("{} to {}", plan.settings.least, plan.settings.most))),
        ]
    }

    fn points(&self, millionths: &i64) -> String {
        points(*millionths)
    }
}

/// How many evaluators have each load, plan by plan.
fn curve(found: &Comparison) -> Chart {
    let names: Vec<&str> = found.plans.iter().map(|plan| plan.name.as_str()).collect();
    let longest = found.plans.iter().map(|plan| plan.figures.loads.len()).max().unwrap_or(0);
    let most = found.plans.iter().flat_map(|plan| &plan.figures.loads).max().copied().unwrap_or(1).max(1);
    let cell = |plan: &Compared, load: usize| {
        let n = plan.figures.loads.get(load).copied().unwrap_or(0);
        (n > 0).then(|| Value::new(n as f64, n.to_string()))
    };
    let rows: Vec<HeatRow> = (0..longest)
        .map(|load| HeatRow {
            label: show::count(load as i64, "proposal", "proposals"),
            cells: found.plans.iter().map(|plan| cell(plan, load)).collect(),
        })
        .collect();
    let desc = "How many evaluators have each number of proposals, plan by plan; darker is more.";
    chart::matrix("Load curve", desc, "Load", &names, &rows, (0.0, most as f64))
}

#[handler]
pub(super) async fn compare_shown(visit: Visit, Path(call): Path<CallId>) -> Answer {
    let chosen = visit.queries().into_iter().filter(|(name, _)| name == "plan");
    let chosen: Vec<PlanId> = chosen.filter_map(|(_, id)| id.parse().ok()).collect();
    let (page, size) = (visit.query("page"), visit.query("size"));
    let paging = Paging::from_text(page.as_deref(), size.as_deref());
    let found = match visit.ask(ComparisonOf { call, plans: chosen, paging }).await {
        Ok(found) => found,
        Err(error @ AppError::Invalid(_)) => {
            // Whoever may not see plans is told so, and not what to tick.
            visit.ask(PlansOf(call)).await?;
            visit.leave_error(&crate::web::keep(error)?);
            return visit.to(plans(call));
        }
        Err(error) => return Err(error.into()),
    };
    let ids: Vec<String> = found.plans.iter().map(|plan| format!("plan={}", plan.id)).collect();
    let address = |page: u64| format!("{}/compare?{}&page={page}&size={}", plans(call), ids.join("&"), paging.size);
    let (above, up) = (format!("/staff/calls/{call}"), plans(call));
    let crumbs = [("Staff", "/staff"), (found.call_code.as_str(), above.as_str()), ("Plans", up.as_str())];
    visit.page(&ComparePage {
        frame: visit.frame_below("Plans side by side", &crumbs),
        curve: curve(&found),
        pager: Pager::new(paging.page, paging.size, found.differences.total, address),
        found,
    })
}
