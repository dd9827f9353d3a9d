//! One scenario.

use super::{here, scenarios};
use crate::{
    allocation::{
        commands::{CancelSearch, ComputeScenario, SetAsideScenario},
        print,
        queries::{
            AgencyView, Cell as MatrixCell, Curve, CurvePoint, InputOf, MatrixRow, MayPlan, PartView, ProgressOf,
            ScenarioOf, ScenarioSheet,
        },
        rules::{
            Fate, Goal,
            words::{tie_rule, times},
        },
    },
    documents::sheet::Cell,
    kernel::{AppError, Permission, Result, Subject, error::Denial, paging::Paging},
    web::{
        Answer, FieldErrors, Frame, Posted, Visit,
        chart::{self, Along, Budget, Chart, Mark},
        frame::Pager,
        keep,
        list::{Exported, Format, export},
        show,
    },
};
use askama::Template;
use chrono::{DateTime, Utc};
use entity::types::{
    decimal,
    ids::{CallId, ScenarioId},
    states::{JobState, ScenarioState},
};
use poem::{handler, http::StatusCode, web::Path};
use serde_json::json;

/// Everything at once, for exports and minutes.
const WHOLE: Paging = Paging { page: 1, size: 100_000 };
/// The most changes told one by one.
const TOLD: usize = 12;

#[derive(Template)]
#[template(path = "allocation/scenario.html")]
struct ScenarioPage {
    frame: Frame,
    errors: FieldErrors,
    sheet: ScenarioSheet,
    here: String,
    pager: Pager,
    budgets: Option<Chart>,
    curves: Vec<Chart>,
    aside_reason: String,
}

impl ScenarioPage {
    async fn of(visit: &Visit, call: CallId, scenario: ScenarioId) -> Result<Self> {
        let (page, size) = (visit.query("page"), visit.query("size"));
        let paging = Paging::from_text(page.as_deref(), size.as_deref());
        let sheet = visit.ask(ScenarioOf { call, scenario, paging }).await?;
        let (above, up, here) = (format!("/staff/calls/{call}"), scenarios(call), here(call, scenario));
        let crumbs = [("Staff", "/staff"), (sheet.call_code.as_str(), above.as_str()), ("Scenarios", up.as_str())];
        let address = |page: u64| format!("{here}?page={page}&size={}#matrix", paging.size);
        Ok(Self {
            frame: visit.frame_below(sheet.name.clone(), &crumbs),
            errors: FieldErrors::default(),
            pager: Pager::new(paging.page, paging.size, sheet.rows.total, address),
            budgets: budgets(&sheet.agencies),
            curves: sheet.curves.iter().map(curve).collect(),
            aside_reason: String::new(),
            here,
            sheet,
        })
    }

    fn when(&self, at: &DateTime<Utc>) -> String {
        show::instant(at, self.sheet.zone)
    }

    fn is(&self, state: &str) -> bool {
        self.sheet.state.word() == state
    }

    /// What scenarios are compared by.
    fn numbers(&self) -> Vec<(&'static str, String)> {
        let Some(figures) = &self.sheet.figures else { return Vec::new() };
        let mut numbers = vec![
            ("Funded", format!("{} of {}", figures.funded, figures.of)),
            ("Granted", figures.granted.to_string()),
            ("Sum of scores", decimal::plain(figures.score, 2)),
            ("Passed over", figures.passed_over.to_string()),
        ];
        if let Some(pot) = &self.sheet.pot {
            numbers.push(("Left in the pot", format!("{} of {}", pot.left, pot.money)));
        }
        if let Some((money, left)) = &self.sheet.top_up {
            numbers.push(("Left of the top-up", format!("{left} of {money}")));
        }
        numbers
    }

    /// How good an optimum is, in words.
    fn proof(&self) -> Option<String> {
        let proof = self.sheet.proof.as_ref()?;
        let goal = self.sheet.settings.goal;
        let said = |value: i64| match goal {
            Goal::Score => format!("{} points", decimal::plain(value, 2)),
            Goal::Number => show::count(value, "proposal", "proposals"),
        };
        Some(match proof.gap() {
            0 => {
                format!("Proved: no choice of whole proposals within all budgets has more than {}.", said(proof.value))
            }
            gap => format!(
                "Not proved to be the best within the time: a better choice could have at most {} more, {} in all.",
                said(gap),
                said(proof.bound)
            ),
        })
    }

