//! The activity log and the histories on screen.

use super::queries::{
    ActivityLog, ChainCheck, Entry, Followed, HistoryOf, HistoryOfCall, HistoryOfProposal, VerifyChain,
};
use crate::{
    documents::sheet::Cell,
    kernel::{Actor, Subject, paging::ListRequest},
    lists::views::pages::own,
    web::{
        Answer, Frame, Pages, Visit, links,
        list::{Exported, Format, ListShape, ListView, export, words},
    },
};
use askama::Template;
use entity::types::ids::{AccountId, AssignmentId, CallId, OrganisationId, PartId, ProposalId, ReportId};
use poem::{handler, web::Path};

const LIST: ListShape = ListShape {
    key: "activity",
    sorts: &[("when", "When")],
    descending: true,
    filters: &["who", "kind", "object", "from", "until"],
};

/// Kinds of things as the log names them, with the words people read.
const KINDS: [(&str, &str); 12] = [
    ("platform", "The platform"),
    ("account", "Accounts"),
    ("organisation", "Organisations"),
    ("call", "Calls"),
    ("annex", "Annexes"),
    ("proposal", "Proposals"),
    ("part", "Parts"),
    ("assignment", "Assignments"),
    ("decision", "Decisions"),
    ("report", "Reports"),
    ("file", "Files"),
    ("job", "Background jobs"),
];

pub fn routes(pages: Pages) -> Pages {
    pages
        .get("/admin/log", log)
        .get("/admin/log/verify", verify)
        .get("/staff/calls/:id/history", call_history)
        .get("/proposals/:id/history", proposal_history)
        .get("/history/parts/:part", part_history)
        .get("/history/assignments/:assignment", assignment_history)
        .get("/history/reports/:report", report_history)
        .get("/history/organisations/:organisation", organisation_history)
        .get("/history/accounts/:account", account_history)
}

#[derive(Template)]
#[template(path = "audit/log.html")]
struct LogPage {
    frame: Frame,
    list: ListView,
    rows: Vec<Row>,
    /// Where the chain is verified; only on the whole log.
    verify: bool,
}

/// An entry with the address of what it is about.
struct Row {
    entry: Entry,
    href: Option<String>,
    only: Option<String>,
}

#[derive(Template)]
#[template(path = "audit/verify.html")]
struct VerifyPage {
    frame: Frame,
    check: ChainCheck,
}

impl Exported for Entry {
    fn columns() -> Vec<&'static str> {
        vec!["Number", "When", "Who", "What", "Kind", "Object", "Details", "Digest"]
    }

    fn cells(&self) -> Vec<Cell> {
        let details: Vec<String> = self.details.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        vec![
            Cell::number(self.seq),
            Cell::text(self.at.to_rfc3339()),
            Cell::text(&self.who),
            Cell::text(&self.line),
            Cell::text(&self.kind),
            Cell::from(self.subject.and_then(Subject::id).map(|id| id.to_string()).unwrap_or_default().as_str()),
            Cell::from(details.join("; ").as_str()),
            Cell::text(&self.digest),
        ]
    }
}

fn framed(visit: &Visit, request: &ListRequest, total: u64) -> ListView {
    LIST.view(visit, request, total)
        .search("what happened")
        .text("who", "Who")
        .select("kind", "Kind", words(KINDS))
        .day("from", "From")
        .day("until", "Until")
        .exports()
}

fn rows(entries: Vec<Entry>, here: &str, reader: &Actor) -> Vec<Row> {
    entries
        .into_iter()
        .map(|entry| Row {
            href: entry.subject.and_then(|subject| links::page_of(subject, entry.proposal, reader)),
            only: entry.subject.and_then(Subject::id).map(|id| format!("{here}?object={id}")),
            entry,
        })
        .collect()
}

