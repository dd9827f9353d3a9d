//! The ranking as a chart and as a table.

use super::{
    commands::{DrawRanking, FixRanking},
    queries::{Place, RankingOf, RankingView, Rankings, shown},
};
use crate::evaluation::recusals::queries::{LateNotice, LateNoticesOf};
use crate::{
    documents::sheet::Cell,
    kernel::Subject,
    web::{
        Answer, FieldErrors, Frame, Pages, Posted, Visit,
        chart::{Chart, Interval, Mark, Value, intervals},
        keep,
        list::{Exported, Format, export},
        show,
    },
};
use askama::Template;
use entity::types::{
    ids::CallId,
    terms::{CallTerms, TieBreak},
};
use poem::{handler, web::Path};

pub fn routes(pages: Pages) -> Pages {
    pages
        .get("/staff/calls/:call/ranking", ranking_shown)
        .post("/staff/calls/:call/ranking/draw", draw_posted)
        .post("/staff/calls/:call/ranking/fix", fix_posted)
}

#[derive(Template)]
#[template(path = "evaluation/rankings/ranking.html")]
struct RankingPage {
    frame: Frame,
    errors: FieldErrors,
    rankings: Rankings,
    late: Vec<LateNotice>,
    chart: Option<Chart>,
    tie_rule: Vec<String>,
    my_name: String,
    reason: String,
    signed_name: String,
}

impl RankingPage {
    fn of(visit: &Visit, rankings: Rankings) -> Self {
        let above = format!("/staff/calls/{}", rankings.call);
        Self {
            frame: visit.frame_below("Ranking", &[("Staff", "/staff"), (&rankings.call_code, &above)]),
            errors: FieldErrors::default(),
            chart: rankings.ranking.as_ref().filter(|r| !r.places.is_empty()).map(|r| chart(&rankings.terms, r)),
            tie_rule: rankings.terms.evaluation.tie_rule.iter().map(|tie| in_words(&rankings.terms, tie)).collect(),
            late: Vec::new(),
            my_name: visit.actor.name().to_owned(),
            reason: String::new(),
            signed_name: String::new(),
            rankings,
        }
    }

    fn points(&self, hundredths: &i32) -> String {
        shown(*hundredths)
    }

    fn when(&self, at: &chrono::DateTime<chrono::Utc>) -> String {
        show::instant(at, self.rankings.terms.zone)
    }

    /// The threshold of the total, in words.
    fn threshold(&self) -> Option<String> {
        let share = self.rankings.terms.evaluation.threshold_overall?;
        let max = self.rankings.terms.evaluation.scale.max;
        Some(format!("{} of {max} points ({share})", shown(least(&self.rankings.terms)?)))
    }
}

/// The smallest total that passes, in hundredths.
fn least(terms: &CallTerms) -> Option<i32> {
    let share = terms.evaluation.threshold_overall?;
    let max = i64::from(terms.evaluation.scale.max.as_hundredths());
    i32::try_from((max * i64::from(share.basis_points()) + 5_000) / 10_000).ok()
}

fn value(hundredths: i32) -> Value {
    Value::new(f64::from(hundredths) / 100.0, shown(hundredths))
}

fn chart(terms: &CallTerms, ranking: &RankingView) -> Chart {
    let row = |place: &Place| {
        let low = place.detail.totals.first().copied().unwrap_or(place.total);
        let high = place.detail.totals.last().copied().unwrap_or(place.total);
        Interval::new(format!("{}. {}", place.rank, place.code), value(low), value(place.total), value(high))
    };
    let rows: Vec<Interval> = ranking.places.iter().map(row).collect();
    let scale = terms.evaluation.scale;
    let mark = least(terms).map(|least| Mark::new("Threshold", value(least)));
    intervals(
        "Weighted totals",
        "Each proposal's weighted total, between the lowest and the highest total of a single evaluator.",
        ["Lowest", "Total", "Highest"],
        &rows,
        (&value(scale.min.as_hundredths()), &value(scale.max.as_hundredths())),
        mark.as_ref(),
    )
}

