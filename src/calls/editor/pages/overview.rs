//! One call at the desk: its tasks, its annexes and its next step.

use super::{
    progress::{KeyFigure, Milestone, key_figures, milestones},
    save::{Mode, key},
};
use crate::{
    calls::{
        editor::queries::{CallAtDesk, CallDesk},
        figures::queries::KeyFiguresOf,
        publishing::commands::{ArchiveCall, PublishCall, StartEvaluation, SubmitForApproval, TakeBack},
        rules::CallStep,
    },
    kernel::AppError,
    web::{
        Answer, FieldErrors, Frame, Pages, Posted, Visit,
        frame::{Strip, Task},
        keep, show,
    },
};
use askama::Template;
use entity::types::{
    ids::{AnnexId, CallId},
    period,
    states::{AnnexClass, AnnexState, CallState},
};
use poem::{handler, web::Path};

pub fn routes(pages: Pages) -> Pages {
    let step = "/staff/calls/:call/steps/:step";
    pages.get("/staff/calls/:call", desk_page).get(step, step_page).post(step, step_posted)
}

#[derive(Template)]
#[template(path = "calls/editor/desk.html")]
struct DeskPage {
    frame: Frame,
    desk: CallDesk,
    strip: Strip,
    tasks: Vec<Task>,
    annexes: Vec<Task>,
    done: usize,
    steps: Vec<Step>,
    places: Vec<(&'static str, String)>,
    milestones: Vec<Milestone>,
    figures: Vec<KeyFigure>,
    mode: Mode,
}

/// A step the actor may take now.
struct Step {
    word: &'static str,
    label: &'static str,
    next: bool,
}

#[handler]
async fn desk_page(visit: Visit, Path(call): Path<CallId>) -> Answer {
    let desk = visit.ask(CallAtDesk(call)).await?;
    let tasks = tasks(&desk);
    let figures = match desk.can.figures {
        true => key_figures(&desk, &visit.ask(KeyFiguresOf(call)).await?),
        false => Vec::new(),
    };
    visit.page(&DeskPage {
        frame: visit.frame_below(format!("{}: {}", desk.code, desk.terms.title), &[("Calls", "/staff/calls")]),
        strip: strip(&desk),
        done: desk.tasks.iter().filter(|t| t.done).count(),
        tasks,
        annexes: annexes(&desk),
        steps: steps(&desk),
        places: places(&desk),
        milestones: milestones(&desk),
        figures,
        mode: Mode::of(&desk),
        desk,
    })
}

fn strip(desk: &CallDesk) -> Strip {
    let approved = desk.annexes.iter().filter(|a| a.terms.class == AnnexClass::Funding);
    let (all, yes) = (approved.clone().count(), approved.filter(|a| a.state == AnnexState::Approved).count());
    let last = desk.annexes.iter().map(|a| a.terms.deadline).max_by_key(|d| d.instant());
    let mut strip = Strip::new(desk.state.word(), desk.state.label());
    if let Some(last) = last {
        strip = strip.deadline("Last deadline", &last);
    }
    let (turn, yours) = match desk.state {
        CallState::Draft => ("The secretariat writes the call.", desk.can.edit),
        CallState::AgencyReview if yes < all => ("The agencies approve their annexes.", !desk.own.is_empty()),
        CallState::AgencyReview => ("The secretariat announces the call.", desk.can.publish),
        CallState::Announced => ("The clock opens the call.", false),
        CallState::Open => ("Applicants write.", false),
        CallState::Closed => ("The agencies check eligibility.", !desk.own.is_empty()),
        CallState::Evaluating => ("The evaluators judge.", false),
        CallState::Ranked => ("The agencies decide.", !desk.own.is_empty()),
        CallState::Decided => ("The projects report.", false),
        CallState::Archived => ("", false),
    };
    let opens =
        desk.terms.opens_at.map_or_else(|| "not said yet".to_owned(), |at| period::in_zone(at, desk.terms.zone));
    strip.turn(turn, yours).fact("Opens", opens).fact("Approved annexes", format!("{yes} of {all}"))
}

fn tasks(desk: &CallDesk) -> Vec<Task> {
    let own = desk.tasks.iter().filter(|task| !task.key.starts_with("annex"));
    own.map(|task| {
        let href = match task.key.as_str() {
            "form" => format!("/staff/calls/{}/form", desk.id),
            key => format!("/staff/calls/{}/edit/{key}", desk.id),
        };
        let (state, state_label) = if task.done { ("complete", "Complete") } else { ("attention", "To do") };
        Task {
            label: task.title.clone(),
            href: Some(href),
            hint: task.missing.iter().take(3).cloned().collect::<Vec<_>>().join(" · "),
            state: state.to_owned(),
            state_label: state_label.to_owned(),
            who: String::new(),
        }
    })
    .collect()
}

/// Where the work on the proposals of the call is done, for those who may.
fn places(desk: &CallDesk) -> Vec<(&'static str, String)> {
    let can = desk.can;
    let public = !matches!(desk.state, CallState::Draft | CallState::AgencyReview | CallState::Announced);
    let place = |(may, label, page): (bool, &'static str, &str)| {
        ((public || page == "history") && may).then(|| (label, format!("/staff/calls/{}/{page}", desk.id)))
    };
    let all = [
        (can.proposals, "Proposals", "proposals"),
        (can.checks, "Eligibility", "eligibility"),
        (can.progress, "Evaluation", "evaluation"),
        (can.ranking, "Ranking", "ranking"),
        (can.scenarios, "Scenarios", "scenarios"),
        (can.decisions, "Decisions", "decisions"),
        (can.reports, "Agreements", "agreements"),
        (can.reports, "Reports", "reports"),
        (can.reports, "Indicators", "kpis"),
        (can.figures, "Figures", "figures"),
        (can.history, "History", "history"),
    ];
    all.into_iter().filter_map(place).collect()
}

fn annexes(desk: &CallDesk) -> Vec<Task> {
    let mine = |annex: &AnnexId| desk.can.draft || desk.own.contains(annex);
    let line = |(i, annex): (usize, &crate::calls::public::queries::AnnexView)| {
        let task = desk.tasks.iter().find(|t| t.key == format!("annex-{i}"));
        let wrong = |t: &&String| !t.starts_with("The agency has not approved");
        let missing: Vec<String> = task.iter().flat_map(|t| t.missing.iter()).filter(wrong).take(3).cloned().collect();
        let (state, state_label) = match annex.state {
            AnnexState::Approved => ("approved", "Approved".to_owned()),
            AnnexState::Draft if !missing.is_empty() => ("attention", "To do".to_owned()),
            AnnexState::Draft => ("pending", "Waits for approval".to_owned()),
        };
        Task {
            label: annex.name.clone(),
            href: mine(&annex.id).then(|| format!("/staff/calls/{}/annexes/{}", desk.id, annex.id)),
            hint: missing.join(" · "),
            state: state.to_owned(),
            state_label,
            who: annex.terms.budget.map_or_else(|| annex.terms.class.label().to_owned(), show::money),
        }
    };
    desk.annexes.iter().enumerate().map(line).collect()
}

/// The words of steps in addresses.
fn word(step: CallStep) -> Option<&'static str> {
    Some(match step {
        CallStep::SendToAgencies => "submit",
        CallStep::TakeBack => "take-back",
        CallStep::Announce => "publish",
        CallStep::StartEvaluation => "start-evaluation",
        CallStep::Archive => "archive",
        CallStep::Open | CallStep::Close | CallStep::FixRanking | CallStep::Decide => return None,
    })
}

