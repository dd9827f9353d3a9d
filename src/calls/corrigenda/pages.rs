//! The screens of corrigenda: the review before, the list and one of them after.

use super::{
    commands::{CorrectAnnex, CorrectCall},
    queries::{CorrigendaOf, CorrigendumView},
};
use crate::{
    calls::{
        annexes::queries::{AnnexAtDesk, AnnexDesk},
        editor::{
            pages::save::key,
            queries::{CallAtDesk, CallDesk},
        },
        rules::{Difference, Piece, annex_differences, differences, word_changes},
    },
    kernel::AppError,
    web::{Answer, FieldErrors, Frame, Pages, Posted, Visit, keep, show},
};
use askama::Template;
use entity::types::{
    ids::{AnnexId, CallId},
    terms::{AnnexTerms, CallTerms},
};
use poem::{handler, web::Path};

pub fn routes(pages: Pages) -> Pages {
    pages
        .post("/staff/calls/:call/corrigenda", correct_posted)
        .post("/staff/calls/:call/annexes/:annex/corrigenda", correct_annex_posted)
        .get("/calls/:code/corrigenda", corrigenda_page)
        .get("/calls/:code/corrigenda/:number", corrigendum_page)
}

/// A value in both versions, with what differs in them.
pub struct Pair {
    pub label: String,
    pub before: Vec<Piece>,
    pub after: Vec<Piece>,
}

/// The differences for the eye: each side shows its own words, what went and what came marked.
fn pairs(changes: &[Difference]) -> Vec<Pair> {
    let pair = |change: &Difference| {
        let pieces = word_changes(change.before.as_deref().unwrap_or(""), change.after.as_deref().unwrap_or(""));
        let side = |skip: fn(&Piece) -> bool| pieces.iter().filter(|p| !skip(p)).cloned().collect();
        Pair {
            label: change.label.clone(),
            before: side(|p| matches!(p, Piece::Added(_))),
            after: side(|p| matches!(p, Piece::Removed(_))),
        }
    };
    changes.iter().map(pair).collect()
}

/// A change of a public call that was not published yet.
pub struct Proposed {
    call: CallId,
    code: String,
    annex: Option<(AnnexId, String)>,
    version: i64,
    terms: String,
    changes: Vec<Difference>,
}

impl Proposed {
    /// A change of the call's own terms.
    pub fn of_call(desk: &CallDesk, terms: CallTerms) -> Self {
        Self {
            call: desk.id,
            code: desk.code.clone(),
            annex: None,
            version: desk.version,
            changes: differences(&desk.terms, &terms),
            terms: serde_json::to_string(&terms).unwrap_or_default(),
        }
    }

    /// A change of an annex.
    pub fn of_annex(desk: &AnnexDesk, terms: AnnexTerms) -> Self {
        Self {
            call: desk.call,
            code: desk.code.clone(),
            annex: Some((desk.annex.id, desk.annex.name.clone())),
            version: desk.annex.version,
            changes: annex_differences(&desk.annex.terms, &terms),
            terms: serde_json::to_string(&terms).unwrap_or_default(),
        }
    }
}

#[derive(Template)]
#[template(path = "calls/corrigenda/review.html")]
struct ReviewPage {
    frame: Frame,
    errors: FieldErrors,
    action: String,
    back: String,
    key: String,
    proposed: Proposed,
    pairs: Vec<Pair>,
    reason: String,
}

/// Shows a change side by side and asks for its reason; `back` is where it was made.
///
/// # Errors
/// When the template fails.
pub fn review(visit: &Visit, proposed: Proposed, reason: String, errors: FieldErrors, back: &str) -> Answer {
    if proposed.changes.is_empty() {
        return visit.to_with(back, "Nothing is different from the published version.");
    }
    let home = format!("/staff/calls/{}", proposed.call);
    let action = match &proposed.annex {
        Some((annex, _)) => format!("{home}/annexes/{annex}/corrigenda"),
        None => format!("{home}/corrigenda"),
    };
    let page = ReviewPage {
        frame: visit.frame_below("Corrigendum", &[("Calls", "/staff/calls"), (proposed.code.as_str(), home.as_str())]),
        action,
        back: back.to_owned(),
        key: key(visit),
        pairs: pairs(&proposed.changes),
        proposed,
        reason,
        errors,
    };
    if page.errors.is_empty() { visit.page(&page) } else { visit.again(&page) }
}