/// A step of the tie rule in words.
fn in_words(terms: &CallTerms, tie: &TieBreak) -> String {
    match tie {
        TieBreak::Criterion { key } => {
            let name = terms.criteria.iter().find(|c| c.key == *key).map_or(key.as_str(), |c| c.name.as_str());
            format!("the higher mean for “{name}”")
        }
        TieBreak::Countries => "more countries".to_owned(),
        TieBreak::Smes => "more companies".to_owned(),
        TieBreak::Spread => "evaluators closer together".to_owned(),
        TieBreak::Submitted => "submitted earlier".to_owned(),
    }
}

#[handler]
async fn ranking_shown(visit: Visit, Path(call): Path<CallId>) -> Answer {
    let number = visit.query("number").and_then(|n| n.parse().ok());
    let rankings = visit.ask(RankingOf { call, number }).await?;
    if let (Some(format), Some(ranking)) = (Format::asked(&visit), &rankings.ranking) {
        let title = format!("Ranking {} of {}", ranking.number, rankings.call_code);
        return export(&visit, Subject::Call(call), format, &title, &ranking.places).await;
    }
    let late = visit.ask(LateNoticesOf(call)).await?;
    visit.page(&RankingPage { late, ..RankingPage::of(&visit, rankings) })
}

impl Exported for Place {
    fn columns() -> Vec<&'static str> {
        vec![
            "Place",
            "Proposal",
            "Title",
            "Weighted total",
            "Above the thresholds",
            "Thresholds failed",
            "Sheets",
            "Lowest total",
            "Highest total",
            "Spread",
            "Tie",
        ]
    }

    fn cells(&self) -> Vec<Cell> {
        let number = |hundredths: Option<&i32>| hundredths.map_or(Cell::Empty, |h| Cell::number(shown(*h)));
        vec![
            Cell::number(self.rank),
            Cell::text(&self.code),
            Cell::text(&self.title),
            Cell::number(shown(self.total)),
            Cell::text(if self.passes { "yes" } else { "no" }),
            Cell::from(self.detail.failed.join("; ").as_str()),
            Cell::number(self.detail.totals.len()),
            number(self.detail.totals.first()),
            number(self.detail.totals.last()),
            Cell::number(shown(self.spread)),
            Cell::from(self.tie_reason.as_deref().unwrap_or_default()),
        ]
    }
}

#[handler]
async fn draw_posted(visit: Visit, posted: Posted, Path(call): Path<CallId>) -> Answer {
    let reason = posted.text("reason").to_owned();
    match visit.run(&posted, DrawRanking { call, reason }).await {
        Ok(number) => {
            visit.to_with(format!("/staff/calls/{call}/ranking"), &format!("Ranking {number} was drawn as a draft."))
        }
        Err(error) => {
            let errors = keep(error)?;
            let mut page = RankingPage::of(&visit, visit.ask(RankingOf { call, number: None }).await?);
            page.errors = errors;
            page.reason = posted.text("reason").to_owned();
            visit.again(&page)
        }
    }
}

#[handler]
async fn fix_posted(visit: Visit, posted: Posted, Path(call): Path<CallId>) -> Answer {
    let number = posted.text("number").parse().unwrap_or_default();
    let command = FixRanking { call, number, signed_name: posted.text("signed_name").to_owned() };
    match visit.run(&posted, command).await {
        Ok(_) => visit.to_with(format!("/staff/calls/{call}/ranking"), "The ranking is signed and fixed."),
        Err(error) => {
            let errors = keep(error)?;
            let mut page = RankingPage::of(&visit, visit.ask(RankingOf { call, number: None }).await?);
            page.errors = errors;
            page.signed_name = posted.text("signed_name").to_owned();
            visit.again(&page)
        }
    }
}
