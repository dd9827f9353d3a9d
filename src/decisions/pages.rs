//! The screens of decisions.

use super::{
    commands::{ConfirmDecisions, DecideMany, DraftDecision, Pick, ProposeDecisions, ReleaseDecisions},
    queries::{
        DecisionBoard, DecisionSheet, DecisionSheetOf, DecisionsOf, Feedback, FeedbackOf, PlacesOf, PreviewOf,
        ReleasePreview,
    },
    rules,
};
use crate::{
    kernel::AppError,
    web::{
        Answer, Choice, FieldErrors, Frame, Pages, Posted, Visit,
        chart::{self, Bar, Chart, Mark},
        keep,
    },
};
use askama::Template;
use entity::types::{
    ids::{AnnexId, CallId, PartId, ProposalId},
    states::Outcome,
};
use poem::{handler, web::Path};

pub fn routes(pages: Pages) -> Pages {
    pages
        .get("/staff/calls/:call/decisions", decisions)
        .post("/staff/calls/:call/decisions/propose", propose_posted)
        .post("/staff/calls/:call/decisions/many", many_posted)
        .get("/staff/calls/:call/decisions/preview", release_preview)
        .post("/staff/calls/:call/decisions/lists/:annex/confirm", confirm_posted)
        .get("/staff/calls/:call/decisions/places", places_counted)
        .post("/staff/calls/:call/decisions/release", release_posted)
        .get("/staff/parts/:part/decision", decision_sheet)
        .post("/staff/parts/:part/decision", sheet_posted)
        .get("/proposals/:proposal/parts/:part/decision", decision_told)
}

#[derive(Template)]
#[template(path = "decisions/board.html")]
struct BoardPage {
    frame: Frame,
    board: DecisionBoard,
    budgets: Chart,
    errors: FieldErrors,
    outcomes: Vec<Choice>,
    /// The form for many parts as it was typed.
    ticked: Vec<String>,
    many_outcome: String,
    many_reason: String,
}

impl BoardPage {
    fn path(&self, below: &str) -> String {
        format!("/staff/calls/{}/decisions/{below}", self.board.call)
    }

    fn is_ticked(&self, part: impl std::fmt::Display) -> bool {
        let part = part.to_string();
        self.ticked.iter().any(|pick| pick.split(':').next() == Some(part.as_str()))
    }
}

fn board_page(visit: &Visit, board: DecisionBoard, errors: FieldErrors) -> BoardPage {
    let rows: Vec<chart::Budget> = board
        .paying()
        .map(|a| chart::Budget {
            label: a.name.clone(),
            available: a.budget.into(),
            asked: a.asked.into(),
            granted: a.funded.into(),
            left: a.left.to_string(),
        })
        .collect();
    let budgets = chart::budgets(
        "Budgets of the agencies",
        "What proposals that can be funded ask of each agency, what it funds so far, and what is left.",
        &rows,
    );
    let frame =
        visit.frame_below("Decisions", &[("Staff", "/staff"), (&board.code, &format!("/staff/calls/{}", board.call))]);
    BoardPage {
        frame,
        board,
        budgets,
        errors,
        outcomes: outcomes(),
        ticked: Vec::new(),
        many_outcome: String::new(),
        many_reason: String::new(),
    }
}

fn outcomes() -> Vec<Choice> {
    Outcome::ALL.iter().map(|o| Choice::new(o.word(), o.label())).collect()
}

#[handler]
async fn decisions(visit: Visit, Path(call): Path<CallId>) -> Answer {
    let board = visit.ask(DecisionsOf(call)).await?;
    visit.page(&board_page(&visit, board, FieldErrors::default()))
}

#[handler]
async fn propose_posted(visit: Visit, Path(call): Path<CallId>, posted: Posted) -> Answer {
    match visit.run(&posted, ProposeDecisions(call)).await {
        Ok(parts) => {
            let message = format!("Decisions on {parts} parts are proposed. Nobody outside sees them yet.");
            visit.to_with(format!("/staff/calls/{call}/decisions"), &message)
        }
        Err(error) => {
            let errors = keep(error)?;
            let board = visit.ask(DecisionsOf(call)).await?;
            visit.again(&board_page(&visit, board, errors))
        }
    }
}

/// Reads the ticks of the board: part and version with a colon between.
fn picks(posted: &Posted) -> Vec<Pick> {
    let pick = |value: String| {
        let (part, seen) = value.split_once(':')?;
        Some(Pick { part: part.parse().ok()?, seen: seen.parse().ok()? })
    };
    posted.all("pick").into_iter().filter_map(pick).collect()
}

