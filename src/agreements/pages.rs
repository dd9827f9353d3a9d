//! The screens of agreements.

use super::{
    commands::SetAgreement,
    queries::{AWARDED, AgreementOf, AgreementView, AwardLine, Awards, AwardsOf},
};
use crate::{
    documents::sheet::Cell,
    kernel::Subject,
    lists::views::pages::own,
    web::{
        Answer, FieldErrors, Frame, Pages, Posted, Visit, keep,
        list::{Exported, Format, ListShape, ListView, export, words},
        show,
    },
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

const LIST: ListShape = ListShape {
    key: "agreements",
    sorts: &[
        ("code", "Proposal"),
        ("organisation", "Organisation"),
        ("state", "State"),
        ("starts", "Starts"),
        ("ends", "Ends"),
    ],
    descending: false,
    filters: &["state", "agency", "dates"],
};

#[derive(Template)]
#[template(path = "agreements/list.html")]
struct ListPage {
    frame: Frame,
    list: ListView,
    rows: Vec<AwardLine>,
}

impl Exported for AwardLine {
    fn columns() -> Vec<&'static str> {
        vec![
            "Proposal",
            "Title",
            "Organisation",
            "Agency",
            "Granted",
            "Currency",
            "State",
            "Starts",
            "Ends",
            "Signed on",
        ]
    }

    fn cells(&self) -> Vec<Cell> {
        let day = |day: Option<chrono::NaiveDate>| day.map_or(Cell::Empty, Cell::Date);
        vec![
            Cell::text(&self.code),
            Cell::text(&self.title),
            Cell::text(&self.organisation),
            Cell::text(&self.agency),
            Cell::number(self.granted.amount()),
            Cell::text(self.granted.currency.code()),
            Cell::text(self.state.label()),
            day(self.starts_on),
            day(self.ends_on),
            day(self.signed_on),
        ]
    }
}

#[handler]
async fn awards_list(visit: Visit, Path(call): Path<CallId>) -> Answer {
    let request = LIST.request(&visit);
    if let Some(format) = Format::asked(&visit) {
        let all = visit.ask(AwardsOf { call, list: request.everything() }).await?;
        let title = format!("Agreements of {}", all.call_code);
        return export(&visit, Subject::Call(call), format, &title, &all.lines.rows).await;
    }
    let Awards { call_code, lines, agencies } = visit.ask(AwardsOf { call, list: request.clone() }).await?;
    let list = LIST
        .view(&visit, &request, lines.total)
        .search("Number, title or organisation")
        .select("state", "State", words(AWARDED.iter().map(|s| (s.word(), s.label()))))
        .select("agency", "Agency", words(agencies.into_iter().map(|(id, name)| (id.to_string(), name))))
        .select("dates", "Dates", words([("none", "Not set yet"), ("set", "Set")]))
        .preset("Without dates", "dates=none")
        .preset("Running", "state=contracted")
        .exports()
        .views(own(&visit, LIST.key).await?);
    let above = format!("/staff/calls/{call}");
    let frame = visit.frame_below("Agreements", &[("Staff", "/staff"), (&call_code, &above)]);
    visit.page(&ListPage { frame, list, rows: lines.rows })
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