    /// Where an optimum is short of money.
    fn hints(&self) -> Vec<String> {
        let goal = self.sheet.settings.goal;
        let hint = |(agency, hint): &(String, i64)| {
            // Thousandths of a hundredth of a point, or of a proposal.
            let worth = match goal {
                Goal::Score => format!("{} points", decimal::plain(*hint, 5)),
                Goal::Number => format!("{} proposals", decimal::plain(*hint, 3)),
            };
            format!("{agency}: 1\u{a0}000 more would be worth {worth} at most, were proposals divisible")
        };
        self.sheet.hints.iter().map(hint).collect()
    }

    fn changes(&self) -> (&[String], usize) {
        let all = &self.sheet.changes;
        (&all[..all.len().min(TOLD)], all.len().saturating_sub(TOLD))
    }

    fn times(&self, agency: &AgencyView) -> String {
        agency.subscribed.map(times).unwrap_or_default()
    }

    /// Whether an agency runs dry: more is asked than it has.
    fn dry(&self, agency: &AgencyView) -> bool {
        agency.asked.minor > agency.budget.minor
    }

    fn tie_rule(&self) -> String {
        tie_rule()
    }

    fn stuck(&self) -> bool {
        self.sheet.run.is_some_and(|run| run.state == JobState::Failed)
    }

    /// What somebody reads of a cell besides the amounts.
    fn pot_part(&self, cell: &MatrixCell) -> bool {
        cell.iter().any(|part| part.filled.minor > 0)
    }

    /// The colour of a cell; the words in it say the same.
    fn cell_tone(&self, cell: &MatrixCell) -> Option<&'static str> {
        let parts = || cell.iter().filter(|part| part.asked.minor > 0);
        parts().next()?;
        if parts().any(|part| part.fate == Fate::Lacking || part.fate == Fate::Dropped) {
            return Some("danger");
        }
        let whole = |part: &PartView| part.fate == Fate::Granted || part.fate == Fate::Signed;
        Some(match parts().all(|part| part.fate.pays()) {
            true if parts().all(whole) => "success",
            true => "info",
            false => "warning",
        })
    }

    /// Whether an adopted scenario still counts.
    fn counts(&self) -> bool {
        self.sheet.ranking_state.word() == "fixed"
    }

    /// Whether it may be adopted as far as its kind goes; the last look says the rest.
    fn adoptable(&self) -> bool {
        let kept = self.is("computed") && !self.sheet.out_of_date && self.sheet.proof.is_none();
        self.sheet.may_adopt && kept && !self.sheet.settings.is_what_if()
    }
}

fn budgets(agencies: &[AgencyView]) -> Option<Chart> {
    let paying = agencies.iter().filter(|one| one.budget.minor > 0);
    let rows: Vec<Budget> = paying
        .map(|one| Budget {
            label: one.name.clone(),
            available: one.budget.into(),
            asked: one.asked.into(),
            granted: one.granted.into(),
            left: one.left.to_string(),
        })
        .collect();
    let desc = "What is asked of each agency and what it grants, measured by its own budget.";
    (!rows.is_empty()).then(|| chart::budgets("Budgets of the agencies", desc, &rows))
}

/// Running sums down the ranking against the budget.
fn curve(one: &Curve) -> Chart {
    let step = |point: &CurvePoint| Along {
        label: point.label.clone(),
        values: vec![point.asked.into(), point.granted.into()],
    };
    let steps: Vec<Along> = one.points.iter().map(step).collect();
    chart::running(
        &format!("Budget curve of {}", one.agency),
        "What is asked and granted in all, proposal by proposal down the ranking.",
        "Proposal",
        &["Asked", "Granted"],
        &steps,
        &Mark::new("Budget", one.budget),
    )
}

/// A part in the file.
struct Line {
    row: MatrixRow,
    at: usize,
}

impl Exported for Line {
    fn columns() -> Vec<&'static str> {
        vec![
            "Place",
            "Proposal",
            "Title",
            "Outcome",
            "Organisation",
            "Agency",
            "Currency",
            "Asked",
            "Granted",
            "From the pot",
            "Part",
            "Lacking",
            "Top-up",
            "Why here",
        ]
    }

    fn cells(&self) -> Vec<Cell> {
        let row = &self.row;
        let mut cells = vec![
            Cell::number(row.rank),
            Cell::text(&row.code),
            Cell::text(&row.title),
            Cell::text(row.verdict.label()),
        ];
        match row.cells.iter().flatten().nth(self.at) {
            Some(part) => cells.extend([
                Cell::text(&part.organisation),
                Cell::text(&part.agency),
                Cell::text(part.asked.currency.code()),
                Cell::number(part.asked.amount()),
                Cell::number(part.granted.amount()),
                Cell::number(part.filled.amount()),
                Cell::text(part.fate.label()),
            ]),
            None => cells.extend((0..7).map(|_| Cell::Empty)),
        }
        cells.push(Cell::from(row.short_of().as_str()));
        cells.push(row.top_up.map_or(Cell::Empty, |money| Cell::number(money.amount())));
        cells.push(Cell::from(row.tie.as_deref().unwrap_or_default()));
        cells
    }
}

