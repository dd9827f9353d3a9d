//! One plan.

use super::{here, plans};
use crate::{
    documents::sheet::Cell,
    evaluation::plans::{
        commands::{AddPair, CancelPlan, CopyPlan, LockPair, OrderPlan, RemovePair},
        queries::{LIST_SORTS, MayPlan, NextView, PairLine, PlanOf, PlanSheet, ProgressOf},
        rules::{
            figures::points,
            import::COLUMNS,
            settings::{percent, term_name},
        },
    },
    kernel::{AppError, Result, Subject},
    lists::views,
    web::{
        Answer, Choice, FieldErrors, Frame, Posted, Visit,
        chart::{Bar, Chart, bars},
        keep,
        list::{Exported, Format, ListShape, ListView, export, words},
        show,
    },
};
use askama::Template;
use chrono::{DateTime, Utc};
use entity::types::{
    ids::{CallId, PlanId},
    states::{JobState, PairOrigin, PlanState},
};
use poem::{handler, http::StatusCode, web::Path};
use serde_json::json;

/// The pairs of a plan.
pub const LIST: ListShape = ListShape {
    key: "plan_pairs",
    sorts: LIST_SORTS,
    descending: false,
    filters: &["evaluator", "origin", "lock", "left"],
};

/// The most bars of a chart of people; of more people the load curve tells enough.
const BARS: usize = 60;
/// The most unmet wishes and gaps told one by one.
const TOLD: usize = 20;

#[derive(Template)]
#[template(path = "evaluation/plans/plan.html")]
struct PlanPage {
    frame: Frame,
    errors: FieldErrors,
    sheet: PlanSheet,
    list: ListView,
    here: String,
    chart: Option<Chart>,
    proposal: String,
    evaluator: String,
    copy_name: String,
}

impl PlanPage {
    async fn of(visit: &Visit, call: CallId, plan: PlanId) -> Result<Self> {
        let request = LIST.request(visit);
        let sheet = visit.ask(PlanOf { call, plan, list: request.clone() }).await?;
        let list = LIST
            .view(visit, &request, sheet.pairs.total)
            .search("Number, title or evaluator")
            .select("evaluator", "Evaluator", words(sheet.evaluators.iter().map(|(id, name)| (id.to_string(), name))))
            .select("origin", "Comes from", words(PairOrigin::ALL.iter().map(|one| (one.word(), one.label()))))
            .select("lock", "Lock", words([("locked", "Locked"), ("free", "Free")]))
            .preset("Left out", "left=out")
            .exports()
            .views(views::pages::own(visit, LIST.key).await?);
        let (above, up) = (format!("/staff/calls/{call}"), plans(call));
        let crumbs = [("Staff", "/staff"), (sheet.call_code.as_str(), above.as_str()), ("Plans", up.as_str())];
        Ok(Self {
            frame: visit.frame_below(sheet.name.clone(), &crumbs),
            errors: FieldErrors::default(),
            chart: chart(&sheet),
            here: here(call, plan),
            proposal: String::new(),
            evaluator: String::new(),
            copy_name: String::new(),
            list,
            sheet,
        })
    }

    fn when(&self, at: &DateTime<Utc>) -> String {
        show::instant(at, self.sheet.zone)
    }

    /// What drafts are compared by.
    fn numbers(&self) -> Vec<(&'static str, String)> {
        let figures = &self.sheet.figures;
        vec![
            ("Pairs", self.sheet.seen_pairs.to_string()),
            ("Total affinity", points(figures.total)),
            ("Worst-served proposal", points(figures.worst)),
            ("Tenth percentile", points(figures.tenth_percentile)),
            ("Unmet wishes", figures.unmet_wishes.to_string()),
            ("Not covered", self.sheet.uncovered.len().to_string()),
        ]
    }

    /// Terms of affinity with their shares.
    fn weights(&self) -> String {
        let all = crate::evaluation::affinity::rules::Term::ALL.into_iter().zip(self.sheet.settings.weights);
        let shown = all.filter(|(_, weight)| *weight > 0);
        shown
            .map(|(term, weight)| format!("{} {}\u{a0}%", term_name(term), percent(weight)))
            .collect::<Vec<_>>()
            .join(", ")
    }

