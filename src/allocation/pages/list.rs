//! The scenarios of a call, and the form of settings.

use super::{here, scenarios};
use crate::{
    allocation::{
        commands::{ChangeScenario, MakeScenario, MakeUsualScenarios},
        queries::{MayPlan, Scenarios, ScenariosOf, SettingsOf, SettingsView},
        rules::{Goal, Kind, Typed, budget_field},
    },
    kernel::{AppError, Result},
    web::{Answer, Choice, FieldErrors, Frame, Posted, Visit, keep, list::words, show},
};
use askama::Template;
use chrono::{DateTime, Utc};
use entity::types::{
    decimal,
    ids::{CallId, OrganisationId, ScenarioId},
    money::Money,
};
use poem::{handler, web::Path};

#[derive(Template)]
#[template(path = "allocation/list.html")]
struct ListPage {
    frame: Frame,
    errors: FieldErrors,
    scenarios: Scenarios,
}

impl ListPage {
    async fn of(visit: &Visit, call: CallId) -> Result<Self> {
        let scenarios = visit.ask(ScenariosOf(call)).await?;
        let above = format!("/staff/calls/{call}");
        let crumbs = [("Staff", "/staff"), (scenarios.call_code.as_str(), above.as_str())];
        Ok(Self { frame: visit.frame_below("Scenarios", &crumbs), errors: FieldErrors::default(), scenarios })
    }

    fn when(&self, at: &DateTime<Utc>) -> String {
        show::instant(at, self.scenarios.zone)
    }

    fn points(&self, hundredths: &i64) -> String {
        decimal::plain(*hundredths, 2)
    }

    /// Whether scenarios can be made now.
    fn opens(&self) -> bool {
        self.scenarios.may_plan && self.scenarios.ranking.is_some()
    }
}

#[handler]
pub(super) async fn list_shown(visit: Visit, Path(call): Path<CallId>) -> Answer {
    let page = ListPage::of(&visit, call).await?;
    visit.page(&page)
}

#[handler]
pub(super) async fn usual_posted(visit: Visit, posted: Posted, Path(call): Path<CallId>) -> Answer {
    match visit.run(&posted, MakeUsualScenarios(call)).await {
        Ok(made) => {
            let count = show::count(i64::try_from(made).unwrap_or(i64::MAX), "scenario was", "scenarios were");
            visit.to_with(scenarios(call), &format!("{count} made. Tick some and compare them."))
        }
        Err(error) => {
            let errors = keep(error)?;
            let page = ListPage { errors, ..ListPage::of(&visit, call).await? };
            visit.again(&page)
        }
    }
}

#[derive(Template)]
#[template(path = "allocation/settings.html")]
struct SettingsPage {
    frame: Frame,
    errors: FieldErrors,
    typed: Typed,
    action: String,
    back: String,
    version: i64,
    new: bool,
    view: SettingsView,
}

impl SettingsPage {
    fn of(visit: &Visit, call: CallId, scenario: Option<ScenarioId>, view: SettingsView) -> Self {
        let list = scenarios(call);
        let (title, action, back) = match scenario {
            Some(scenario) => {
                let back = here(call, scenario);
                (format!("Settings of {}", view.name), format!("{back}/settings"), back)
            }
            None => ("New scenario".to_owned(), format!("{list}/new"), list.clone()),
        };
        let above = format!("/staff/calls/{call}");
        Self {
            frame: visit.frame_below(title, &[("Staff", "/staff"), (&view.call_code, &above), ("Scenarios", &list)]),
            errors: FieldErrors::default(),
            typed: Typed::of(&view.name, &view.settings),
            action,
            back,
            version: view.version,
            new: scenario.is_none(),
            view,
        }
    }

    fn kinds(&self) -> Vec<Choice> {
        Kind::ALL.map(|kind| Choice::new(kind.word(), kind.label()).hint(kind.hint())).to_vec()
    }

    fn goals(&self) -> Vec<Choice> {
        words(Goal::ALL.map(|goal| (goal.word(), goal.label())))
    }

