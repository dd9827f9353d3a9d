//! The meeting, and one proposal in it.

use super::{Clock, Typed};
use crate::{
    calls::public::rules::{Date, calendar},
    evaluation::panels::{
        commands::{
            AttendMeeting, BeginItem, CastVote, CloseVote, DeclarePanelConflict, EndItem, Ending, Entry, ExtendItem,
            MarkPresence, OpenVote, RecordPoints, RunMeeting, WriteNote,
        },
        queries::{ItemOf, ItemPage, ItemView, MeetingOf, MeetingView},
        rules::states::Step,
    },
    kernel::{AppError, Result},
    web::{Answer, FieldErrors, Frame, Posted, Visit, keep},
};
use askama::Template;
use entity::types::{
    ids::{AccountId, PanelId, PanelItemId, PanelVoteId},
    states::VoteChoice,
};
use poem::{
    handler,
    http::{HeaderValue, header},
    web::Path,
};

/// Seconds after which a page without a script looks again, for whoever asked for it.
const AGAIN: &str = "15";

#[derive(Template)]
#[template(path = "evaluation/panels/meeting.html")]
struct MeetingPage {
    frame: Frame,
    errors: FieldErrors,
    meeting: MeetingView,
    typed: Typed,
    clock: Clock,
    /// Whether the page looks again by itself without a script.
    again: bool,
    /// Which page the forms of a proposal come from.
    from: &'static str,
}

impl MeetingPage {
    async fn of(visit: &Visit, id: PanelId) -> Result<Self> {
        let meeting = visit.ask(MeetingOf(id)).await?;
        let above = format!("/staff/calls/{}/panels", meeting.call);
        let crumb = if meeting.may_staff { ("Panels", above.as_str()) } else { ("Overview", "/overview") };
        Ok(Self {
            frame: visit.frame_below(meeting.name.clone(), &[crumb]),
            errors: FieldErrors::default(),
            typed: Typed::default(),
            clock: Clock(meeting.zone),
            again: visit.query("again").is_some(),
            from: "meeting",
            meeting,
        })
    }

    fn step_label(&self, step: &Step) -> &'static str {
        match step {
            Step::Open => "Open the meeting",
            Step::Pause => "Pause",
            Step::Resume => "Resume",
            Step::Close => "Close the meeting",
            Step::Reopen => "Take the meeting up again",
            Step::Sign => "Sign",
        }
    }
}

#[handler]
pub(super) async fn meeting_shown(visit: Visit, Path(id): Path<PanelId>) -> Answer {
    let page = MeetingPage::of(&visit, id).await?;
    let mut answer = visit.page(&page)?;
    if page.again {
        answer.headers_mut().insert(header::REFRESH, HeaderValue::from_static(AGAIN));
    }
    Ok(answer)
}

#[handler]
pub(super) async fn meeting_posted(visit: Visit, posted: Posted, Path(id): Path<PanelId>) -> Answer {
    let page = MeetingPage::of(&visit, id).await?;
    match acted(&visit, &posted, id).await {
        Ok(message) => visit.to_with(format!("/panels/{id}"), message),
        Err(error) => {
            let errors = keep(error)?;
            visit.again(&MeetingPage { errors, typed: Typed(Some(posted)), ..page })
        }
    }
}

async fn acted(visit: &Visit, posted: &Posted, panel: PanelId) -> Result<&'static str> {
    let action = posted.text("action");
    if let Some(step) = Step::ALL.into_iter().find(|step| step.word() == action) {
        visit.run(posted, RunMeeting { panel, step }).await?;
        return Ok("Done.");
    }
    let here = match action {
        "arrive" => true,
        "leave" => false,
        _ => return Err(AppError::NotFound),
    };
    let typed = posted.text("account").trim();
    let other = typed.parse::<AccountId>().ok().filter(|id| visit.actor.account() != Some(*id));
    match other {
        Some(account) => visit.run(posted, MarkPresence { panel, account, here }).await?,
        None => visit.run(posted, AttendMeeting { panel, here }).await?,
    }
    Ok("Noted.")
}

#[derive(Template)]
#[template(path = "evaluation/panels/item.html")]
struct ItemScreen {
    frame: Frame,
    errors: FieldErrors,
    page: ItemPage,
    typed: Typed,
    clock: Clock,
    from: &'static str,
}

impl ItemScreen {
    async fn of(visit: &Visit, panel: PanelId, item: PanelItemId) -> Result<Self> {
        let page = visit.ask(ItemOf { panel, item }).await?;
        let above = format!("/panels/{panel}");
        let title = format!("{} {}", page.item.code, page.item.title);
        Ok(Self {
            frame: visit.frame_below(title, &[(&page.panel_name, &above)]),
            errors: FieldErrors::default(),
            typed: Typed::default(),
            clock: Clock(page.zone),
            from: "item",
            page,
        })
    }
}