    fn bonus(&self) -> String {
        points(i64::from(self.sheet.settings.bonus))
    }

    /// How good what was found is, in words.
    fn proof(&self) -> Option<String> {
        let proof = self.sheet.outcome.as_ref()?.proof.as_ref()?;
        let mut said = match proof.gap {
            0 => "No assignment within these settings has a greater total; this is proven.".to_owned(),
            gap => format!("A better assignment could gain at most {}; none was found.", points(gap)),
        };
        if let Some((floor, most)) = proof.floor {
            said.push_str(&match most - floor {
                0 => format!(" The worst-served proposal cannot be served better than {}.", points(floor)),
                _ => format!(
                    " The worst-served proposal has {}; more than {} is impossible.",
                    points(floor),
                    points(most)
                ),
            });
        }
        Some(said)
    }

    /// What a run changed in the draft before.
    fn changed(&self) -> Option<String> {
        let outcome = self.sheet.outcome.as_ref().filter(|outcome| outcome.again)?;
        Some(match (outcome.came, outcome.went) {
            (0, 0) => "The run changed no pair of the draft before.".to_owned(),
            (came, went) => format!(
                "Against the draft before, {} came and {} went.",
                show::count(came as i64, "pair", "pairs"),
                show::count(went as i64, "pair", "pairs")
            ),
        })
    }

    fn unmet(&self) -> (&[(String, String)], usize) {
        let all = &self.sheet.unmet;
        (&all[..all.len().min(TOLD)], all.len().saturating_sub(TOLD))
    }

    fn uncovered(&self) -> (&[(String, String)], usize) {
        let all = &self.sheet.uncovered;
        (&all[..all.len().min(TOLD)], all.len().saturating_sub(TOLD))
    }

    fn proposals(&self) -> Vec<Choice> {
        let all = self.sheet.proposals.iter();
        words(all.map(|(id, code, title)| (id.to_string(), format!("{code} {title}"))))
    }

    fn evaluators(&self) -> Vec<Choice> {
        words(self.sheet.evaluators.iter().map(|(id, name)| (id.to_string(), name.clone())))
    }

    fn is(&self, state: &str) -> bool {
        self.sheet.state.word() == state
    }

    /// Whether the job fell silent for good.
    fn stuck(&self) -> bool {
        self.sheet.run.is_some_and(|run| run.state == JobState::Failed)
    }

    /// What going without a pair costs, for the list.
    fn next(&self, line: &PairLine) -> String {
        match &line.next {
            Some(NextView::Costs { loss, least: None, .. }) => loss.clone(),
            Some(NextView::Costs { loss, least: Some(least), .. }) => format!("{least} to {loss}"),
            Some(NextView::Needed) => "cannot be replaced".to_owned(),
            Some(NextView::Unknown) => "not found".to_owned(),
            None => String::new(),
        }
    }
}

fn chart(sheet: &PlanSheet) -> Option<Chart> {
    if sheet.seen_pairs == 0 {
        return None;
    }
    if sheet.loads.len() > BARS {
        let curve = sheet.figures.loads.iter().enumerate();
        let rows: Vec<Bar> = curve
            .map(|(load, n)| {
                Bar::new(show::count(load as i64, "proposal", "proposals"), i64::try_from(*n).unwrap_or(0))
            })
            .collect();
        let desc = "How many evaluators have each number of proposals.";
        return Some(bars("Load", desc, &["Evaluators"], &rows, None));
    }
    let rows: Vec<Bar> =
        sheet.loads.iter().map(|(name, n)| Bar::new(name.clone(), i64::try_from(*n).unwrap_or(0))).collect();
    let desc = "How many proposals each evaluator has in this plan, whoever has most first.";
    Some(bars("Load of the evaluators", desc, &["Proposals"], &rows, None))
}

impl Exported for PairLine {
    fn columns() -> Vec<&'static str> {
        COLUMNS.map(|(name, _)| name).to_vec()
    }

    fn cells(&self) -> Vec<Cell> {
        vec![
            self.code.as_str().into(),
            self.person.email.as_str().into(),
            if self.locked { "yes" } else { "no" }.into(),
            self.title.as_str().into(),
            self.person.name.as_str().into(),
            self.affinity.as_ref().map_or(Cell::Empty, Cell::number),
        ]
    }
}

