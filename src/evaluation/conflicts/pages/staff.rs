//! The findings of a call, and one of them.

use crate::{
    documents::sheet::Cell,
    evaluation::conflicts::{
        commands::{DecideFinding, OrderScreening},
        events::DECIDE,
        queries::{ConflictList, ConflictsOf, Counts, FindingLine, FindingOf, FindingView},
    },
    jobs::commands::OrderBulk,
    kernel::{AppError, Result, Subject, paging::ListRequest},
    lists::views::pages::own,
    web::{
        Answer, FieldErrors, Frame, Pages, Posted, Visit, keep,
        list::{Chosen, Exported, Format, ListShape, ListView, export, words},
        show,
    },
};
use askama::Template;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::types::{
    ids::{CallId, FindingId, ProposalId},
    states::{FindingKind, FindingState, FindingStrength},
    text,
};
use poem::{handler, web::Path};
use serde_json::json;

pub fn routes(pages: Pages) -> Pages {
    pages
        .get("/staff/calls/:call/conflicts", findings_shown)
        .post("/staff/calls/:call/conflicts/bulk", bulk_posted)
        .post("/staff/calls/:call/conflicts/screen", screen_posted)
        .get("/staff/proposals/:proposal/findings/:finding", finding_shown)
        .post("/staff/proposals/:proposal/findings/:finding", finding_posted)
}

const LIST: ListShape = ListShape {
    key: "conflicts",
    sorts: &[("proposal", "Proposal"), ("person", "Person"), ("strength", "Strength"), ("found", "Found")],
    descending: false,
    filters: &["state", "strength", "kind", "person"],
};

/// Findings that stand together: of one proposal or one person.
struct Group {
    title: String,
    href: Option<String>,
    rows: Vec<FindingLine>,
}

#[derive(Template)]
#[template(path = "evaluation/conflicts/list.html")]
struct ListPage {
    frame: Frame,
    list: ListView,
    groups: Vec<Group>,
    counts: Counts,
    ran_at: Option<DateTime<Utc>>,
    zone: Tz,
    call: CallId,
    may_decide: bool,
    reason: String,
}

impl ListPage {
    fn when(&self, at: &DateTime<Utc>) -> String {
        show::instant(at, self.zone)
    }

    fn tone(&self, strength: &FindingStrength) -> show::Tone {
        tone(*strength)
    }

    fn numbers(&self) -> Vec<(&'static str, usize, String)> {
        let here = |query: &str| format!("/staff/calls/{}/conflicts?{query}", self.call);
        vec![
            ("Barring, to decide", self.counts.barring, here("state=open&strength=barring")),
            ("Likely, to decide", self.counts.likely, here("state=open&strength=likely")),
            ("Hints", self.counts.hints, here("state=open&strength=hint")),
            ("Conflicts", self.counts.confirmed, here("state=confirmed")),
            ("Dismissed", self.counts.dismissed, here("state=dismissed")),
        ]
    }
}

/// The word by which a strength is coloured.
fn tone(strength: FindingStrength) -> show::Tone {
    match strength {
        FindingStrength::Barring => show::Tone::Danger,
        FindingStrength::Likely => show::Tone::Warning,
        FindingStrength::Hint => show::Tone::Neutral,
    }
}

fn groups(sort: &str, rows: Vec<FindingLine>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for row in rows {
        let (title, href) = match sort {
            "person" => (row.person.clone(), None),
            "proposal" => (format!("{} {}", row.code, row.title), Some(format!("/staff/proposals/{}", row.proposal))),
            _ => (String::new(), None),
        };
        match groups.last_mut() {
            Some(group) if group.title == title => group.rows.push(row),
            _ => groups.push(Group { title, href, rows: vec![row] }),
        }
    }
    groups
}

#[handler]
async fn findings_shown(visit: Visit, Path(call): Path<CallId>) -> Answer {
    let request = LIST.request(&visit);
    if let Some(format) = Format::asked(&visit) {
        let all = visit.ask(ConflictsOf { call, list: request.everything() }).await?;
        let title = format!("Conflicts of interest in {}", all.call_code);
        return export(&visit, Subject::Call(call), format, &title, &all.lines.rows).await;
    }
    let ConflictList { call_code, zone, lines, counts, ran_at, people, may_decide } =
        visit.ask(ConflictsOf { call, list: request.clone() }).await?;
    let list = LIST
        .view(&visit, &request, lines.total)
        .search("Person, organisation, number or title")
        .select("state", "State", words(FindingState::ALL.iter().map(|s| (s.word(), s.label()))))
        .select("strength", "Strength", words(FindingStrength::ALL.iter().rev().map(|s| (s.word(), s.label()))))
        .select("kind", "Kind", words(FindingKind::ALL.iter().map(|k| (k.word(), k.label()))))
        .select("person", "Person", words(people.into_iter().map(|(id, name)| (id.to_string(), name))))
        .exports()
        .views(own(&visit, LIST.key).await?);
    let above = format!("/staff/calls/{call}");
    let frame = visit.frame_below("Conflicts of interest", &[("Staff", "/staff"), (&call_code, &above)]);
    let groups = groups(&request.sort, lines.rows);
    visit.page(&ListPage { frame, list, groups, counts, ran_at, zone, call, may_decide, reason: String::new() })
}

