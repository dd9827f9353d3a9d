//! The four lists of a call, the last look before invitations are sent, and the page that answers one.

use super::{
    commands::{AcceptRecruitment, DeclineRecruitment, ListAddress, ListEvaluators},
    events::{Letter, preview},
    jobs::ACT,
    queries::{Asked, FindFor, Found, Head, ListLine, Listing, OwnRecruitment, RecruitmentOf, Tab},
    rules::{DECLINES, HOLDS},
};
use crate::{
    documents::sheet::Cell,
    evaluation::evaluators::{
        pages::{countries, fields, languages},
        queries::EvaluatorLine,
    },
    jobs::commands::OrderBulk,
    kernel::{
        AppError, Result, Subject,
        error::Denial,
        paging::{ListRequest, Listed},
    },
    web::{
        Answer, Choice, FieldErrors, Frame, Pages, Posted, Visit, keep,
        list::{Chosen, Exported, Format, ListShape, ListView, export, words},
        show,
    },
};
use askama::Template;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::types::{
    ids::{CallId, EvaluatorId, RecruitmentId},
    period::{Deadline, in_zone, parse_day},
};
use poem::{handler, web::Path};
use serde_json::json;

pub fn routes(pages: Pages) -> Pages {
    pages
        .get("/staff/calls/:call/recruitment", find_shown)
        .get("/staff/calls/:call/recruitment/list", list_shown)
        .get("/staff/calls/:call/recruitment/pending", pending_shown)
        .get("/staff/calls/:call/recruitment/accepted", accepted_shown)
        .post("/staff/calls/:call/recruitment", found_added)
        .post("/staff/calls/:call/recruitment/list", address_added)
        .post("/staff/calls/:call/recruitment/send", send_posted)
        .post("/staff/calls/:call/recruitment/act", act_posted)
        .get("/recruitment/:id", asked_shown)
        .post("/recruitment/:id/accept", accept_posted)
        .post("/recruitment/:id/decline", decline_posted)
}

const FIND: ListShape = ListShape {
    key: "recruitment-find",
    sorts: &[("name", "Name")],
    descending: false,
    filters: &["tag", "language", "country", "free"],
};

const LIST: ListShape = ListShape {
    key: "recruitment",
    sorts: &[("name", "Name"), ("invited", "Invited"), ("state", "State")],
    descending: false,
    filters: &["state"],
};

impl Tab {
    fn path(self) -> &'static str {
        match self {
            Self::Find => "",
            Self::InviteList => "/list",
            Self::Pending => "/pending",
            Self::Accepted => "/accepted",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Find => "Find",
            Self::InviteList => "Invite list",
            Self::Pending => "Pending and declined",
            Self::Accepted => "Accepted",
        }
    }
}

/// A tab of the page: label, address, how many are there, whether it is shown.
struct TabLink {
    label: &'static str,
    href: String,
    count: usize,
    here: bool,
}

/// What all four lists have above them.
struct Top {
    here: String,
    tabs: Vec<TabLink>,
    head: Head,
}

impl Top {
    fn of(call: CallId, head: Head, shown: Tab) -> Self {
        let here = format!("/staff/calls/{call}/recruitment");
        let on_lists = head.counts.listed + head.counts.invited + head.counts.accepted;
        let count = |tab| match tab {
            Tab::Find => head.counts.pool.saturating_sub(on_lists),
            Tab::InviteList => head.counts.listed,
            Tab::Pending => head.counts.invited + head.counts.declined + head.counts.lapsed,
            Tab::Accepted => head.counts.accepted,
        };
        let link = |tab: Tab| TabLink {
            label: tab.label(),
            href: format!("{here}{}", tab.path()),
            count: count(tab),
            here: tab == shown,
        };
        Self { tabs: Tab::ALL.into_iter().map(link).collect(), here, head }
    }

