//! The screens of plans.

mod compare;
mod deploy;
mod import;
mod list;
mod pair;
mod sheet;

use crate::web::Pages;
use entity::types::ids::{CallId, PlanId};

pub fn routes(pages: Pages) -> Pages {
    pages
        .get("/staff/calls/:call/plans", list::list_shown)
        .get("/staff/calls/:call/plans/new", list::new_shown)
        .post("/staff/calls/:call/plans/new", list::new_posted)
        .get("/staff/calls/:call/plans/compare", compare::compare_shown)
        .get("/staff/calls/:call/plans/:plan", sheet::plan_shown)
        .post("/staff/calls/:call/plans/:plan", sheet::plan_posted)
        .get("/staff/calls/:call/plans/:plan/progress", sheet::progress)
        .get("/staff/calls/:call/plans/:plan/settings", list::settings_shown)
        .post("/staff/calls/:call/plans/:plan/settings", list::settings_posted)
        .get("/staff/calls/:call/plans/:plan/pairs/:pair", pair::pair_shown)
        .post("/staff/calls/:call/plans/:plan/pairs/:pair", pair::pair_posted)
        .get("/staff/calls/:call/plans/:plan/import", import::import_shown)
        .post("/staff/calls/:call/plans/:plan/import", import::import_posted)
        .post("/staff/calls/:call/plans/:plan/import/apply", import::apply_posted)
        .get("/staff/calls/:call/plans/:plan/deploy", deploy::deploy_shown)
        .post("/staff/calls/:call/plans/:plan/deploy", deploy::deploy_posted)
        .post("/staff/calls/:call/plans/:plan/take-back", deploy::take_back_posted)
}

fn plans(call: CallId) -> String {
    format!("/staff/calls/{call}/plans")
}

fn here(call: CallId, plan: PlanId) -> String {
    format!("/staff/calls/{call}/plans/{plan}")
}
