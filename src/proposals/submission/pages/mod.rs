//! The screens of submission: check, last look, receipt, versions, and the public page that verifies.

mod hand_in;
mod receipts;
mod remind;
mod take_back;
mod team;
mod verify;

use super::queries::Head;
use crate::{
    proposals::rules::Severity,
    web::{Frame, Pages, Visit, frame::Strip},
};
use entity::types::states::PartState;

pub fn routes(pages: Pages) -> Pages {
    let pages = pages
        .get("/proposals/:proposal/parts/:part/check", hand_in::check)
        .get("/proposals/:proposal/parts/:part/review", hand_in::review)
        .post("/proposals/:proposal/parts/:part/review", hand_in::submit)
        .get("/proposals/:proposal/parts/:part/submissions", receipts::versions)
        .get("/proposals/:proposal/parts/:part/submissions/:number", receipts::receipt)
        .get("/proposals/:proposal/parts/:part/submissions/:number/document", receipts::document)
        .get("/proposals/:proposal/parts/:part/compare", receipts::compare)
        .get("/proposals/:proposal/parts/:part/reopen", take_back::reopen)
        .post("/proposals/:proposal/parts/:part/reopen", take_back::reopen_posted)
        .get("/proposals/:proposal/parts/:part/withdraw", take_back::withdraw)
        .post("/proposals/:proposal/parts/:part/withdraw", take_back::withdraw_posted);
    pages
        .post("/staff/calls/:call/drafts/remind", remind::drafts_reminded)
        .get("/proposals/:proposal/progress", team::progress)
        .get("/receipts/verify", verify::verify)
        .post("/receipts/verify", verify::verify_posted)
}

/// The frame of a page of a part.
fn frame(visit: &Visit, head: &Head, title: impl Into<String>) -> Frame {
    let proposal = format!("/proposals/{}", head.proposal);
    visit.frame_below(
        title,
        &[("My proposals", "/proposals"), (&head.code, &proposal), (&head.organisation, &head.path())],
    )
}

/// The strip of a part: its state, its deadline, whose turn it is.
fn strip(head: &Head) -> Strip {
    let strip = Strip::new(head.state.word(), head.state.label()).deadline("Closes", &head.deadline);
    let strip = match (head.state, head.in_time) {
        (PartState::Draft, true) => strip.turn(format!("{} has to submit", head.organisation), head.may_submit),
        (PartState::Draft, false) => strip.turn("Nobody's: the deadline has passed", false),
        (PartState::Submitted, _) => strip.turn(&head.agency, false),
        _ => strip,
    };
    strip.fact("Part", &head.organisation).fact("Agency", &head.agency)
}

/// The word of a finding and its tone.
fn word(severity: Severity) -> (&'static str, &'static str) {
    match severity {
        Severity::Error => ("failed", "Must be mended"),
        Severity::Warning => ("attention", "Please look"),
    }
}