    fn numbers(&self) -> Vec<(&'static str, String)> {
        let counts = &self.head.counts;
        vec![
            ("In the pool", counts.pool.to_string()),
            ("On the invite list", counts.listed.to_string()),
            ("Waiting for an answer", counts.invited.to_string()),
            ("Declined or lapsed", (counts.declined + counts.lapsed).to_string()),
            ("Accepted", counts.accepted.to_string()),
            ("Places promised, sheets needed", format!("{} of {}", counts.places, counts.needed)),
        ]
    }
}

fn frame(visit: &Visit, call: CallId, head: &Head) -> Frame {
    let above = format!("/staff/calls/{call}");
    visit.frame_below("Evaluators of the call", &[("Staff", "/staff"), (&head.call_code, &above)])
}

#[derive(Template)]
#[template(path = "evaluation/recruitment/find.html")]
struct FindPage {
    frame: Frame,
    top: Top,
    list: ListView,
    rows: Vec<Found>,
}

impl FindPage {
    fn declared(&self, member: &EvaluatorLine) -> bool {
        member.declared_on(self.top.head.today)
    }
}

#[handler]
async fn find_shown(visit: Visit, Path(call): Path<CallId>) -> Answer {
    let request = FIND.request(&visit);
    let (head, found) = visit.ask(FindFor { call, list: request.clone() }).await?;
    let list = FIND
        .view(&visit, &request, found.total)
        .search("Name, organisation, field, keyword")
        .select("tag", "Knows", fields())
        .select("language", "Language", languages())
        .select("country", "Country", countries())
        .day("free", "Available on");
    visit.page(&FindPage {
        frame: frame(&visit, call, &head),
        top: Top::of(call, head, Tab::Find),
        list,
        rows: found.rows,
    })
}

#[handler]
async fn found_added(visit: Visit, posted: Posted, Path(call): Path<CallId>) -> Answer {
    let here = format!("/staff/calls/{call}/recruitment");
    let added = async {
        may_recruit(&visit, call).await?;
        let evaluators: Vec<EvaluatorId> = match FIND.chosen(&posted)? {
            Chosen::Rows(rows) => rows,
            Chosen::Matches(list) => {
                let (_, found) = visit.ask(FindFor { call, list }).await?;
                found.rows.into_iter().map(|found| found.one.id).collect()
            }
        };
        visit.run(&posted, ListEvaluators { call, evaluators }).await
    };
    match added.await {
        Ok(n) => {
            let told = format!("{} on the invite list now.", show::count(n as i64, "person is", "people are"));
            visit.to_with(format!("{here}/list"), &told)
        }
        Err(error) => refused(&visit, &posted, &here, error),
    }
}

/// Says no to whoever only looks, before anything is read from the form.
async fn may_recruit(visit: &Visit, call: CallId) -> Result<()> {
    let nothing = ListRequest::default();
    let listing = visit.ask(RecruitmentOf { call, tab: Tab::InviteList, list: nothing }).await?;
    if listing.head.may_recruit { Ok(()) } else { Err(AppError::Denied(Denial::Role)) }
}

/// Goes back to the list with what is wrong.
fn refused(visit: &Visit, posted: &Posted, here: &str, error: AppError) -> Answer {
    visit.leave_error(&keep(error)?);
    let back = posted.text("back");
    visit.to(if back.starts_with('/') { back } else { here })
}

#[derive(Template)]
#[template(path = "evaluation/recruitment/list.html")]
struct ListPage {
    frame: Frame,
    errors: FieldErrors,
    top: Top,
    tab: Tab,
    list: ListView,
    rows: Vec<ListLine>,
    name: String,
    email: String,
}

impl ListPage {
    async fn of(visit: &Visit, call: CallId, tab: Tab) -> Result<Self> {
        let request = LIST.request(visit);
        let Listing { head, lines } = visit.ask(RecruitmentOf { call, tab, list: request.clone() }).await?;
        let Listed { rows, total, .. } = lines;
        let mut list = LIST.view(visit, &request, total).search("Name or address").exports();
        if tab == Tab::Pending {
            list = list.select("state", "State", words(tab.states().iter().map(|s| (s.word(), s.label()))));
        }
        Ok(Self {
            frame: frame(visit, call, &head),
            errors: FieldErrors::default(),
            top: Top::of(call, head, tab),
            tab,
            list,
            rows,
            name: String::new(),
            email: String::new(),
        })
    }