    fn pot_currency(&self) -> &'static str {
        self.view.currency.code()
    }

    /// Field, agency, what is typed, currency, budget of the call.
    fn budgets(&self) -> Vec<(String, String, String, &'static str, Money)> {
        let of = |(id, name, budget): &(OrganisationId, String, Money)| {
            let typed = self.typed.budgets.get(id).cloned().unwrap_or_default();
            (budget_field(*id), name.clone(), typed, budget.currency.code(), *budget)
        };
        self.view.agencies.iter().map(of).collect()
    }

    /// Whether a budget is changed or wrong, so that the fields are shown unfolded.
    fn what_if(&self) -> bool {
        let typed = |(field, _, typed, ..): &(String, String, String, &'static str, Money)| {
            !typed.is_empty() || self.errors.of(field).is_some()
        };
        self.budgets().iter().any(typed)
    }
}

fn typed(posted: &Posted) -> Typed {
    let text = |name: &str| posted.text(name).to_owned();
    let budget = |(name, value): &(String, String)| {
        Some((name.strip_prefix("budget_")?.parse().ok()?, value.clone())).filter(|(_, typed)| !typed.trim().is_empty())
    };
    Typed {
        name: text("name"),
        kind: text("kind"),
        floor: text("floor"),
        pot: text("pot"),
        pot_cap: text("pot_cap"),
        afterwards: posted.ticked("afterwards"),
        one_agency: posted.ticked("one_agency"),
        goal: text("goal"),
        top_up: text("top_up"),
        budgets: posted.fields().iter().filter_map(budget).collect(),
    }
}

#[handler]
pub(super) async fn new_shown(visit: Visit, Path(call): Path<CallId>) -> Answer {
    let view = visit.ask(SettingsOf { call, scenario: None }).await?;
    visit.page(&SettingsPage::of(&visit, call, None, view))
}

#[handler]
pub(super) async fn new_posted(visit: Visit, posted: Posted, Path(call): Path<CallId>) -> Answer {
    visit.ask(MayPlan(call)).await?;
    let typed = typed(&posted);
    match visit.run(&posted, MakeScenario { call, typed: typed.clone() }).await {
        Ok(scenario) => visit.to_with(here(call, scenario), "The scenario was made."),
        Err(error) => again(&visit, call, None, typed, 0, error).await,
    }
}

#[handler]
pub(super) async fn settings_shown(visit: Visit, Path((call, scenario)): Path<(CallId, ScenarioId)>) -> Answer {
    let view = visit.ask(SettingsOf { call, scenario: Some(scenario) }).await?;
    if !view.open {
        return visit.to(here(call, scenario));
    }
    visit.page(&SettingsPage::of(&visit, call, Some(scenario), view))
}

#[handler]
pub(super) async fn settings_posted(
    visit: Visit,
    posted: Posted,
    Path((call, scenario)): Path<(CallId, ScenarioId)>,
) -> Answer {
    let typed = typed(&posted);
    let command = ChangeScenario { call, scenario, seen: posted.version(), typed: typed.clone() };
    match visit.run(&posted, command).await {
        Ok(()) => visit.to_with(here(call, scenario), "The settings were saved and the scenario computed anew."),
        Err(error) => again(&visit, call, Some(scenario), typed, posted.version(), error).await,
    }
}

/// The form once more, with what was typed.
async fn again(
    visit: &Visit,
    call: CallId,
    scenario: Option<ScenarioId>,
    typed: Typed,
    version: i64,
    error: AppError,
) -> Answer {
    // Whoever was told that somebody else changed it saves over what they were told of.
    let stale = matches!(error, AppError::Stale { .. });
    let errors = keep(error)?;
    let view: Result<SettingsView> = visit.ask(SettingsOf { call, scenario }).await;
    let mut page = SettingsPage::of(visit, call, scenario, view?);
    page.typed = typed;
    if scenario.is_some() && !stale {
        page.version = version;
    }
    page.errors = errors;
    visit.again(&page)
}