fn malformed(error: serde_json::Error) -> AppError {
    AppError::refused("malformed", format!("The changed terms could not be read ({error})."))
}

/// Messages with places become sentences of the summary.
fn summed(errors: FieldErrors) -> FieldErrors {
    let one = |(field, message): (String, String)| match field.as_str() {
        "reason" | "" => (field, message),
        place => (String::new(), format!("{message} ({place})")),
    };
    FieldErrors(errors.0.into_iter().map(one).collect())
}

#[handler]
async fn correct_posted(visit: Visit, posted: Posted, Path(call): Path<CallId>) -> Answer {
    visit.ask(CallAtDesk(call)).await?;
    let terms: CallTerms = serde_json::from_str(posted.text("terms")).map_err(malformed)?;
    let reason = posted.text("reason").to_owned();
    let correct = CorrectCall { call, seen: posted.version(), terms: terms.clone(), reason: reason.clone() };
    match visit.run(&posted, correct).await {
        Ok(number) => {
            let desk = visit.ask(CallAtDesk(call)).await?;
            visit.to_with(format!("/calls/{}/corrigenda/{number}", desk.code), "The corrigendum is published.")
        }
        Err(error) => {
            let errors = summed(keep(error)?);
            let desk = visit.ask(CallAtDesk(call)).await?;
            let proposed = Proposed { version: posted.version(), ..Proposed::of_call(&desk, terms) };
            review(&visit, proposed, reason, errors, posted.text("back"))
        }
    }
}

#[handler]
async fn correct_annex_posted(visit: Visit, posted: Posted, Path((call, annex)): Path<(CallId, AnnexId)>) -> Answer {
    if visit.ask(AnnexAtDesk(annex)).await?.call != call {
        return Err(AppError::NotFound.into());
    }
    let terms: AnnexTerms = serde_json::from_str(posted.text("terms")).map_err(malformed)?;
    let reason = posted.text("reason").to_owned();
    let correct = CorrectAnnex { annex, seen: posted.version(), terms: terms.clone(), reason: reason.clone() };
    match visit.run(&posted, correct).await {
        Ok(number) => {
            let desk = visit.ask(CallAtDesk(call)).await?;
            visit.to_with(format!("/calls/{}/corrigenda/{number}", desk.code), "The corrigendum is published.")
        }
        Err(error) => {
            let errors = summed(keep(error)?);
            let desk = visit.ask(AnnexAtDesk(annex)).await?;
            let proposed = Proposed { version: posted.version(), ..Proposed::of_annex(&desk, terms) };
            review(&visit, proposed, reason, errors, posted.text("back"))
        }
    }
}

#[derive(Template)]
#[template(path = "calls/corrigenda/list.html")]
struct CorrigendaPage {
    frame: Frame,
    code: String,
    corrigenda: Vec<Shown>,
}

/// A corrigendum as it is read.
struct Shown {
    number: i32,
    agency: Option<String>,
    reason: String,
    made: String,
    iso: String,
    pairs: Vec<Pair>,
}

fn shown(view: CorrigendumView, zone: chrono_tz::Tz) -> Shown {
    Shown {
        number: view.number,
        pairs: pairs(&view.changes),
        agency: view.agency,
        reason: view.reason,
        made: show::instant(view.made_at, zone),
        iso: show::iso(view.made_at),
    }
}

async fn listed(visit: &Visit, call: String, number: Option<i32>) -> Answer {
    let found = visit.ask(CorrigendaOf { call, number }).await?;
    let home = format!("/calls/{}", found.code);
    let title = match number {
        Some(number) => format!("Corrigendum {number} of {}", found.code),
        None => format!("Changes of {}", found.code),
    };
    visit.page(&CorrigendaPage {
        frame: visit.frame_below(title, &[("Calls", "/calls"), (found.title.as_str(), home.as_str())]),
        corrigenda: found.corrigenda.into_iter().map(|view| shown(view, found.zone)).collect(),
        code: found.code,
    })
}

#[handler]
async fn corrigenda_page(visit: Visit, Path(code): Path<String>) -> Answer {
    listed(&visit, code, None).await
}

#[handler]
async fn corrigendum_page(visit: Visit, Path((code, number)): Path<(String, i32)>) -> Answer {
    listed(&visit, code, Some(number)).await
}