    fn day(&self, at: &DateTime<Utc>) -> String {
        show::day(at.with_timezone(&self.top.head.zone).date_naive())
    }

    fn declared(&self, member: &EvaluatorLine) -> bool {
        member.declared_on(self.top.head.today)
    }
}

impl Exported for ListLine {
    fn columns() -> Vec<&'static str> {
        vec![
            "Name",
            "E-mail",
            "State",
            "Organisation",
            "Fields",
            "Languages",
            "Countries",
            "Conflicts",
            "Places",
            "Assigned",
            "Invited",
            "Lapses",
            "Reminders",
            "Answered",
            "Reason",
        ]
    }

    fn cells(&self) -> Vec<Cell> {
        let day = |at: Option<DateTime<Utc>>| at.map_or(Cell::Empty, |at| Cell::Date(at.date_naive()));
        let known = |of: fn(&EvaluatorLine) -> String| {
            self.member.as_ref().map_or(Cell::Empty, |member| Cell::from(of(member).as_str()))
        };
        vec![
            Cell::text(&self.name),
            Cell::text(&self.email),
            Cell::text(self.state.label()),
            known(|member| member.organisation.clone()),
            known(EvaluatorLine::fields),
            known(|member| member.languages.clone()),
            known(|member| member.countries.clone()),
            Cell::number(self.conflicts),
            self.places.map_or(Cell::Empty, Cell::number),
            Cell::number(self.assigned),
            day(self.invited_at),
            day(self.lapses_at),
            Cell::number(self.reminders),
            day(self.answered_at),
            Cell::from(self.reason.as_deref().unwrap_or_default()),
        ]
    }
}

async fn shown(visit: Visit, call: CallId, tab: Tab) -> Answer {
    if let Some(format) = Format::asked(&visit) {
        let list = LIST.request(&visit).everything();
        let listing = visit.ask(RecruitmentOf { call, tab, list }).await?;
        let title = format!("Evaluators of {}", listing.head.call_code);
        return export(&visit, Subject::Call(call), format, &title, &listing.lines.rows).await;
    }
    visit.page(&ListPage::of(&visit, call, tab).await?)
}

#[handler]
async fn list_shown(visit: Visit, Path(call): Path<CallId>) -> Answer {
    shown(visit, call, Tab::InviteList).await
}

#[handler]
async fn pending_shown(visit: Visit, Path(call): Path<CallId>) -> Answer {
    shown(visit, call, Tab::Pending).await
}

#[handler]
async fn accepted_shown(visit: Visit, Path(call): Path<CallId>) -> Answer {
    shown(visit, call, Tab::Accepted).await
}

#[handler]
async fn address_added(visit: Visit, posted: Posted, Path(call): Path<CallId>) -> Answer {
    let text = |name: &str| posted.text(name).to_owned();
    let (name, email) = (text("name"), text("email"));
    match visit.run(&posted, ListAddress { call, name: name.clone(), email: email.clone() }).await {
        Ok(_) => visit.to_with(format!("/staff/calls/{call}/recruitment/list"), "On the invite list now."),
        Err(error) => {
            let errors = keep(error)?;
            visit.again(&ListPage { errors, name, email, ..ListPage::of(&visit, call, Tab::InviteList).await? })
        }
    }
}

