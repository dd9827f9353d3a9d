//! The calibration as charts with their tables.

use super::{
    commands::OrderCalibration,
    queries::{CalibrationOf, CalibrationView, Calibrations, EvaluatorFigures, ProposalFigures},
};
use crate::{
    documents::sheet::Cell,
    kernel::Subject,
    web::{
        Answer, FieldErrors, Frame, Pages, Posted, Visit,
        chart::{Chart, Interval, Mark, Spot, Value, intervals, scatter},
        keep,
        list::{Exported, Format, export},
        show,
    },
};
use askama::Template;
use entity::types::{ids::CallId, judging::RankBy, terms::CallTerms};
use poem::{handler, web::Path};

pub fn routes(pages: Pages) -> Pages {
    pages
        .get("/staff/calls/:call/calibration", calibration_shown)
        .post("/staff/calls/:call/calibration", calibration_posted)
}

#[derive(Template)]
#[template(path = "evaluation/calibration/calibration.html")]
struct CalibrationPage {
    frame: Frame,
    errors: FieldErrors,
    found: Calibrations,
    charts: Vec<Chart>,
    places: String,
}

impl CalibrationPage {
    fn of(visit: &Visit, found: Calibrations) -> Self {
        let above = format!("/staff/calls/{}", found.call);
        let places = found.shown.as_ref().map(|shown| shown.places.to_string());
        Self {
            frame: visit.frame_below("Calibration", &[("Staff", "/staff"), (&found.call_code, &above)]),
            errors: FieldErrors::default(),
            charts: found.shown.as_ref().map(|shown| charts(&found.terms, shown)).unwrap_or_default(),
            places: visit.query("places").or(places).unwrap_or_default(),
            found,
        }
    }

    fn when(&self, at: &chrono::DateTime<chrono::Utc>) -> String {
        show::instant(at, self.found.terms.zone)
    }

    fn two(&self, value: &f64) -> String {
        two(*value)
    }

    fn chance(&self, value: &f64) -> String {
        chance(*value)
    }

    fn tone(&self, one: &ProposalFigures) -> show::Tone {
        use super::figures::Side;
        match one.figures.side {
            Side::Above => show::tone("recommended"),
            Side::Within => show::tone("attention"),
            Side::Below => show::tone("ended"),
        }
    }

    fn decides(&self) -> bool {
        self.found.terms.evaluation.ranking.by == RankBy::ExpectedRanks
    }

    /// How often one proposal in the zone wins a place.
    fn within(&self) -> usize {
        let shown = self.found.shown.iter().flat_map(|shown| &shown.proposals);
        shown.filter(|one| one.figures.side == super::figures::Side::Within).count()
    }
}

/// With two decimals and a real minus.
fn two(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = if text == "-0.00" { "0.00".to_owned() } else { text };
    text.replace('-', "\u{2212}")
}

/// A chance as people read it; a sampler never proves certainty.
fn chance(value: f64) -> String {
    let percent = (value * 100.0).round();
    match percent {
        p if p < 1.0 => "below 1\u{a0}%".to_owned(),
        p if p > 99.0 => "above 99\u{a0}%".to_owned(),
        p => format!("{p}\u{a0}%"),
    }
}

fn value(size: f64) -> Value {
    Value::new(size, two(size))
}

fn charts(terms: &CallTerms, shown: &CalibrationView) -> Vec<Chart> {
    if shown.proposals.is_empty() {
        return Vec::new();
    }
    vec![ranks(shown), severity(shown), totals(terms, shown)]
}

fn ranks(shown: &CalibrationView) -> Chart {
    let last = shown.proposals.iter().map(|one| one.figures.rank_90.1).max().unwrap_or(1);
    let row = |one: &ProposalFigures| {
        let (of, rank) = (&one.figures, |rank: u32| Value::new(f64::from(rank), rank.to_string()));
        Interval::new(one.code.clone(), rank(of.rank_90.0), value(of.expected_rank), rank(of.rank_90.1))
            .inner(rank(of.rank_50.0), rank(of.rank_50.1))
    };
    let rows: Vec<Interval> = shown.proposals.iter().map(row).collect();
    let mark =
        shown.whole.line.map(|line| Mark::new("Funding line, the expected rank of the last that fits", value(line)));
    intervals(
        "Expected ranks",
        "Each proposal's expected rank (the point) with the interval that holds its rank with 50 % (thick) and 90 % \
         (thin). A proposal whose thick interval covers the line cannot be told from those beside it.",
        ["90 %: from", "Expected rank", "90 %: to", "50 %: from", "50 %: to"],
        &rows,
        (&Value::from(1), &Value::new(f64::from(last), last.to_string())),
        mark.as_ref(),
    )
}