#[handler]
pub(super) async fn item_shown(visit: Visit, Path((panel, item)): Path<(PanelId, PanelItemId)>) -> Answer {
    let page = ItemScreen::of(&visit, panel, item).await?;
    visit.page(&page)
}

#[handler]
pub(super) async fn item_posted(
    visit: Visit,
    posted: Posted,
    Path((panel, item)): Path<(PanelId, PanelItemId)>,
) -> Answer {
    let screen = ItemScreen::of(&visit, panel, item).await?;
    let from_item = posted.text("from") == "item";
    let back = if from_item { format!("/panels/{panel}/items/{item}") } else { format!("/panels/{panel}") };
    let action = posted.text("action").to_owned();
    match discussed(&visit, &posted, &screen.page.item).await {
        // Whoever has declared a conflict does not come back to the proposal.
        Ok(message) if action == "conflict" => visit.to_with(format!("/panels/{panel}"), message),
        Ok(message) => visit.to_with(back, message),
        Err(error) => {
            let errors = keep(error)?;
            let typed = Typed(Some(posted));
            if from_item {
                let fresh = ItemScreen::of(&visit, panel, item).await?;
                return visit.again(&ItemScreen { errors, typed, ..fresh });
            }
            let fresh = MeetingPage::of(&visit, panel).await?;
            visit.again(&MeetingPage { errors, typed, ..fresh })
        }
    }
}

async fn discussed(visit: &Visit, posted: &Posted, item: &ItemView) -> Result<&'static str> {
    let id = item.id;
    let vote = || posted.text("vote").trim().parse::<PanelVoteId>().map_err(|_| AppError::NotFound);
    let action = posted.text("action");
    Ok(match action {
        "begin" => {
            visit.run(posted, BeginItem(id)).await?;
            "Called up."
        }
        "extend" => {
            let minutes = posted.text("more").trim().parse().unwrap_or(0);
            visit.run(posted, ExtendItem { item: id, minutes }).await?;
            "There is more time."
        }
        "decide" | "defer" => {
            let ending = if action == "decide" { Ending::Decide } else { Ending::Defer };
            visit.run(posted, EndItem { item: id, ending, outcome: posted.text("outcome").to_owned() }).await?;
            if ending == Ending::Decide { "Decided." } else { "Deferred." }
        }
        "note" => {
            let command =
                WriteNote { item: id, text: posted.text("note").to_owned(), minuted: posted.ticked("minuted") };
            visit.run(posted, command).await?;
            "Noted."
        }
        "points" => {
            let entry = |criterion: &crate::evaluation::panels::queries::CriterionView| Entry {
                criterion: criterion.key.clone(),
                points: posted.text(&format!("points-{}", criterion.key)).to_owned(),
                reason: posted.text(&format!("reason-{}", criterion.key)).to_owned(),
            };
            let entries = item.criteria.iter().map(entry).collect();
            visit.run(posted, RecordPoints { item: id, seen: posted.version(), entries }).await?;
            "The points are written down."
        }
        "vote_open" => {
            let question = posted.text("question").to_owned();
            visit.run(posted, OpenVote { item: id, question, secret: posted.ticked("secret") }).await?;
            "The vote is open."
        }
        "vote_yes" | "vote_no" | "vote_abstain" => {
            let choice = match action {
                "vote_yes" => VoteChoice::Yes,
                "vote_no" => VoteChoice::No,
                _ => VoteChoice::Abstain,
            };
            visit.run(posted, CastVote { item: id, vote: vote()?, choice }).await?;
            "You have voted."
        }
        "vote_close" | "vote_stop" => {
            visit.run(posted, CloseVote { item: id, vote: vote()?, stop: action == "vote_stop" }).await?;
            if action == "vote_stop" { "The vote is stopped." } else { "The vote is closed." }
        }
        "conflict" => {
            let reason = posted.text("conflict_reason").to_owned();
            visit.run(posted, DeclarePanelConflict { item: id, reason }).await?;
            "You are out of the room for this proposal."
        }
        _ => return Err(AppError::NotFound),
    })
}

/// The meeting for one's calendar.
#[handler]
pub(super) async fn invitation(visit: Visit, Path(id): Path<PanelId>) -> Answer {
    let meeting = visit.ask(MeetingOf(id)).await?;
    let at = meeting.starts_at.ok_or(AppError::NotFound)?;
    let base = visit.app.base_url();
    let host = base.split_once("://").map_or(base, |(_, host)| host);
    let date = Date {
        uid: format!("{id}@{host}"),
        at,
        title: format!("Panel {}", meeting.name),
        text: format!("{}\n{}", meeting.call_title, meeting.place),
        url: format!("{base}/panels/{id}"),
    };
    let file = calendar(&[date], at.timestamp() / 60, visit.app.now());
    visit.download("panel.ics", "text/calendar; charset=utf-8", file.into_bytes())
}