/// Whoever a bulk form is about, still on one of these lists.
async fn chosen(visit: &Visit, posted: &Posted, call: CallId, tab: Tab) -> Result<Vec<(RecruitmentId, String)>> {
    let wanted: Chosen<RecruitmentId> = LIST.chosen(posted)?;
    let list = match &wanted {
        Chosen::Matches(list) => list.clone(),
        Chosen::Rows(_) => ListRequest::default().everything(),
    };
    let all = visit.ask(RecruitmentOf { call, tab, list }).await?.lines.rows.into_iter().map(|row| (row.id, row.name));
    let rows: Vec<_> = match wanted {
        Chosen::Matches(_) => all.collect(),
        Chosen::Rows(ids) => all.filter(|(id, _)| ids.contains(id)).collect(),
    };
    match rows.is_empty() {
        true => Err(AppError::refused("no_rows", "Nobody of those you chose is on this list any more.")),
        false => Ok(rows),
    }
}

/// The tab a form came from.
fn tab_of(posted: &Posted) -> Tab {
    match posted.text("tab") {
        "pending" => Tab::Pending,
        "accepted" => Tab::Accepted,
        _ => Tab::InviteList,
    }
}

#[derive(Template)]
#[template(path = "evaluation/recruitment/send.html")]
struct SendPage {
    frame: Frame,
    errors: FieldErrors,
    here: String,
    tab: &'static str,
    names: Vec<String>,
    ids: Vec<RecruitmentId>,
    /// Kept when everything that matches was chosen.
    matching: Option<String>,
    message: String,
    until: String,
    zone: Tz,
    subject: String,
    text: String,
}

#[handler]
async fn send_posted(visit: Visit, posted: Posted, Path(call): Path<CallId>) -> Answer {
    let tab = tab_of(&posted);
    let here = format!("/staff/calls/{call}/recruitment");
    let looked_at = async {
        may_recruit(&visit, call).await?;
        chosen(&visit, &posted, call, tab).await
    };
    let rows = match looked_at.await {
        Ok(rows) => rows,
        Err(error) => return refused(&visit, &posted, &format!("{here}{}", tab.path()), error),
    };
    let head = visit.ask(RecruitmentOf { call, tab, list: ListRequest::default() }).await?.head;
    let until = match posted.text("until") {
        "" => (visit.app.now() + HOLDS).with_timezone(&head.zone).date_naive().to_string(),
        typed => typed.to_owned(),
    };
    let message = posted.text("message").to_owned();
    let (ids, names): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
    let lapses_at = end_of(&until, head.zone, visit.app.now());
    let errors = match (posted.text("action") == "send", &lapses_at) {
        (true, Ok(at)) => {
            let with = json!({ "call": call, "act": "invite", "message": message, "lapses_at": at });
            let back = format!("{here}/pending");
            let job = visit.run(&posted, OrderBulk::new(ACT, &ids, back).with(with)).await?;
            return visit.to(format!("/jobs/{job}"));
        }
        (_, Ok(_)) => FieldErrors::default(),
        (_, Err(why)) => FieldErrors::one("until", why.clone()),
    };
    let letter = Letter {
        by: visit.actor.name().to_owned(),
        message: message.trim().to_owned(),
        until: lapses_at.map(|at| in_zone(at, head.zone)).unwrap_or_default(),
        path: "/recruitment/…".to_owned(),
    };
    let (subject, text) = preview(names.first().map_or("", String::as_str), &head.call_title, &letter);
    let page = SendPage {
        frame: visit
            .frame_below("A last look at the invitation", &[("Staff", "/staff"), ("Evaluators of the call", &here)]),
        tab: if tab == Tab::Pending { "pending" } else { "list" },
        matching: posted.ticked("all_matches").then(|| posted.text("matching").to_owned()),
        names,
        ids,
        here,
        message,
        until,
        zone: head.zone,
        subject,
        text,
        errors,
    };
    if page.errors.is_empty() { visit.page(&page) } else { visit.again(&page) }
}