fn allowed(desk: &CallDesk, step: CallStep) -> bool {
    match step {
        CallStep::SendToAgencies | CallStep::TakeBack => desk.can.edit,
        CallStep::Announce => desk.can.publish,
        _ => desk.can.advance,
    }
}

fn steps(desk: &CallDesk) -> Vec<Step> {
    let own = desk.steps.iter().filter(|step| allowed(desk, **step));
    own.filter_map(|step| Some(Step { word: word(*step)?, label: step.label(), next: *step != CallStep::TakeBack }))
        .collect()
}

#[derive(Template)]
#[template(path = "calls/editor/step.html")]
struct StepPage {
    frame: Frame,
    errors: FieldErrors,
    desk: CallDesk,
    key: String,
    word: String,
    step: CallStep,
    consequences: Vec<String>,
}

fn step_of(desk: &CallDesk, typed: &str) -> Result<CallStep, AppError> {
    desk.steps.iter().copied().find(|s| word(*s) == Some(typed)).ok_or_else(|| {
        let known = CallStep::ALL.iter().find(|s| word(**s) == Some(typed));
        match known {
            Some(step) => crate::calls::rules::IllegalStep { from: desk.state, step: *step }.into(),
            None => AppError::NotFound,
        }
    })
}

fn step_shown(visit: &Visit, desk: CallDesk, word: String, step: CallStep, errors: FieldErrors) -> StepPage {
    let home = format!("/staff/calls/{}", desk.id);
    let frame = visit.frame_below(step.label(), &[("Calls", "/staff/calls"), (desk.code.as_str(), home.as_str())]);
    StepPage { consequences: consequences(&desk, step), key: key(visit), frame, errors, desk, word, step }
}