#[handler]
async fn many_posted(visit: Visit, Path(call): Path<CallId>, posted: Posted) -> Answer {
    let outcome = posted.parse::<Outcome>("many_outcome");
    let decided = match outcome {
        Ok(outcome) => {
            let reason = posted.text("many_reason").to_owned();
            visit.run(&posted, DecideMany { call, picks: picks(&posted), outcome, reason }).await
        }
        Err(wrong) => Err(AppError::invalid("many_outcome", wrong.0)),
    };
    let errors = match decided {
        Ok(done) if done.problems.is_empty() => {
            let message =
                format!("Decisions on {} parts are kept. They stay pending until all are released.", done.decided);
            return visit.to_with(format!("/staff/calls/{call}/decisions"), &message);
        }
        Ok(done) => {
            let first = format!("{} parts are decided. These are not:", done.decided);
            FieldErrors(std::iter::once(first).chain(done.problems).map(|p| ("pick".to_owned(), p)).collect())
        }
        Err(error) => keep(error)?,
    };
    let board = visit.ask(DecisionsOf(call)).await?;
    let mut page = board_page(&visit, board, errors);
    page.ticked = posted.all("pick");
    page.many_outcome = posted.text("many_outcome").to_owned();
    page.many_reason = posted.text("many_reason").to_owned();
    visit.again(&page)
}

#[derive(Template)]
#[template(path = "decisions/preview.html")]
struct PreviewPage {
    frame: Frame,
    preview: ReleasePreview,
    errors: FieldErrors,
}

impl PreviewPage {
    fn back_path(&self) -> String {
        format!("/staff/calls/{}/decisions", self.preview.board.call)
    }
}

async fn preview_page(visit: &Visit, call: CallId, errors: FieldErrors) -> crate::kernel::Result<PreviewPage> {
    let preview = visit.ask(PreviewOf(call)).await?;
    let above = format!("/staff/calls/{call}/decisions");
    let title = if preview.board.may_release { "Release the decisions" } else { "Letters of the decisions" };
    let frame = visit.frame_below(
        title,
        &[("Staff", "/staff"), (&preview.board.code, &format!("/staff/calls/{call}")), ("Decisions", &above)],
    );
    Ok(PreviewPage { frame, preview, errors })
}

#[handler]
async fn release_preview(visit: Visit, Path(call): Path<CallId>) -> Answer {
    let page = preview_page(&visit, call, FieldErrors::default()).await?;
    visit.page(&page)
}

#[handler]
async fn confirm_posted(visit: Visit, Path((call, annex)): Path<(CallId, AnnexId)>, posted: Posted) -> Answer {
    let command = ConfirmDecisions { annex, seen: posted.text("seen").to_owned() };
    match visit.run(&posted, command).await {
        Ok(count) => {
            let message =
                format!("{count} decisions are confirmed. A change of one of them takes the confirmation back.");
            visit.to_with(format!("/staff/calls/{call}/decisions"), &message)
        }
        Err(error) => {
            let page = preview_page(&visit, call, keep(error)?).await?;
            visit.again(&page)
        }
    }
}

#[handler]
async fn release_posted(visit: Visit, Path(call): Path<CallId>, posted: Posted) -> Answer {
    let seen = posted.text("seen").to_owned();
    match visit.run(&posted, ReleaseDecisions { call, seen }).await {
        Ok(count) => {
            let message = format!(
                "{count} decisions are released. The mails are on their way and the letters are being printed."
            );
            visit.to_with(format!("/staff/calls/{call}/decisions"), &message)
        }
        Err(error) => {
            let page = preview_page(&visit, call, keep(error)?).await?;
            visit.again(&page)
        }
    }
}

#[derive(Template)]
#[template(path = "decisions/sheet.html")]
struct SheetPage {
    frame: Frame,
    sheet: DecisionSheet,
    errors: FieldErrors,
    outcomes: Vec<Choice>,
    outcome: String,
    amount: String,
    reason: String,
    conditions: String,
    reserve_until: String,
    version: String,
}

impl SheetPage {
    fn asks_money(&self) -> bool {
        self.sheet.part.requested.minor > 0
    }
}