/// The end of the last day, in the zone of the call's secretariat.
fn end_of(day: &str, zone: Tz, now: DateTime<Utc>) -> Result<DateTime<Utc>, String> {
    let day = parse_day(day).map_err(|error| error.0)?;
    let local = day.and_hms_opt(23, 59, 0).ok_or_else(|| "Enter a day".to_owned())?;
    let at = Deadline { local, zone }.instant();
    if at > now && at <= now + super::rules::LONGEST {
        Ok(at)
    } else {
        Err("Choose a day within the next four months".to_owned())
    }
}

#[handler]
async fn act_posted(visit: Visit, posted: Posted, Path(call): Path<CallId>) -> Answer {
    let tab = tab_of(&posted);
    let here = format!("/staff/calls/{call}/recruitment{}", tab.path());
    let ordered = async {
        may_recruit(&visit, call).await?;
        let act = Some(posted.text("action")).filter(|act| matches!(*act, "remind" | "withdraw"));
        let act = act.ok_or_else(|| AppError::invalid("action", "Choose what to do"))?;
        let ids: Vec<RecruitmentId> = chosen(&visit, &posted, call, tab).await?.into_iter().map(|(id, _)| id).collect();
        let command = OrderBulk::new(ACT, &ids, here.clone()).with(json!({ "call": call, "act": act }));
        visit.run(&posted, command).await
    };
    match ordered.await {
        Ok(job) => visit.to(format!("/jobs/{job}")),
        Err(error) => refused(&visit, &posted, &here, error),
    }
}

#[derive(Template)]
#[template(path = "evaluation/recruitment/asked.html")]
struct AskedPage {
    frame: Frame,
    errors: FieldErrors,
    asked: Asked,
    until: String,
    over: bool,
    places: String,
    signed_name: String,
    my_name: String,
    reason: String,
    note: String,
}

impl AskedPage {
    async fn of(visit: &Visit, id: RecruitmentId) -> Result<Self> {
        let asked = visit.ask(OwnRecruitment(id)).await?;
        Ok(Self {
            frame: visit.frame_below("Will you evaluate in this call?", &[("My assignments", "/assignments")]),
            errors: FieldErrors::default(),
            until: asked.lapses_at.map(|at| show::instant(at, asked.zone)).unwrap_or_default(),
            over: asked.lapses_at.is_some_and(|at| at <= visit.app.now()),
            places: asked.places.to_string(),
            signed_name: String::new(),
            my_name: visit.actor.name().to_owned(),
            reason: String::new(),
            note: String::new(),
            asked,
        })
    }

    fn declines(&self) -> Vec<Choice> {
        words(DECLINES.iter().copied())
    }
}

#[handler]
async fn asked_shown(visit: Visit, Path(id): Path<RecruitmentId>) -> Answer {
    visit.page(&AskedPage::of(&visit, id).await?)
}

#[handler]
async fn accept_posted(visit: Visit, posted: Posted, Path(id): Path<RecruitmentId>) -> Answer {
    let (places, signed_name) = (posted.text("places").to_owned(), posted.text("signed_name").to_owned());
    let command = AcceptRecruitment { recruitment: id, places: places.clone(), signed_name: signed_name.clone() };
    match visit.run(&posted, command).await {
        Ok(()) => {
            visit.to_with("/assignments", "Thank you. You are asked for each proposal; until then nothing is to do.")
        }
        Err(error) => {
            let errors = keep(error)?;
            visit.again(&AskedPage { errors, places, signed_name, ..AskedPage::of(&visit, id).await? })
        }
    }
}

#[handler]
async fn decline_posted(visit: Visit, posted: Posted, Path(id): Path<RecruitmentId>) -> Answer {
    let (reason, note) = (posted.text("reason").to_owned(), posted.text("note").to_owned());
    let command = DeclineRecruitment { recruitment: id, reason: reason.clone(), note: note.clone() };
    match visit.run(&posted, command).await {
        Ok(()) => visit.to_with("/assignments", "You have declined. Thank you for telling us."),
        Err(error) => {
            let errors = keep(error)?;
            visit.again(&AskedPage { errors, reason, note, ..AskedPage::of(&visit, id).await? })
        }
    }
}