impl Exported for FindingLine {
    fn columns() -> Vec<&'static str> {
        vec![
            "Proposal",
            "Person",
            "Strength",
            "Kind",
            "Finding",
            "Party",
            "Own data",
            "Met",
            "State",
            "Reason",
            "Decided by",
            "Decided on",
        ]
    }

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::text(&self.code),
            Cell::text(&self.person),
            Cell::text(self.strength.label()),
            Cell::text(self.kind.label()),
            Cell::text(&self.why),
            Cell::from(self.party.as_str()),
            Cell::from(self.own.as_str()),
            Cell::from(self.met.as_str()),
            Cell::text(self.state.label()),
            Cell::from(self.reason.as_deref().unwrap_or_default()),
            Cell::from(self.decided_by.as_deref().unwrap_or_default()),
            self.decided_at.map_or(Cell::Empty, |at| Cell::Date(at.date_naive())),
        ]
    }
}

#[handler]
async fn screen_posted(visit: Visit, posted: Posted, Path(call): Path<CallId>) -> Answer {
    let job = visit.run(&posted, OrderScreening(call)).await?;
    visit.to(format!("/jobs/{job}"))
}

#[handler]
async fn bulk_posted(visit: Visit, posted: Posted, Path(call): Path<CallId>) -> Answer {
    match order(&visit, &posted, call).await {
        Ok(path) => visit.to(path),
        Err(error) => {
            visit.leave_error(&keep(error)?);
            visit.to(posted.text("back"))
        }
    }
}

/// Orders the decision about the chosen findings; gives the page on which its progress is seen.
async fn order(visit: &Visit, posted: &Posted, call: CallId) -> Result<String> {
    // Asked first, so that somebody who does not see the list learns nothing from what is wrong with the form.
    visit.ask(ConflictsOf { call, list: ListRequest::default() }).await?;
    let conflict = match posted.text("action") {
        "confirm" => true,
        "dismiss" => false,
        _ => return Err(AppError::invalid("action", "Choose what to do")),
    };
    let reason = text::line(posted.text("reason"), 300).map_err(|_| AppError::invalid("reason", "Say why"))?;
    let rows = match LIST.chosen::<FindingId>(posted)? {
        Chosen::Rows(rows) => rows,
        Chosen::Matches(list) => {
            let all = visit.ask(ConflictsOf { call, list }).await?;
            all.lines.rows.into_iter().map(|row| row.id).collect()
        }
    };
    let with = json!({ "conflict": conflict, "reason": reason });
    let job = visit.run(posted, OrderBulk::new(DECIDE, &rows, posted.text("back")).with(with)).await?;
    Ok(format!("/jobs/{job}"))
}

#[derive(Template)]
#[template(path = "evaluation/conflicts/finding.html")]
struct FindingPage {
    frame: Frame,
    errors: FieldErrors,
    view: FindingView,
    reason: String,
}

impl FindingPage {
    fn of(visit: &Visit, view: FindingView) -> Self {
        let above = format!("/staff/calls/{}/conflicts", view.call);
        let title = format!("{} and {}", view.line.person, view.line.code);
        Self {
            frame: visit.frame_below(title, &[("Staff", "/staff"), ("Conflicts of interest", &above)]),
            errors: FieldErrors::default(),
            view,
            reason: String::new(),
        }
    }

    fn when(&self, at: &DateTime<Utc>) -> String {
        show::instant(at, self.view.zone)
    }

    fn tone(&self, strength: &FindingStrength) -> show::Tone {
        tone(*strength)
    }
}

#[handler]
async fn finding_shown(visit: Visit, Path((proposal, finding)): Path<(ProposalId, FindingId)>) -> Answer {
    let view = visit.ask(FindingOf { proposal, finding }).await?;
    visit.page(&FindingPage::of(&visit, view))
}

#[handler]
async fn finding_posted(
    visit: Visit,
    posted: Posted,
    Path((proposal, finding)): Path<(ProposalId, FindingId)>,
) -> Answer {
    let conflict = posted.text("decision") == "confirm";
    let reason = posted.text("reason").to_owned();
    let seen = Some(posted.version());
    let command = DecideFinding { proposal, finding, seen, conflict, reason: reason.clone() };
    let here = format!("/staff/proposals/{proposal}/findings/{finding}");
    match visit.run(&posted, command).await {
        Ok(()) if conflict => visit.to_with(here, "The conflict is recorded. The person sees this proposal no more."),
        Ok(()) => visit.to_with(here, "Dismissed. This no longer keeps the person from being asked."),
        Err(error) => {
            let errors = keep(error)?;
            let page = FindingPage::of(&visit, visit.ask(FindingOf { proposal, finding }).await?);
            visit.again(&FindingPage { errors, reason, ..page })
        }
    }
}
