//! The task list of a proposal, its title, giving it up.

use super::{
    super::{
        commands::{DiscardDraft, RenameProposal},
        queries::{Overview, ProposalOverview, SectionLine},
    },
    changed, id, section_path,
};
use crate::{
    kernel::secret,
    proposals::{Place, dossier::PartHead},
    web::{
        Answer, FieldErrors, Frame, Posted, Visit,
        frame::{Strip, Task},
        keep, show,
    },
};
use askama::Template;
use entity::types::{
    ids::ProposalId,
    states::{PartState, ProposalState},
};
use poem::{handler, web::Path};

#[derive(Template)]
#[template(path = "proposals/drafts/overview.html")]
struct OverviewPage {
    frame: Frame,
    strip: Strip,
    view: Overview,
    joint: Vec<Task>,
    own: Vec<OwnPart>,
    notices: Vec<(String, String)>,
    saved: String,
    now: chrono::DateTime<chrono::Utc>,
}

struct OwnPart {
    head: PartHead,
    tasks: Vec<Task>,
    path: String,
}

impl OwnPart {
    fn tasks(&self) -> &[Task] {
        &self.tasks
    }
}

impl OverviewPage {
    fn deadline_iso(&self, head: &PartHead) -> String {
        show::deadline_iso(head.deadline)
    }

    fn left(&self, head: &PartHead) -> String {
        show::left(head.deadline.instant(), self.now)
    }
}

#[handler]
pub async fn overview(visit: Visit, Path(proposal): Path<String>) -> Answer {
    let view = visit.ask(ProposalOverview(id(&proposal)?)).await?;
    let now = visit.app.now();
    let own: Vec<OwnPart> = view.own.iter().map(|(head, lines)| own_part(&view, head, lines)).collect();
    let notices = view.head.changes.iter().map(|n| (show::instant(n.at, view.head.zone), n.reason.clone())).collect();
    let joint = view.joint.iter().map(|l| task(view.head.id, Place::Joint, l));
    let page = OverviewPage {
        frame: visit.frame_below(&view.head.title, &[("My proposals", "/proposals")]),
        strip: strip(&view),
        joint: joint.chain([documents(&format!("/proposals/{}", view.head.id))]).collect(),
        saved: show::instant(view.head.saved_at, view.head.zone),
        own,
        notices,
        now,
        view,
    };
    visit.page(&page)
}

fn strip(view: &Overview) -> Strip {
    let first = view.own.iter().filter(|(head, _)| head.state == PartState::Draft);
    let first = first.map(|(head, _)| head.deadline).min_by_key(|d| d.instant());
    let mut strip = Strip::new(view.head.state.word(), view.head.state.label());
    if let Some(deadline) = first {
        strip = strip.deadline("Your agency closes", &deadline);
    }
    if view.head.state == ProposalState::Draft {
        strip = strip.turn(if first.is_some() { "Yours" } else { "Your partners'" }, first.is_some());
    }
    strip.fact("Number", &view.head.code).fact("Call", &view.head.call_title)
}

fn own_part(view: &Overview, head: &PartHead, lines: &[SectionLine]) -> OwnPart {
    let path = format!("/proposals/{}/parts/{}", view.head.id, head.id);
    let mut tasks: Vec<Task> = lines.iter().map(|l| task(view.head.id, Place::Part(head.id), l)).collect();
    let letters = view.line(head.id).map_or((0, 0), |line| line.letters);
    tasks.push(Task {
        label: "Letters of commitment".to_owned(),
        href: Some(format!("{path}/letters")),
        hint: match letters {
            (_, 0) => "None asked for".to_owned(),
            (signed, asked) => format!("{signed} of {asked} signed"),
        },
        state: if letters.1 > 0 && letters.0 == letters.1 { "complete" } else { "open" }.to_owned(),
        state_label: if letters.1 > 0 && letters.0 == letters.1 { "Signed" } else { "As needed" }.to_owned(),
        who: String::new(),
    });
    tasks.push(documents(&path));
    OwnPart { head: head.clone(), tasks, path }
}

