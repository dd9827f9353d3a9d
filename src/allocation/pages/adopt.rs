//! The last look before a scenario is adopted.

use super::{here, scenarios};
use crate::{
    allocation::{
        commands::AdoptScenario,
        queries::{Adoption, AdoptionOf},
    },
    kernel::Result,
    web::{Answer, FieldErrors, Frame, Posted, Visit, keep},
};
use askama::Template;
use entity::types::ids::{CallId, ScenarioId};
use poem::{handler, web::Path};

#[derive(Template)]
#[template(path = "allocation/adopt.html")]
struct AdoptPage {
    frame: Frame,
    errors: FieldErrors,
    look: Adoption,
    here: String,
    my_name: String,
    reason: String,
    signed_name: String,
}

impl AdoptPage {
    async fn of(visit: &Visit, call: CallId, scenario: ScenarioId) -> Result<Self> {
        let look = visit.ask(AdoptionOf { call, scenario }).await?;
        let (above, up, here) = (format!("/staff/calls/{call}"), scenarios(call), here(call, scenario));
        let crumbs = [
            ("Staff", "/staff"),
            (look.call_code.as_str(), above.as_str()),
            ("Scenarios", up.as_str()),
            (look.name.as_str(), here.as_str()),
        ];
        Ok(Self {
            frame: visit.frame_below("Adopt the scenario", &crumbs),
            errors: FieldErrors::default(),
            my_name: visit.actor.name().to_owned(),
            reason: String::new(),
            signed_name: String::new(),
            here,
            look,
        })
    }
}

#[handler]
pub(super) async fn adopt_shown(visit: Visit, Path((call, scenario)): Path<(CallId, ScenarioId)>) -> Answer {
    let page = AdoptPage::of(&visit, call, scenario).await?;
    visit.page(&page)
}

#[handler]
pub(super) async fn adopt_posted(
    visit: Visit,
    posted: Posted,
    Path((call, scenario)): Path<(CallId, ScenarioId)>,
) -> Answer {
    let (reason, signed_name) = (posted.text("reason").to_owned(), posted.text("signed_name").to_owned());
    let seen = posted.version();
    let command = AdoptScenario { call, scenario, seen, reason: reason.clone(), signed_name: signed_name.clone() };
    match visit.run(&posted, command).await {
        Ok(_) => {
            let message = "The scenario is adopted and its minutes are signed. Decisions can be proposed from it.";
            visit.to_with(here(call, scenario), message)
        }
        Err(error) => {
            let errors = keep(error)?;
            let page = AdoptPage { errors, reason, signed_name, ..AdoptPage::of(&visit, call, scenario).await? };
            visit.again(&page)
        }
    }
}
