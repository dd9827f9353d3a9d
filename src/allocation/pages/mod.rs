//! The screens of scenarios.

mod adopt;
mod compare;
mod list;
mod sheet;

use crate::web::Pages;
use entity::types::ids::{CallId, ScenarioId};

pub fn routes(pages: Pages) -> Pages {
    pages
        .get("/staff/calls/:call/scenarios", list::list_shown)
        .post("/staff/calls/:call/scenarios/usual", list::usual_posted)
        .get("/staff/calls/:call/scenarios/new", list::new_shown)
        .post("/staff/calls/:call/scenarios/new", list::new_posted)
        .get("/staff/calls/:call/scenarios/compare", compare::compare_shown)
        .get("/staff/calls/:call/scenarios/:scenario", sheet::scenario_shown)
        .post("/staff/calls/:call/scenarios/:scenario", sheet::scenario_posted)
        .get("/staff/calls/:call/scenarios/:scenario/progress", sheet::progress)
        .get("/staff/calls/:call/scenarios/:scenario/settings", list::settings_shown)
        .post("/staff/calls/:call/scenarios/:scenario/settings", list::settings_posted)
        .get("/staff/calls/:call/scenarios/:scenario/adopt", adopt::adopt_shown)
        .post("/staff/calls/:call/scenarios/:scenario/adopt", adopt::adopt_posted)
}

fn scenarios(call: CallId) -> String {
    format!("/staff/calls/{call}/scenarios")
}

fn here(call: CallId, scenario: ScenarioId) -> String {
    format!("/staff/calls/{call}/scenarios/{scenario}")
}
