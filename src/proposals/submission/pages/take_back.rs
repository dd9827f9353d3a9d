//! Opening a submitted part again, and withdrawing it: one last look each.

use super::super::{
    commands::{ReopenPart, WithdrawPart},
    queries::{Head, Versions, VersionsOf},
};
use crate::web::{Answer, FieldErrors, Frame, Posted, Visit, frame::Strip, keep};
use askama::Template;
use entity::types::ids::{PartId, ProposalId};
use poem::{handler, web::Path};

#[derive(Template)]
#[template(path = "proposals/submission/reopen.html")]
struct ReopenPage {
    frame: Frame,
    strip: Strip,
    head: Head,
    errors: FieldErrors,
}

#[derive(Template)]
#[template(path = "proposals/submission/withdraw.html")]
struct WithdrawPage {
    frame: Frame,
    strip: Strip,
    head: Head,
    errors: FieldErrors,
}

async fn head(visit: &Visit, proposal: ProposalId, part: PartId) -> crate::kernel::Result<Head> {
    let Versions { head, .. } = visit.ask(VersionsOf(part)).await?;
    head.within(proposal)?;
    Ok(head)
}

fn reopen_page(visit: &Visit, head: Head, errors: FieldErrors) -> ReopenPage {
    let frame = super::frame(visit, &head, "Open the part again");
    ReopenPage { frame, strip: super::strip(&head), head, errors }
}

fn withdraw_page(visit: &Visit, head: Head, errors: FieldErrors) -> WithdrawPage {
    let frame = super::frame(visit, &head, "Withdraw the part");
    WithdrawPage { frame, strip: super::strip(&head), head, errors }
}

#[handler]
pub async fn reopen(visit: Visit, Path((proposal, part)): Path<(ProposalId, PartId)>) -> Answer {
    let head = head(&visit, proposal, part).await?;
    visit.page(&reopen_page(&visit, head, FieldErrors::default()))
}

#[handler]
pub async fn reopen_posted(visit: Visit, posted: Posted, Path((proposal, part)): Path<(ProposalId, PartId)>) -> Answer {
    match visit.run(&posted, ReopenPart(part)).await {
        Ok(()) => visit.to_with(
            format!("/proposals/{proposal}/parts/{part}/check"),
            "The part is open again. It is not submitted now.",
        ),
        Err(error) => {
            let errors = keep(error)?;
            let head = head(&visit, proposal, part).await?;
            visit.again(&reopen_page(&visit, head, errors))
        }
    }
}

#[handler]
pub async fn withdraw(visit: Visit, Path((proposal, part)): Path<(ProposalId, PartId)>) -> Answer {
    let head = head(&visit, proposal, part).await?;
    visit.page(&withdraw_page(&visit, head, FieldErrors::default()))
}

#[handler]
pub async fn withdraw_posted(
    visit: Visit,
    posted: Posted,
    Path((proposal, part)): Path<(ProposalId, PartId)>,
) -> Answer {
    match visit.run(&posted, WithdrawPart(part)).await {
        Ok(()) => visit.to_with(format!("/proposals/{proposal}/parts/{part}/submissions"), "The part is withdrawn."),
        Err(error) => {
            let errors = keep(error)?;
            let head = head(&visit, proposal, part).await?;
            visit.again(&withdraw_page(&visit, head, errors))
        }
    }
}