fn severity(shown: &CalibrationView) -> Chart {
    let row = |one: &EvaluatorFigures| {
        let (low, high) = one.figures.interval_90();
        Interval::new(
            format!("{} ({})", one.name, one.figures.sheets),
            value(low),
            value(one.figures.severity),
            value(high),
        )
    };
    let rows: Vec<Interval> = shown.evaluators.iter().map(row).collect();
    let reach = rows.iter().map(|r| r.low.size.abs().max(r.high.size.abs())).fold(0.5, f64::max);
    let end = (reach * 2.0).ceil() / 2.0;
    intervals(
        "Severity of evaluators",
        "By how many points less than the mean evaluator each one gives the same proposal, with the interval that holds \
         it with 90 %; the number of sheets stands behind the name. Whoever's interval covers zero may well be like \
         the others.",
        ["90 %: from", "Severity in points", "90 %: to"],
        &rows,
        (&value(-end), &value(end)),
        Some(&Mark::new("The mean evaluator", value(0.0))),
    )
}

fn totals(terms: &CallTerms, shown: &CalibrationView) -> Chart {
    let spot = |one: &ProposalFigures| Spot {
        label: one.code.clone(),
        across: value(one.figures.raw),
        up: value(one.figures.adjusted),
    };
    let spots: Vec<Spot> = shown.proposals.iter().map(spot).collect();
    let scale = terms.evaluation.scale;
    scatter(
        "Raw and adjusted totals",
        "Above the line stand proposals whose evaluators were severe, below it those whose evaluators were lenient; all \
         adjusted totals are drawn a little towards the mean, because few sheets say little.",
        ["Mean of the totals as given", "Adjusted total"],
        &spots,
        (&scale.min.into(), &scale.max.into()),
    )
}

#[handler]
async fn calibration_shown(visit: Visit, Path(call): Path<CallId>) -> Answer {
    let number = visit.query("number").and_then(|n| n.parse().ok());
    let found = visit.ask(CalibrationOf { call, number }).await?;
    if let (Some(format), Some(shown)) = (Format::asked(&visit), &found.shown) {
        let title = format!("Calibration {} of {}", shown.number, found.call_code);
        return export(&visit, Subject::Call(call), format, &title, &shown.proposals).await;
    }
    visit.page(&CalibrationPage::of(&visit, found))
}

#[handler]
async fn calibration_posted(visit: Visit, posted: Posted, Path(call): Path<CallId>) -> Answer {
    let places = posted.text("places").to_owned();
    match visit.run(&posted, OrderCalibration { call, places }).await {
        Ok(job) => visit.to(format!("/jobs/{job}")),
        Err(error) => {
            let errors = keep(error)?;
            let mut page = CalibrationPage::of(&visit, visit.ask(CalibrationOf { call, number: None }).await?);
            page.errors = errors;
            page.places = posted.text("places").to_owned();
            visit.again(&page)
        }
    }
}

impl Exported for ProposalFigures {
    fn columns() -> Vec<&'static str> {
        vec![
            "Proposal",
            "Title",
            "Sheets",
            "Mean total",
            "Adjusted total",
            "Expected rank",
            "Expected rank (REML)",
            "Rank 50 % from",
            "Rank 50 % to",
            "Rank 90 % from",
            "Rank 90 % to",
            "Chance above the line",
            "Side",
        ]
    }

    fn cells(&self) -> Vec<Cell> {
        let of = &self.figures;
        let number = |value: f64| Cell::number(format!("{value:.2}"));
        vec![
            Cell::text(&self.code),
            Cell::text(&self.title),
            Cell::number(of.sheets),
            number(of.raw),
            number(of.adjusted),
            number(of.expected_rank),
            number(of.expected_rank_reml),
            Cell::number(of.rank_50.0),
            Cell::number(of.rank_50.1),
            Cell::number(of.rank_90.0),
            Cell::number(of.rank_90.1),
            number(of.above),
            Cell::text(of.side.label()),
        ]
    }
}
