//! The list of proposals and the file of one.

use super::{
    jobs::{INVITE, REMIND},
    queries::{FileOf, ProposalFile, ProposalLine, ProposalsOf, Register},
};
use crate::{
    documents::sheet::Cell,
    jobs::commands::OrderBulk,
    kernel::{AppError, Result, Subject, paging::ListRequest},
    lists::views::pages::own,
    web::{
        Answer, Choice, Frame, Pages, Posted, Visit,
        frame::Happening,
        list::{Chosen, Exported, Format, ListShape, ListView, export, order_bulk, words},
        show,
    },
};
use askama::Template;
use chrono::NaiveDateTime;
use chrono_tz::Tz;
use entity::types::{
    ids::{CallId, EvaluatorId, ProposalId},
    period::Deadline,
    states::PartState,
};
use poem::{handler, web::Path};
use serde_json::json;

pub fn routes(pages: Pages) -> Pages {
    pages
        .get("/staff/calls/:call/proposals", proposals_shown)
        .post("/staff/calls/:call/proposals/bulk", bulk_posted)
        .get("/staff/proposals/:id", file_shown)
}

const LIST: ListShape = ListShape {
    key: "proposals",
    sorts: &[("code", "Number"), ("title", "Title"), ("submitted", "Handed in")],
    descending: false,
    filters: &["agency", "country", "state"],
};

#[derive(Template)]
#[template(path = "evaluation/register/list.html")]
struct ListPage {
    frame: Frame,
    list: ListView,
    rows: Vec<ProposalLine>,
    evaluators: Option<Vec<Choice>>,
    call: CallId,
}

#[handler]
async fn proposals_shown(visit: Visit, Path(call): Path<CallId>) -> Answer {
    let request = LIST.request(&visit);
    if let Some(format) = Format::asked(&visit) {
        let all = visit.ask(ProposalsOf { call, list: request.everything() }).await?;
        let title = format!("Proposals of {}", all.call_code);
        return export(&visit, Subject::Call(call), format, &title, &all.lines.rows).await;
    }
    let Register { call_code, lines, agencies, countries, evaluators, .. } =
        visit.ask(ProposalsOf { call, list: request.clone() }).await?;
    let states = PartState::ALL.iter().filter(|s| **s != PartState::Draft).map(|s| (s.word(), s.label()));
    let list = LIST
        .view(&visit, &request, lines.total)
        .search("Number, title or organisation")
        .select("agency", "Agency", words(agencies.into_iter().map(|(id, name)| (id.to_string(), name))))
        .select("country", "Country", words(countries.iter().map(|c| (c.code().to_owned(), c.name()))))
        .select("state", "A part is", words(states))
        .preset("Not checked yet", "state=submitted")
        .preset("Eligible", "state=eligible")
        .preset("Not eligible", "state=ineligible")
        .exports()
        .views(own(&visit, LIST.key).await?);
    let above = format!("/staff/calls/{call}");
    let evaluators =
        evaluators.map(|pool| pool.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect());
    let frame = visit.frame_below("Proposals", &[("Staff", "/staff"), (&call_code, &above)]);
    visit.page(&ListPage { frame, list, rows: lines.rows, evaluators, call })
}

impl Exported for ProposalLine {
    fn columns() -> Vec<&'static str> {
        vec![
            "Number",
            "Acronym",
            "Title",
            "Coordinator",
            "Countries",
            "Parts",
            "Asked for",
            "Handed in",
            "Evaluators",
            "Sheets submitted",
        ]
    }

    fn cells(&self) -> Vec<Cell> {
        let states: Vec<String> = self.states.iter().map(|(state, n)| format!("{n} {}", state.label())).collect();
        let asked: Vec<String> = self.asked.iter().map(|m| format!("{} {}", m.amount(), m.currency.code())).collect();
        let (assigned, submitted) = match self.sheets {
            Some((assigned, submitted)) => (Cell::number(assigned), Cell::number(submitted)),
            None => (Cell::Empty, Cell::Empty),
        };
        vec![
            Cell::text(&self.code),
            Cell::from(self.acronym.as_str()),
            Cell::text(&self.title),
            Cell::text(&self.coordinator),
            Cell::text(self.countries.join(", ")),
            Cell::text(states.join(", ")),
            Cell::from(asked.join(", ").as_str()),
            self.submitted_at.map_or(Cell::Empty, |at| Cell::Date(at.date_naive())),
            assigned,
            submitted,
        ]
    }
}

#[handler]
async fn bulk_posted(visit: Visit, posted: Posted, Path(call): Path<CallId>) -> Answer {
    let order = order(&visit, &posted, call).await;
    order_bulk(&visit, &posted, order).await
}

/// The act for the chosen rows.
async fn order(visit: &Visit, posted: &Posted, call: CallId) -> Result<OrderBulk> {
    let (rows, zone) = chosen(visit, posted, call).await?;
    let back = posted.text("back").to_owned();
    match posted.text("action") {
        "remind" => Ok(OrderBulk::new(REMIND, &rows, back)),
        "invite" => {
            let evaluator: EvaluatorId =
                posted.parse("evaluator").map_err(|_| AppError::invalid("evaluator", "Choose whom to ask"))?;
            let with = json!({ "evaluator": evaluator, "due": due(posted, zone)? });
            Ok(OrderBulk::new(INVITE, &rows, back).with(with))
        }
        _ => Err(AppError::invalid("action", "Choose what to do")),
    }
}

/// The ticked proposals, or everything that matches, and the zone of the call's secretariat.
async fn chosen(visit: &Visit, posted: &Posted, call: CallId) -> Result<(Vec<ProposalId>, Tz)> {
    // Asked first, so that somebody who does not see the list learns nothing from what is wrong with the form.
    let zone = visit.ask(ProposalsOf { call, list: ListRequest::default() }).await?.zone;
    let rows = match LIST.chosen::<ProposalId>(posted)? {
        Chosen::Rows(rows) => rows,
        Chosen::Matches(list) => {
            visit.ask(ProposalsOf { call, list }).await?.lines.rows.into_iter().map(|row| row.id).collect()
        }
    };
    Ok((rows, zone))
}

fn due(posted: &Posted, zone: Tz) -> Result<Option<chrono::DateTime<chrono::Utc>>> {
    let typed = posted.text("due").trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let local = NaiveDateTime::parse_from_str(typed, "%Y-%m-%dT%H:%M");
    let local = local.map_err(|_| AppError::invalid("due", "Enter day and time"))?;
    Ok(Some(Deadline { local, zone }.instant()))
}

#[derive(Template)]
#[template(path = "evaluation/register/file.html")]
struct FilePage {
    frame: Frame,
    file: ProposalFile,
    history: Vec<Happening>,
}

impl FilePage {
    fn when(&self, at: &chrono::DateTime<chrono::Utc>) -> String {
        show::instant(at, self.file.zone)
    }
}

#[handler]
async fn file_shown(visit: Visit, Path(id): Path<ProposalId>) -> Answer {
    let file = visit.ask(FileOf(id)).await?;
    let happening = |line: &super::queries::HistoryLine| Happening {
        iso: show::iso(line.at),
        words: show::instant(line.at, file.zone),
        what: line.what.clone(),
        who: line.who.clone(),
        detail: String::new(),
        past: true,
    };
    let history = file.history.iter().map(happening).collect();
    let list = format!("/staff/calls/{}/proposals", file.reading.call);
    let title = format!("{} {}", file.reading.code, file.reading.title);
    let frame = visit.frame_below(title, &[("Staff", "/staff"), ("Proposals", &list)]);
    visit.page(&FilePage { frame, file, history })
}