#[handler]
pub(super) async fn plan_shown(visit: Visit, Path((call, plan)): Path<(CallId, PlanId)>) -> Answer {
    if let Some(format) = Format::asked(&visit) {
        let list = LIST.request(&visit).everything();
        let all = visit.ask(PlanOf { call, plan, list }).await?;
        return export(&visit, Subject::Call(call), format, &all.name, &all.pairs.rows).await;
    }
    let page = PlanPage::of(&visit, call, plan).await?;
    visit.page(&page)
}

/// What the script asks for while a plan is computed.
#[handler]
pub(super) async fn progress(visit: Visit, Path((call, plan)): Path<(CallId, PlanId)>) -> Answer {
    let now = visit.ask(ProgressOf { call, plan }).await?;
    let (done, total) = now.run.map_or((1, 1), |run| (run.done, run.total));
    let state = match now.state {
        PlanState::Computing => now.run.map_or(JobState::Queued, |run| run.state),
        _ => JobState::Done,
    };
    let body = json!({ "done": done, "total": total, "state": state.word(), "href": here(call, plan) });
    visit.json(StatusCode::OK, &body)
}

#[handler]
pub(super) async fn plan_posted(visit: Visit, posted: Posted, Path((call, plan)): Path<(CallId, PlanId)>) -> Answer {
    visit.ask(MayPlan(call)).await?;
    let here = here(call, plan);
    match act(&visit, &posted, call, plan).await {
        Ok((to, done)) => visit.to_with(to, done),
        Err(error) => {
            let errors = keep(error)?;
            // A press on a row speaks on the page of the plan; forms of their own keep what was typed.
            let mut page = PlanPage::of(&visit, call, plan).await?;
            page.here = here;
            posted.text("proposal").clone_into(&mut page.proposal);
            posted.text("evaluator").clone_into(&mut page.evaluator);
            posted.text("copy_name").clone_into(&mut page.copy_name);
            page.errors = errors;
            visit.again(&page)
        }
    }
}

/// Does what a button of the page says; gives where to go and what to tell.
async fn act(visit: &Visit, posted: &Posted, call: CallId, plan: PlanId) -> Result<(String, &'static str)> {
    let (seen, back) = (posted.version(), here(call, plan));
    let row = |name: &str| posted.parse(name).map_err(|error| AppError::invalid(name, error.0));
    let done = match posted.text("action") {
        "compute" => {
            visit.run(posted, OrderPlan { call, plan, seen }).await?;
            "The plan is being computed."
        }
        "cancel" => {
            visit.run(posted, CancelPlan { call, plan }).await?;
            "Computing was stopped; the draft is as it was before."
        }
        "copy" => {
            let name = posted.text("copy_name").to_owned();
            let copy = visit.run(posted, CopyPlan { call, plan, name }).await?;
            return Ok((self::here(call, copy), "The plan was copied."));
        }
        "add" => {
            let proposal = posted.parse("proposal").map_err(|error| AppError::invalid("proposal", error.0))?;
            let evaluator = posted.parse("evaluator").map_err(|error| AppError::invalid("evaluator", error.0))?;
            visit.run(posted, AddPair { call, plan, seen, proposal, evaluator }).await?;
            "The pair was added and locked. Its affinity is being worked out."
        }
        action => {
            let (deed, pair) = action.split_once(' ').unwrap_or((action, ""));
            let pair = match pair {
                "" => row("pair")?,
                id => id.parse().map_err(|_| AppError::NotFound)?,
            };
            match deed {
                "lock" => {
                    visit.run(posted, LockPair { call, plan, seen, pair, locked: true }).await?;
                    "The pair is locked: no run moves it."
                }
                "unlock" => {
                    visit.run(posted, LockPair { call, plan, seen, pair, locked: false }).await?;
                    "The pair is free again."
                }
                "remove" => {
                    visit.run(posted, RemovePair { call, plan, seen, pair }).await?;
                    "The pair was taken out."
                }
                _ => return Err(AppError::refused("unknown_action", "Press one of the buttons of the page.")),
            }
        }
    };
    Ok((back, done))
}
