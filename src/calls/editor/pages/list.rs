//! The list of calls for staff, and the ways to a new one.

use crate::{
    calls::{
        archive::{
            commands::{CopyCall, ImportCall},
            read,
        },
        editor::{
            commands::NewCall,
            queries::{StaffCall, StaffCalls},
        },
    },
    documents::sheet::Cell,
    kernel::{AppError, Permission, Subject, paging::ListRequest},
    lists::views::pages::own,
    web::{
        Answer, Choice, FieldErrors, Frame, Pages, Posted, Visit, keep,
        list::{Exported, Format, ListShape, ListView, export, words},
        show,
    },
};
use askama::Template;
use entity::types::{ids::CallId, states::CallState};
use poem::handler;

pub fn routes(pages: Pages) -> Pages {
    pages
        .get("/staff/calls", calls_page)
        .get("/staff/calls/new", new_page)
        .post("/staff/calls/new", new_posted)
        .post("/staff/calls/import", import_posted)
}

const LIST: ListShape = ListShape {
    key: "calls",
    sorts: &[("code", "Code"), ("title", "Title"), ("state", "State"), ("opens", "Opens"), ("closes", "Closes")],
    descending: true,
    filters: &["state"],
};

#[derive(Template)]
#[template(path = "calls/editor/list.html")]
struct CallsPage {
    frame: Frame,
    list: ListView,
    rows: Vec<StaffCall>,
    may_draft: bool,
}

impl Exported for StaffCall {
    fn columns() -> Vec<&'static str> {
        vec!["Code", "Title", "State", "Opens", "Closes", "Approved annexes", "Funding agencies"]
    }

    fn cells(&self) -> Vec<Cell> {
        let at =
            |at: Option<chrono::DateTime<chrono::Utc>>| at.map_or_else(String::new, |at| show::instant(at, self.zone));
        vec![
            Cell::Text(self.code.clone()),
            Cell::Text(self.title.clone()),
            Cell::Text(self.state.label().to_owned()),
            Cell::Text(at(self.opens_at)),
            Cell::Text(at(self.closes_at)),
            Cell::Text(self.approved.to_string()),
            Cell::Text(self.funding.to_string()),
        ]
    }
}

#[handler]
async fn calls_page(visit: Visit) -> Answer {
    let request = LIST.request(&visit);
    if let Some(format) = Format::asked(&visit) {
        let all = visit.ask(StaffCalls(request.everything())).await?;
        return export(&visit, Subject::Platform, format, "Calls", &all.rows).await;
    }
    let found = visit.ask(StaffCalls(request.clone())).await?;
    let list = LIST
        .view(&visit, &request, found.total)
        .search("Code, title or programme")
        .select("state", "State", words(CallState::ALL.iter().map(|s| (s.word(), s.label()))))
        .preset("Drafts", "state=draft")
        .preset("Open", "state=open")
        .preset("In evaluation", "state=evaluating")
        .exports()
        .views(own(&visit, LIST.key).await?);
    let may_draft = visit.app.may(&visit.actor, Permission::DraftCall, Subject::Platform).await?;
    visit.page(&CallsPage { frame: visit.frame("Calls"), list, rows: found.rows, may_draft })
}

#[derive(Template)]
#[template(path = "calls/editor/new.html")]
struct NewPage {
    frame: Frame,
    errors: FieldErrors,
    key: String,
    code: String,
    title: String,
    from: String,
    calls: Vec<Choice>,
    /// Mistakes of a file: line, place and what to do.
    mistakes: Vec<String>,
}

async fn blank(visit: &Visit) -> Result<NewPage, AppError> {
    let known = visit
        .ask(StaffCalls(ListRequest { sort: "code".into(), descending: true, ..Default::default() }.everything()))
        .await?;
    if !visit.app.may(&visit.actor, Permission::DraftCall, Subject::Platform).await? {
        return Err(AppError::Denied(crate::kernel::error::Denial::Role));
    }
    let choice = |call: &StaffCall| Choice::new(call.id.to_string(), format!("{}: {}", call.code, call.title));
    Ok(NewPage {
        frame: visit.frame_below("A new call", &[("Calls", "/staff/calls")]),
        errors: FieldErrors::default(),
        key: super::save::key(visit),
        code: String::new(),
        title: String::new(),
        from: visit.query("from").unwrap_or_default(),
        calls: known.rows.iter().map(choice).collect(),
        mistakes: Vec::new(),
    })
}

#[handler]
async fn new_page(visit: Visit) -> Answer {
    visit.page(&blank(&visit).await?)
}

#[handler]
async fn new_posted(visit: Visit, posted: Posted) -> Answer {
    let (code, title) = (posted.text("code").to_owned(), posted.text("title").to_owned());
    let from = posted.text("from").to_owned();
    let made = match from.parse::<CallId>() {
        Ok(from) => visit.run(&posted, CopyCall { from, code: code.clone(), title: title.clone() }).await,
        Err(_) => visit.run(&posted, NewCall { code: code.clone(), title: title.clone() }).await,
    };
    match made {
        Ok(call) => visit.to_with(format!("/staff/calls/{call}"), "The draft is there."),
        Err(error) => {
            let errors = keep(error)?;
            visit.again(&NewPage { errors, code, title, from, ..blank(&visit).await? })
        }
    }
}

#[handler]
async fn import_posted(visit: Visit, posted: Posted) -> Answer {
    let Some(upload) = posted.file("file") else {
        let errors = FieldErrors::one("file", "Choose a call file");
        return visit.again(&NewPage { errors, ..blank(&visit).await? });
    };
    let file = match read(&String::from_utf8_lossy(&upload.bytes)) {
        Ok(file) => file,
        Err(mistakes) => {
            let mistakes: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
            let errors = FieldErrors::one("file", format!("{} has mistakes; they are listed below", upload.name));
            return visit.again(&NewPage { errors, mistakes, ..blank(&visit).await? });
        }
    };
    match visit.run(&posted, ImportCall(file)).await {
        Ok(call) => visit.to_with(format!("/staff/calls/{call}"), "The call was imported as a draft."),
        Err(error) => {
            let mistakes: Vec<String> =
                keep(error)?.0.into_iter().map(|(at, message)| format!("{at}: {message}")).collect();
            let errors = FieldErrors::one("file", "The call could not be imported");
            visit.again(&NewPage { errors, mistakes, ..blank(&visit).await? })
        }
    }
}
