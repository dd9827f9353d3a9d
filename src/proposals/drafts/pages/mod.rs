//! The screens of drafts.

mod apply;
mod fields;
mod list;
mod overview;
mod section;

use crate::{
    proposals::dossier::Head,
    web::{Frame, Pages, frame::Notice, show},
};

pub fn routes(pages: Pages) -> Pages {
    pages
        .get("/calls/:code/apply", apply::start)
        .post("/calls/:code/apply", apply::start_posted)
        .get("/proposals", list::list)
        .get("/proposals/:proposal", overview::overview)
        .get("/proposals/:proposal/title", overview::rename)
        .post("/proposals/:proposal/title", overview::rename_posted)
        .get("/proposals/:proposal/give-up", overview::give_up)
        .post("/proposals/:proposal/give-up", overview::give_up_posted)
        .get("/proposals/:proposal/sections/:section", section::of_proposal)
        .post("/proposals/:proposal/sections/:section", section::of_proposal_posted)
        .get("/proposals/:proposal/parts/:part/sections/:section", section::of_part)
        .post("/proposals/:proposal/parts/:part/sections/:section", section::of_part_posted)
}

/// The frame with a word about the latest change of the call, as long as somebody can still answer to it.
pub(in crate::proposals) fn changed(frame: Frame, head: &Head) -> Frame {
    let notice = head.changes.first().filter(|_| head.open).map(|change| Notice {
        lead: format!("The call was changed on {}.", show::instant(change.at, head.zone)),
        text: change.reason.clone(),
        href: format!("/calls/{}/corrigenda", head.call_code),
        link: "See what changed".to_owned(),
    });
    Frame { notice, ..frame }
}

/// The address of a section.
pub(in crate::proposals) fn section_path(
    proposal: entity::types::ids::ProposalId,
    place: crate::proposals::Place,
    section: &str,
) -> String {
    match place.part() {
        None => format!("/proposals/{proposal}/sections/{section}"),
        Some(part) => format!("/proposals/{proposal}/parts/{part}/sections/{section}"),
    }
}

/// An id in an address; what is none does not exist.
pub(in crate::proposals) fn id<T: std::str::FromStr>(text: &str) -> crate::kernel::Result<T> {
    text.parse().map_err(|_| crate::kernel::AppError::NotFound)
}
