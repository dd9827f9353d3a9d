//! The ranking as a chart and as a table.

mod lottery;
mod verify;

use super::{
    commands::{DrawRanking, FixRanking, ReplaceRanking},
    print,
    queries::{Moved, Place, RankingOf, RankingView, Rankings, shown},
};
use crate::evaluation::recusals::queries::{LateNotice, LateNoticesOf};
use crate::{
    calls::rules::facts::tie_text,
    documents::sheet::Cell,
    kernel::{AppError, Permission, Subject, error::Denial},
    web::{
        Answer, FieldErrors, Frame, Pages, Posted, Visit,
        chart::{Chart, Interval, Mark, Value, intervals},
        keep,
        list::{Exported, Format, export},
        show,
    },
};
use askama::Template;
use entity::types::{ids::CallId, judging::RankBy, states::RankingState, terms::CallTerms};
use poem::{handler, web::Path};

pub fn routes(pages: Pages) -> Pages {
    pages
        .get("/staff/calls/:call/ranking", ranking_shown)
        .post("/staff/calls/:call/ranking/draw", draw_posted)
        .post("/staff/calls/:call/ranking/fix", fix_posted)
        .post("/staff/calls/:call/ranking/replace", replace_posted)
        .get("/rankings/verify", verify::verify_page)
        .post("/rankings/verify", verify::verify_posted)
        .get("/staff/calls/:call/lottery", lottery::lottery_shown)
        .post("/staff/calls/:call/lottery", lottery::announce_posted)
        .post("/staff/calls/:call/lottery/draw", lottery::draw_posted)
        .post("/staff/calls/:call/lottery/sign", lottery::sign_posted)
        .post("/staff/calls/:call/lottery/withdraw", lottery::withdraw_posted)
        .get("/calls/:code/lottery", lottery::public_shown)
        .get("/calls/:code/lottery.txt", lottery::public_text)
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
    why: String,
    signed_name: String,
}

impl RankingPage {
    fn of(visit: &Visit, rankings: Rankings) -> Self {
        let above = format!("/staff/calls/{}", rankings.call);
        Self {
            frame: visit.frame_below("Ranking", &[("Staff", "/staff"), (&rankings.call_code, &above)]),
            errors: FieldErrors::default(),
            chart: rankings.ranking.as_ref().filter(|r| !r.places.is_empty()).map(|r| chart(&rankings.terms, r)),
            tie_rule: rankings.terms.evaluation.tie_rule.iter().map(|tie| tie_text(tie, &rankings.terms)).collect(),
            late: Vec::new(),
            my_name: visit.actor.name().to_owned(),
            reason: String::new(),
            why: String::new(),
            signed_name: String::new(),
            rankings,
        }
    }

    fn points(&self, hundredths: &i32) -> String {
        shown(*hundredths)
    }

    /// The expected rank of a place.
    fn expected(&self, hundredths: &u32) -> String {
        shown(i32::try_from(*hundredths).unwrap_or(i32::MAX))
    }

    /// Whether expected ranks order this call.
    fn by_model(&self) -> bool {
        self.rankings.terms.evaluation.ranking.by == RankBy::ExpectedRanks
    }

    /// Whether the shown ranking is a draft that can be signed now.
    fn signable(&self) -> bool {
        let draft = self.rankings.ranking.as_ref().is_some_and(|r| r.state == RankingState::Draft);
        let waits = self.rankings.lacking.is_some() || self.rankings.undrawn.is_some();
        draft && !waits && !self.rankings.out_of_date && self.rankings.open == 0
    }

    /// Place and total in one ranking.
    fn stood(&self, at: &Option<(i32, i32, bool)>) -> String {
        match at {
            Some((rank, total, true)) => format!("{rank} ({})", shown(*total)),
            Some((rank, total, false)) => format!("{rank} ({}, below a threshold)", shown(*total)),
            None => "not ranked".to_owned(),
        }
    }

    fn moved(&self, one: &Moved) -> String {
        match one.up() {
            _ if one.is_still() => "no".to_owned(),
            Some(up) if up > 0 => format!("{} up", show::count(i64::from(up), "place", "places")),
            Some(up) if up < 0 => format!("{} down", show::count(i64::from(-up), "place", "places")),
            Some(_) => "same place, other figures".to_owned(),
            None => "yes".to_owned(),
        }
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

#[handler]
async fn ranking_shown(visit: Visit, Path(call): Path<CallId>) -> Answer {
    let number = visit.query("number").and_then(|n| n.parse().ok());
    let rankings = visit.ask(RankingOf { call, number }).await?;
    let asked = visit.query("export");
    if let (Some(format @ ("json" | "pdf")), Some(ranking)) = (asked.as_deref(), &rankings.ranking) {
        if !visit.app.may(&visit.actor, Permission::ExportLists, Subject::Call(call)).await? {
            return Err(AppError::Denied(Denial::Role).into());
        }
        let name = format!("ranking {} of {}.{format}", ranking.number, rankings.call_code);
        if format == "pdf" {
            return visit.download(&name, "application/pdf", print::pdf(&rankings, ranking, visit.app.now()).await?);
        }
        let signed = ranking.document.clone().ok_or(AppError::NotFound)?;
        return visit.download(&name, "application/json", signed.into_bytes());
    }
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
            "Why here",
            "Expected rank",
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
            Cell::number(self.detail.sheets()),
            number(self.detail.totals.first()),
            number(self.detail.totals.last()),
            Cell::number(shown(self.spread)),
            Cell::from(self.tie_reason.as_deref().unwrap_or_default()),
            number(self.detail.expected.and_then(|rank| i32::try_from(rank).ok()).as_ref()),
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

#[handler]
async fn replace_posted(visit: Visit, posted: Posted, Path(call): Path<CallId>) -> Answer {
    let number = posted.text("number").parse().unwrap_or_default();
    let (reason, signed_name) = (posted.text("why").to_owned(), posted.text("signed_name").to_owned());
    match visit.run(&posted, ReplaceRanking { call, number, reason, signed_name }).await {
        Ok(_) => {
            let message = "The new ranking is signed; the one before is marked as replaced.";
            visit.to_with(format!("/staff/calls/{call}/ranking"), message)
        }
        Err(error) => {
            let errors = keep(error)?;
            let mut page = RankingPage::of(&visit, visit.ask(RankingOf { call, number: None }).await?);
            page.errors = errors;
            page.why = posted.text("why").to_owned();
            page.signed_name = posted.text("signed_name").to_owned();
            visit.again(&page)
        }
    }
}
