//! The plans of a call, and the form of settings.

use super::{here, plans};
use crate::{
    evaluation::{
        affinity::rules::Term,
        plans::{
            commands::{ChangePlan, MakePlan},
            queries::{PlanLine, Plans, PlansOf, SettingsOf, SettingsView},
            rules::{
                figures::points,
                settings::{Home, Objective, Typed, term_name},
            },
        },
    },
    kernel::{AppError, Result},
    web::{Answer, Choice, FieldErrors, Frame, Posted, Visit, keep, list::words, show},
};
use askama::Template;
use chrono::{DateTime, Utc};
use entity::types::ids::{CallId, PlanId};
use poem::{handler, web::Path};

#[derive(Template)]
#[template(path = "evaluation/plans/list.html")]
struct ListPage {
    frame: Frame,
    plans: Plans,
}

impl ListPage {
    fn when(&self, at: &DateTime<Utc>) -> String {
        show::instant(at, self.plans.zone)
    }

    fn points(&self, millionths: &i64) -> String {
        points(*millionths)
    }

    /// Whether a plan has pairs to be compared.
    fn has_pairs(&self, line: &PlanLine) -> bool {
        line.pairs > 0
    }

    fn comparable(&self) -> bool {
        self.plans.lines.iter().filter(|line| line.pairs > 0).count() > 1
    }
}

#[handler]
pub(super) async fn list_shown(visit: Visit, Path(call): Path<CallId>) -> Answer {
    let plans = visit.ask(PlansOf(call)).await?;
    let above = format!("/staff/calls/{call}");
    let evaluation = format!("{above}/evaluation");
    let crumbs = [("Staff", "/staff"), (plans.call_code.as_str(), above.as_str()), ("Evaluation", evaluation.as_str())];
    visit.page(&ListPage { frame: visit.frame_below("Plans", &crumbs), plans })
}

#[derive(Template)]
#[template(path = "evaluation/plans/settings.html")]
struct SettingsPage {
    frame: Frame,
    errors: FieldErrors,
    typed: Typed,
    action: String,
    back: String,
    version: i64,
    new: bool,
}

impl SettingsPage {
    fn of(visit: &Visit, call: CallId, plan: Option<PlanId>, view: SettingsView) -> Self {
        let list = plans(call);
        let (title, action, back) = match plan {
            Some(plan) => {
                let back = here(call, plan);
                (format!("Settings of {}", view.name), format!("{back}/settings"), back)
            }
            None => ("New plan".to_owned(), format!("{list}/new"), list.clone()),
        };
        let above = format!("/staff/calls/{call}");
        Self {
            frame: visit.frame_below(title, &[("Staff", "/staff"), (&view.call_code, &above), ("Plans", &list)]),
            errors: FieldErrors::default(),
            typed: Typed::of(&view.name, &view.settings),
            action,
            back,
            version: view.version,
            new: plan.is_none(),
        }
    }

    fn objectives(&self) -> Vec<Choice> {
        words(Objective::ALL.map(|one| (one.word(), one.label())))
    }

    fn homes(&self) -> Vec<Choice> {
        words(Home::ALL.map(|one| (one.word(), one.label())))
    }

    /// Field, label and value of each weight.
    fn weights(&self) -> Vec<(String, &'static str, String)> {
        let of = |(term, typed): (Term, &String)| (format!("weight_{}", term.key()), term_name(term), typed.clone());
        Term::ALL.into_iter().zip(&self.typed.weights).map(of).collect()
    }
}

fn typed(posted: &Posted) -> Typed {
    let text = |name: &str| posted.text(name).to_owned();
    Typed {
        name: text("name"),
        per_proposal: text("per_proposal"),
        least: text("least"),
        most: text("most"),
        objective: text("objective"),
        language: posted.ticked("language"),
        expertise: posted.ticked("expertise"),
        outside: posted.ticked("outside"),
        apart: posted.ticked("apart"),
        bonus: text("bonus"),
        weights: Term::ALL.map(|term| text(&format!("weight_{}", term.key()))),
        home: text("home"),
    }
}

#[handler]
pub(super) async fn new_shown(visit: Visit, Path(call): Path<CallId>) -> Answer {
    let view = visit.ask(SettingsOf { call, plan: None }).await?;
    visit.page(&SettingsPage::of(&visit, call, None, view))
}

#[handler]
pub(super) async fn new_posted(visit: Visit, posted: Posted, Path(call): Path<CallId>) -> Answer {
    let typed = typed(&posted);
    match visit.run(&posted, MakePlan { call, typed: typed.clone() }).await {
        Ok(plan) => visit.to_with(here(call, plan), "The plan was made. Have it computed when its settings are right."),
        Err(error) => again(&visit, call, None, typed, 0, error).await,
    }
}

#[handler]
pub(super) async fn settings_shown(visit: Visit, Path((call, plan)): Path<(CallId, PlanId)>) -> Answer {
    let view = visit.ask(SettingsOf { call, plan: Some(plan) }).await?;
    if !view.open {
        return visit.to(here(call, plan));
    }
    visit.page(&SettingsPage::of(&visit, call, Some(plan), view))
}

#[handler]
pub(super) async fn settings_posted(
    visit: Visit,
    posted: Posted,
    Path((call, plan)): Path<(CallId, PlanId)>,
) -> Answer {
    let typed = typed(&posted);
    let command = ChangePlan { call, plan, seen: posted.version(), typed: typed.clone() };
    match visit.run(&posted, command).await {
        Ok(()) => visit.to_with(here(call, plan), "The settings were saved."),
        Err(error) => again(&visit, call, Some(plan), typed, posted.version(), error).await,
    }
}

/// The form once more, with what was typed.
async fn again(
    visit: &Visit,
    call: CallId,
    plan: Option<PlanId>,
    typed: Typed,
    version: i64,
    error: AppError,
) -> Answer {
    // Whoever was told that somebody else changed it saves over what they were told of.
    let stale = matches!(error, AppError::Stale { .. });
    let errors = keep(error)?;
    let view: Result<SettingsView> = visit.ask(SettingsOf { call, plan }).await;
    let mut page = SettingsPage::of(visit, call, plan, view?);
    page.typed = typed;
    if plan.is_some() && !stale {
        page.version = version;
    }
    page.errors = errors;
    visit.again(&page)
}
