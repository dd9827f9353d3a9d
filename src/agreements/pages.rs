//! The screens of agreements.

use super::{
    commands::SetAgreement,
    queries::{AgreementOf, AgreementView, AwardLine, AwardsOf},
};
use crate::{
    kernel::paging::{Listed, Paging},
    web::{Answer, FieldErrors, Frame, Pages, Posted, Visit, frame::Pager, keep, show},
};
use askama::Template;
use entity::types::ids::{CallId, PartId, ProposalId};
use poem::{handler, web::Path};

pub fn routes(pages: Pages) -> Pages {
    pages
        .get("/staff/calls/:call/agreements", awards_list)
        .get("/staff/parts/:part/agreement", agreement_staff)
        .post("/staff/parts/:part/agreement", agreement_posted)
        .get("/proposals/:proposal/parts/:part/agreement", agreement)
}

#[derive(Template)]
#[template(path = "agreements/list.html")]
struct ListPage {
    frame: Frame,
    awards: Listed<AwardLine>,
    pager: Pager,
}

#[handler]
async fn awards_list(visit: Visit, Path(call): Path<CallId>) -> Answer {
    let paging = Paging::from_text(visit.query("page").as_deref(), visit.query("size").as_deref());
    let awards = visit.ask(AwardsOf { call, paging }).await?;
    let pager = Pager::new(paging.page, paging.size, awards.total, |page| {
        format!("/staff/calls/{call}/agreements?page={page}")
    });
    let above = format!("/staff/calls/{call}");
    visit.page(&ListPage {
        frame: visit.frame_below("Agreements", &[("Staff", "/staff"), ("Call", &above)]),
        awards,
        pager,
    })
}

#[derive(Template)]
#[template(path = "agreements/agreement.html")]
struct AgreementPage {
    frame: Frame,
    view: AgreementView,
    staff: bool,
    errors: FieldErrors,
    starts_on: String,
    ends_on: String,
    signed_on: String,
    note: String,
    version: String,
}

impl AgreementPage {
    fn allowed(&self) -> String {
        format!("The last day. The call allows {} to {} months.", self.view.duration.min, self.view.duration.max)
    }
}

fn page(visit: &Visit, view: AgreementView, staff: bool) -> AgreementPage {
    let dates = view.dates.clone();
    let day = |date: Option<chrono::NaiveDate>| date.map(|d| d.to_string()).unwrap_or_default();
    let (above, list) = (format!("/proposals/{}", view.proposal), format!("/staff/calls/{}/agreements", view.call));
    let crumbs: [(&str, &str); 2] = if staff {
        [("Staff", "/staff"), ("Agreements", &list)]
    } else {
        [("My proposals", "/proposals"), (&view.code, &above)]
    };
    AgreementPage {
        frame: visit.frame_below(format!("Agreement of {}", view.organisation), &crumbs),
        staff,
        errors: FieldErrors::default(),
        starts_on: day(dates.as_ref().and_then(|d| d.starts_on)),
        ends_on: day(dates.as_ref().and_then(|d| d.ends_on)),
        signed_on: day(dates.as_ref().and_then(|d| d.signed_on)),
        note: dates.as_ref().map(|d| d.note.clone()).unwrap_or_default(),
        version: dates.map_or(0, |d| d.version).to_string(),
        view,
    }
}

#[handler]
async fn agreement(visit: Visit, Path((proposal, part)): Path<(ProposalId, PartId)>) -> Answer {
    let view = visit.ask(AgreementOf(part)).await?;
    if view.proposal != proposal {
        return Err(crate::kernel::AppError::NotFound.into());
    }
    visit.page(&page(&visit, view, false))
}

#[handler]
async fn agreement_staff(visit: Visit, Path(part): Path<PartId>) -> Answer {
    let view = visit.ask(AgreementOf(part)).await?;
    visit.page(&page(&visit, view, true))
}

#[handler]
async fn agreement_posted(visit: Visit, Path(part): Path<PartId>, posted: Posted) -> Answer {
    let typed = |name: &str| posted.text(name).to_owned();
    let command = SetAgreement {
        part,
        starts_on: typed("starts_on"),
        ends_on: typed("ends_on"),
        signed_on: typed("signed_on"),
        note: typed("note"),
        seen: posted.version(),
    };
    match visit.run(&posted, command).await {
        Ok(_) => visit
            .to_with(format!("/staff/parts/{part}/agreement"), "The dates are set, and the reports follow from them."),
        Err(error) => {
            let errors = keep(error)?;
            let mut page = page(&visit, visit.ask(AgreementOf(part)).await?, true);
            page.errors = errors;
            (page.starts_on, page.ends_on) = (typed("starts_on"), typed("ends_on"));
            (page.signed_on, page.note) = (typed("signed_on"), typed("note"));
            visit.again(&page)
        }
    }
}