fn consequences(desk: &CallDesk, step: CallStep) -> Vec<String> {
    let agencies = desk.annexes.len();
    let opens = desk.terms.opens_at.map_or_else(String::new, |at| period::in_zone(at, desk.terms.zone));
    match step {
        CallStep::SendToAgencies => vec![
            format!("The officers of {agencies} agencies get a mail and complete and approve their annexes."),
            "The call's own terms rest until you take the call back.".to_owned(),
        ],
        CallStep::TakeBack => vec!["You can change the call again; all approvals of annexes fall.".to_owned()],
        CallStep::Announce => vec![
            "Everybody can read the call from now on; this cannot be taken back.".to_owned(),
            format!("It opens by itself on {opens}."),
            "Managers of all clusters and the officers of the agencies get a mail.".to_owned(),
            "Later changes are corrigenda with a reason; deadlines then only move later.".to_owned(),
        ],
        CallStep::StartEvaluation => {
            vec!["Evaluators can give points from now on. Every submitted part has to be checked before.".to_owned()]
        }
        CallStep::Archive => vec!["The call stays readable; nothing in it changes any more.".to_owned()],
        CallStep::Open | CallStep::Close | CallStep::FixRanking | CallStep::Decide => Vec::new(),
    }
}

#[handler]
async fn step_page(visit: Visit, Path((call, typed)): Path<(CallId, String)>) -> Answer {
    let desk = visit.ask(CallAtDesk(call)).await?;
    let step = step_of(&desk, &typed)?;
    if !allowed(&desk, step) {
        return Err(AppError::Denied(crate::kernel::error::Denial::Role).into());
    }
    visit.page(&step_shown(&visit, desk, typed, step, FieldErrors::default()))
}

#[handler]
async fn step_posted(visit: Visit, posted: Posted, Path((call, typed)): Path<(CallId, String)>) -> Answer {
    let outcome = match typed.as_str() {
        "submit" => visit.run(&posted, SubmitForApproval(call)).await,
        "take-back" => visit.run(&posted, TakeBack(call)).await,
        "publish" => visit.run(&posted, PublishCall(call)).await,
        "start-evaluation" => visit.run(&posted, StartEvaluation(call)).await,
        "archive" => visit.run(&posted, ArchiveCall(call)).await,
        _ => return Err(AppError::NotFound.into()),
    };
    match outcome {
        Ok(state) => visit.to_with(format!("/staff/calls/{call}"), &format!("The call is now: {}.", state.label())),
        Err(error) => {
            let errors = keep(error)?.0.into_iter().map(|(place, message)| match place.as_str() {
                "" => (String::new(), message),
                place => (String::new(), format!("{message} ({place})")),
            });
            let errors = FieldErrors(errors.collect());
            let desk = visit.ask(CallAtDesk(call)).await?;
            let step =
                CallStep::ALL.into_iter().find(|s| word(*s) == Some(typed.as_str())).ok_or(AppError::NotFound)?;
            visit.again(&step_shown(&visit, desk, typed, step, errors))
        }
    }
}