fn lines(sheet: &ScenarioSheet) -> Vec<Line> {
    let of = |row: &MatrixRow| {
        let parts = row.cells.iter().flatten().count().max(1);
        let row = row.clone();
        (0..parts).map(move |at| Line { row: row.clone(), at }).collect::<Vec<_>>()
    };
    sheet.rows.rows.iter().flat_map(of).collect()
}

#[handler]
pub(super) async fn scenario_shown(visit: Visit, Path((call, scenario)): Path<(CallId, ScenarioId)>) -> Answer {
    if let Some(format) = Format::asked(&visit) {
        let sheet = visit.ask(ScenarioOf { call, scenario, paging: WHOLE }).await?;
        return export(&visit, Subject::Call(call), format, &sheet.name, &lines(&sheet)).await;
    }
    let asked = visit.query("export");
    if let Some(kind @ ("pdf" | "json" | "input")) = asked.as_deref() {
        let sheet = visit.ask(ScenarioOf { call, scenario, paging: WHOLE }).await?;
        if !visit.app.may(&visit.actor, Permission::ExportLists, Subject::Call(call)).await? {
            return Err(AppError::Denied(Denial::Role).into());
        }
        let name = format!("{} of {}", sheet.name, sheet.call_code);
        return match kind {
            "pdf" => {
                let pdf = print::pdf(&sheet, visit.app.now()).await?;
                visit.download(&format!("{name}.pdf"), "application/pdf", pdf)
            }
            "json" => {
                let signed = sheet.minutes.ok_or(AppError::NotFound)?;
                visit.download(&format!("{name}, minutes.json"), "application/json", signed.into_bytes())
            }
            _ => {
                let (_, input) = visit.ask(InputOf { call, scenario }).await?;
                visit.download(&format!("{name}, input.json"), "application/json", input.into_bytes())
            }
        };
    }
    let page = ScenarioPage::of(&visit, call, scenario).await?;
    visit.page(&page)
}

/// What the script asks for while an optimum is searched.
#[handler]
pub(super) async fn progress(visit: Visit, Path((call, scenario)): Path<(CallId, ScenarioId)>) -> Answer {
    let now = visit.ask(ProgressOf { call, scenario }).await?;
    let (done, total) = now.run.map_or((1, 1), |run| (run.done, run.total));
    let state = match now.state {
        ScenarioState::Computing => now.run.map_or(JobState::Queued, |run| run.state),
        _ => JobState::Done,
    };
    let body = json!({ "done": done, "total": total, "state": state.word(), "href": here(call, scenario) });
    visit.json(StatusCode::OK, &body)
}

#[handler]
pub(super) async fn scenario_posted(
    visit: Visit,
    posted: Posted,
    Path((call, scenario)): Path<(CallId, ScenarioId)>,
) -> Answer {
    visit.ask(MayPlan(call)).await?;
    let reason = posted.text("aside_reason").to_owned();
    match act(&visit, &posted, call, scenario, reason.clone()).await {
        Ok(done) => visit.to_with(here(call, scenario), done),
        Err(error) => {
            let errors = keep(error)?;
            let page = ScenarioPage { errors, aside_reason: reason, ..ScenarioPage::of(&visit, call, scenario).await? };
            visit.again(&page)
        }
    }
}

/// Does what a button of the page says; gives what to tell.
async fn act(
    visit: &Visit,
    posted: &Posted,
    call: CallId,
    scenario: ScenarioId,
    reason: String,
) -> Result<&'static str> {
    let seen = posted.version();
    Ok(match posted.text("action") {
        "compute" => {
            visit.run(posted, ComputeScenario { call, scenario, seen }).await?;
            "The scenario is computed from the ranking and the parts as they are now."
        }
        "cancel" => {
            visit.run(posted, CancelSearch { call, scenario }).await?;
            "The search was stopped."
        }
        "aside" => {
            visit.run(posted, SetAsideScenario { call, scenario, seen, reason }).await?;
            "The scenario is set aside; it stays readable."
        }
        _ => return Err(AppError::refused("unknown_action", "Press one of the buttons of the page.")),
    })
}