/// The files of a part, or of the whole proposal, below its path.
fn documents(path: &str) -> Task {
    Task {
        label: "Documents".to_owned(),
        href: Some(format!("{path}/documents")),
        state: "open".to_owned(),
        state_label: "As needed".to_owned(),
        ..Task::default()
    }
}

fn task(proposal: ProposalId, place: Place, line: &SectionLine) -> Task {
    let who = match (line.assigned.as_str(), line.due_on) {
        ("", _) => String::new(),
        (name, None) => name.to_owned(),
        (name, Some(day)) => format!("{name}, due {}", show::day(day)),
    };
    let href = match (line.asked, place) {
        (false, Place::Part(part)) => format!("/proposals/{proposal}/parts/{part}/{}", line.key),
        _ => section_path(proposal, place, &line.key),
    };
    let hint = if line.asked && line.total > 1 {
        format!("{} of {} required answers", line.done, line.total)
    } else {
        String::new()
    };
    Task {
        label: line.title.clone(),
        href: Some(href),
        hint,
        state: line.status.word().to_owned(),
        state_label: line.status.label().to_owned(),
        who: if line.mine {
            format!("You{}", who.split_once(',').map_or(String::new(), |(_, d)| format!(",{d}")))
        } else {
            who
        },
    }
}

#[derive(Template)]
#[template(path = "proposals/drafts/title.html")]
struct TitlePage {
    frame: Frame,
    errors: FieldErrors,
    cancel: String,
    version: i64,
    title: String,
    acronym: String,
    fixed: Option<String>,
}

fn title_page(visit: &Visit, view: Overview) -> TitlePage {
    let name = format!("{} {}", view.head.code, view.head.acronym);
    let crumbs = [("My proposals", "/proposals"), (name.as_str(), &format!("/proposals/{}", view.head.id))];
    TitlePage {
        frame: changed(visit.frame_below("Title and short name", &crumbs), &view.head),
        errors: FieldErrors::default(),
        cancel: format!("/proposals/{}", view.head.id),
        version: view.version,
        title: view.head.title,
        acronym: view.head.acronym,
        fixed: view.joint_fixed,
    }
}

#[handler]
pub async fn rename(visit: Visit, Path(proposal): Path<String>) -> Answer {
    let view = visit.ask(ProposalOverview(id(&proposal)?)).await?;
    visit.page(&title_page(&visit, view))
}

#[handler]
pub async fn rename_posted(visit: Visit, posted: Posted, Path(proposal): Path<String>) -> Answer {
    let proposal: ProposalId = id(&proposal)?;
    let (title, acronym) = (posted.text("title").to_owned(), posted.text("acronym").to_owned());
    let change = RenameProposal { proposal, title: title.clone(), acronym: acronym.clone(), seen: posted.version() };
    match visit.run(&posted, change).await {
        Ok(_) => visit.to_with(format!("/proposals/{proposal}"), "Saved."),
        Err(error) => {
            let errors = keep(error)?;
            let view = visit.ask(ProposalOverview(proposal)).await?;
            let page = TitlePage { errors, title, acronym, ..title_page(&visit, view) };
            visit.again(&page)
        }
    }
}

#[derive(Template)]
#[template(path = "proposals/drafts/give_up.html")]
struct GiveUpPage {
    frame: Frame,
    view: Overview,
    action: String,
    question: String,
    cancel: String,
    key: String,
}

#[handler]
pub async fn give_up(visit: Visit, Path(proposal): Path<String>) -> Answer {
    let view = visit.ask(ProposalOverview(id(&proposal)?)).await?;
    let cancel = format!("/proposals/{}", view.head.id);
    let name = format!("{} {}", view.head.code, view.head.acronym);
    visit.page(&GiveUpPage {
        frame: visit.frame_below("Give up this proposal", &[("My proposals", "/proposals"), (name.as_str(), &cancel)]),
        action: format!("{cancel}/give-up"),
        question: format!("Give up “{}”?", view.head.title),
        key: secret::token(visit.app.chance()),
        cancel,
        view,
    })
}

#[handler]
pub async fn give_up_posted(visit: Visit, posted: Posted, Path(proposal): Path<String>) -> Answer {
    visit.run(&posted, DiscardDraft(id(&proposal)?)).await?;
    visit.to_with("/proposals", "The proposal is given up. You can still read it.")
}