#[handler]
async fn log(visit: Visit) -> Answer {
    let request = LIST.request(&visit);
    if let Some(format) = Format::asked(&visit) {
        let all = visit.ask(ActivityLog(request.everything())).await?;
        return export(&visit, Subject::Platform, format, "Activity", &all.rows).await;
    }
    let listed = visit.ask(ActivityLog(request.clone())).await?;
    let list = framed(&visit, &request, listed.total).views(own(&visit, LIST.key).await?);
    let frame = visit.frame("Activity log");
    visit.page(&LogPage { frame, list, rows: rows(listed.rows, "/admin/log", &visit.actor), verify: true })
}

#[handler]
async fn verify(visit: Visit) -> Answer {
    let check = visit.ask(VerifyChain).await?;
    let frame = visit.frame_below("Is the activity log whole?", &[("Activity log", "/admin/log")]);
    visit.page(&VerifyPage { frame, check })
}

#[handler]
async fn call_history(visit: Visit, Path(call): Path<CallId>) -> Answer {
    let request = LIST.request(&visit);
    let ask = |list: ListRequest| visit.ask(HistoryOfCall { call, list });
    if let Some(format) = Format::asked(&visit) {
        let all = ask(request.everything()).await?;
        return export(&visit, Subject::Call(call), format, "History", &all.rows).await;
    }
    let listed = ask(request.clone()).await?;
    let list = framed(&visit, &request, listed.total);
    let above = format!("/staff/calls/{call}");
    let frame = visit.frame_below("History of the call", &[("Staff", "/staff"), ("Call", &above)]);
    let rows = rows(listed.rows, &format!("{above}/history"), &visit.actor);
    visit.page(&LogPage { frame, list, rows, verify: false })
}

#[handler]
async fn proposal_history(visit: Visit, Path(proposal): Path<ProposalId>) -> Answer {
    let request = LIST.request(&visit);
    let ask = |list: ListRequest| visit.ask(HistoryOfProposal { proposal, list });
    if let Some(format) = Format::asked(&visit) {
        let all = ask(request.everything()).await?;
        // Whoever may read the history may keep it: it is the proposal's own.
        return crate::web::list::hand_out(&visit, format, "History", &all.rows);
    }
    let listed = ask(request.clone()).await?;
    let list = framed(&visit, &request, listed.total);
    let above = format!("/proposals/{proposal}");
    let frame = visit.frame_below("History of the proposal", &[("Proposal", &above)]);
    let rows = rows(listed.rows, &format!("{above}/history"), &visit.actor);
    visit.page(&LogPage { frame, list, rows, verify: false })
}

#[handler]
async fn part_history(visit: Visit, Path(part): Path<PartId>) -> Answer {
    history(&visit, part, "History of the part").await
}

#[handler]
async fn assignment_history(visit: Visit, Path(assignment): Path<AssignmentId>) -> Answer {
    history(&visit, assignment, "History of the assignment").await
}

#[handler]
async fn report_history(visit: Visit, Path(report): Path<ReportId>) -> Answer {
    history(&visit, report, "History of the report").await
}

#[handler]
async fn organisation_history(visit: Visit, Path(organisation): Path<OrganisationId>) -> Answer {
    history(&visit, organisation, "History of the organisation").await
}

#[handler]
async fn account_history(visit: Visit, Path(account): Path<AccountId>) -> Answer {
    history(&visit, account, "History of the account").await
}

async fn history<T: Followed + Copy>(visit: &Visit, of: T, title: &str) -> Answer {
    let request = LIST.request(visit);
    if let Some(format) = Format::asked(visit) {
        let all = visit.ask(HistoryOf { of, list: request.everything() }).await?;
        // Whoever may read the history may keep it: it is the thing's own.
        return crate::web::list::hand_out(visit, format, "History", &all.rows);
    }
    let listed = visit.ask(HistoryOf { of, list: request.clone() }).await?;
    let list = LIST
        .view(visit, &request, listed.total)
        .search("what happened")
        .text("who", "Who")
        .day("from", "From")
        .day("until", "Until")
        .exports();
    // All lines are about the same thing, which stands in the heading.
    let rows = listed.rows.into_iter().map(|entry| Row { entry, href: None, only: None }).collect();
    visit.page(&LogPage { frame: visit.frame(title), list, rows, verify: false })
}
