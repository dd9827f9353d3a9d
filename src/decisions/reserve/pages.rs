//! The reserve lists, and the form that declines a grant.

use super::{
    commands::{AwardFromReserve, DeclineGrant},
    queries::{ReserveBoard, ReserveOf},
};
use crate::{
    kernel::Result,
    web::{Answer, FieldErrors, Frame, Pages, Posted, Visit, keep, show},
};
use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};
use entity::types::ids::{CallId, PartId, ProposalId};
use poem::{handler, web::Path};

pub fn routes(pages: Pages) -> Pages {
    pages
        .get("/staff/calls/:call/reserve", reserve_shown)
        .post("/staff/calls/:call/reserve/:part/award", award_posted)
        .get("/proposals/:proposal/parts/:part/decline", decline_shown)
        .post("/proposals/:proposal/parts/:part/decline", decline_posted)
}

#[derive(Template)]
#[template(path = "decisions/reserve/board.html")]
struct ReservePage {
    frame: Frame,
    errors: FieldErrors,
    board: ReserveBoard,
}

impl ReservePage {
    async fn of(visit: &Visit, call: CallId) -> Result<Self> {
        let board = visit.ask(ReserveOf(call)).await?;
        let above = format!("/staff/calls/{call}");
        let decisions = format!("{above}/decisions");
        let crumbs = [("Staff", "/staff"), (board.code.as_str(), above.as_str()), ("Decisions", decisions.as_str())];
        Ok(Self { frame: visit.frame_below("Reserve lists", &crumbs), errors: FieldErrors::default(), board })
    }

    fn when(&self, at: &DateTime<Utc>) -> String {
        show::instant(at, self.board.zone)
    }

    fn day(&self, day: &NaiveDate) -> String {
        show::day(day)
    }

    fn award(&self, part: &PartId) -> String {
        format!("/staff/calls/{}/reserve/{part}/award", self.board.call)
    }
}

#[handler]
async fn reserve_shown(visit: Visit, Path(call): Path<CallId>) -> Answer {
    let page = ReservePage::of(&visit, call).await?;
    visit.page(&page)
}

#[handler]
async fn award_posted(visit: Visit, Path((call, part)): Path<(CallId, PartId)>, posted: Posted) -> Answer {
    match visit.run(&posted, AwardFromReserve { part, seen: posted.version() }).await {
        Ok(()) => {
            let message = "The part is awarded from the reserve list. The mail is on its way and the letter printed.";
            visit.to_with(format!("/staff/calls/{call}/reserve"), message)
        }
        Err(error) => {
            let errors = keep(error)?;
            let page = ReservePage { errors, ..ReservePage::of(&visit, call).await? };
            visit.again(&page)
        }
    }
}

#[derive(Template)]
#[template(path = "decisions/reserve/decline.html")]
struct DeclinePage {
    frame: Frame,
    errors: FieldErrors,
    here: String,
    back: String,
    my_name: String,
    reason: String,
    signed_name: String,
}

impl DeclinePage {
    async fn of(visit: &Visit, proposal: ProposalId, part: PartId) -> Result<Self> {
        let told = visit.ask(crate::decisions::queries::FeedbackOf(part)).await?;
        if told.proposal != proposal || !told.may_decline {
            return Err(crate::kernel::AppError::NotFound);
        }
        let above = format!("/proposals/{proposal}");
        let back = format!("{above}/parts/{part}/decision");
        let crumbs =
            [("My proposals", "/proposals"), (told.code.as_str(), above.as_str()), ("Decision", back.as_str())];
        Ok(Self {
            frame: visit.frame_below("Decline the grant", &crumbs),
            errors: FieldErrors::default(),
            here: format!("{above}/parts/{part}/decline"),
            back,
            my_name: visit.actor.name().to_owned(),
            reason: String::new(),
            signed_name: String::new(),
        })
    }
}

#[handler]
async fn decline_shown(visit: Visit, Path((proposal, part)): Path<(ProposalId, PartId)>) -> Answer {
    let page = DeclinePage::of(&visit, proposal, part).await?;
    visit.page(&page)
}

#[handler]
async fn decline_posted(visit: Visit, Path((proposal, part)): Path<(ProposalId, PartId)>, posted: Posted) -> Answer {
    let (reason, signed_name) = (posted.text("decline_reason").to_owned(), posted.text("signed_name").to_owned());
    let command = DeclineGrant { part, reason: reason.clone(), signed_name: signed_name.clone() };
    match visit.run(&posted, command).await {
        Ok(()) => visit.to_with(
            format!("/proposals/{proposal}/parts/{part}/decision"),
            "The grant is declined, and the agency is told.",
        ),
        Err(error) => {
            let errors = keep(error)?;
            let page = DeclinePage { errors, reason, signed_name, ..DeclinePage::of(&visit, proposal, part).await? };
            visit.again(&page)
        }
    }
}