fn sheet_page(visit: &Visit, sheet: DecisionSheet) -> SheetPage {
    let decision = sheet.part.decision.clone();
    let above = format!("/staff/calls/{}/decisions", sheet.call);
    let funded = decision.as_ref().filter(|d| d.outcome == Outcome::Fund);
    let until = decision.as_ref().and_then(|d| d.reserve_until);
    SheetPage {
        frame: visit.frame_below(
            format!("Decision on {}", sheet.part.organisation),
            &[("Staff", "/staff"), ("Decisions", &above)],
        ),
        errors: FieldErrors::default(),
        outcomes: outcomes(),
        outcome: decision.as_ref().map(|d| d.outcome.word().to_owned()).unwrap_or_default(),
        amount: funded.map_or(sheet.part.requested, |d| d.amount).amount(),
        reason: decision.as_ref().map(|d| d.reason.clone()).unwrap_or_default(),
        conditions: decision.as_ref().map(|d| d.conditions.clone()).unwrap_or_default(),
        reserve_until: until.map(|day| day.to_string()).unwrap_or_default(),
        version: decision.map_or(0, |d| d.version).to_string(),
        sheet,
    }
}

#[handler]
async fn decision_sheet(visit: Visit, Path(part): Path<PartId>) -> Answer {
    let sheet = visit.ask(DecisionSheetOf(part)).await?;
    visit.page(&sheet_page(&visit, sheet))
}

#[handler]
async fn sheet_posted(visit: Visit, Path(part): Path<PartId>, posted: Posted) -> Answer {
    let saved = match posted.parse::<Outcome>("outcome") {
        Ok(outcome) => {
            let command = DraftDecision {
                part,
                outcome,
                amount: posted.text("amount").to_owned(),
                reason: posted.text("reason").to_owned(),
                conditions: posted.text("conditions").to_owned(),
                reserve_until: posted.text("reserve_until").to_owned(),
                seen: posted.version(),
            };
            visit.run(&posted, command).await
        }
        Err(wrong) => Err(AppError::invalid("outcome", wrong.0)),
    };
    let sheet = visit.ask(DecisionSheetOf(part)).await;
    match saved {
        Ok(_) => visit.to_with(
            format!("/staff/calls/{}/decisions", sheet?.call),
            "The decision is kept. It stays pending until all are released.",
        ),
        Err(error) => {
            let errors = keep(error)?;
            let mut page = sheet_page(&visit, sheet?);
            page.errors = errors;
            page.outcome = posted.text("outcome").to_owned();
            page.amount = posted.text("amount").to_owned();
            page.reason = posted.text("reason").to_owned();
            page.conditions = posted.text("conditions").to_owned();
            page.reserve_until = posted.text("reserve_until").to_owned();
            visit.again(&page)
        }
    }
}

#[derive(Template)]
#[template(path = "decisions/feedback.html")]
struct FeedbackPage {
    frame: Frame,
    feedback: Feedback,
    label: &'static str,
    chart: Chart,
    paragraphs: Vec<String>,
    redress: String,
}

#[handler]
async fn decision_told(visit: Visit, Path((proposal, part)): Path<(ProposalId, PartId)>) -> Answer {
    let feedback = visit.ask(FeedbackOf(part)).await?;
    if feedback.proposal != proposal {
        return Err(AppError::NotFound.into());
    }
    let bars: Vec<Bar> = feedback.criteria.iter().filter_map(|c| Some(Bar::new(&c.name, c.mean?))).collect();
    let threshold = feedback.criteria.iter().find_map(|c| c.threshold).map(|t| Mark::new("Threshold", t));
    let chart = chart::bars(
        "Points by criterion",
        "For each criterion the points that were agreed, else the mean of the evaluators' points.",
        &["Points"],
        &bars,
        threshold.as_ref(),
    );
    let above = format!("/proposals/{proposal}");
    let frame = visit.frame_below("Decision and feedback", &[("My proposals", "/proposals"), (&feedback.code, &above)]);
    visit.page(&FeedbackPage {
        frame,
        label: rules::outcome_label(feedback.outcome, feedback.amount),
        paragraphs: super::letters::paragraphs(&feedback),
        redress: super::letters::redress(),
        feedback,
        chart,
    })
}

/// Goes back to the calibration with the number of proposals the budgets pay for.
#[handler]
async fn places_counted(visit: Visit, Path(call): Path<CallId>) -> Answer {
    let page = format!("/staff/calls/{call}/calibration");
    match visit.ask(PlacesOf(call)).await? {
        Some(places) => {
            let said = format!("Walking down the latest ranking, the agencies' budgets pay for {places} proposals.");
            visit.to_with(format!("{page}?places={places}"), &said)
        }
        None => {
            visit.leave_error(&FieldErrors::one("", "Draw a ranking first: the budgets are walked down along it."));
            visit.to(page)
        }
    }
}
