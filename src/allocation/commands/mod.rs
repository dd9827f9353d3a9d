//! What the secretariat does with scenarios, jobs with what they found, and who signs.

mod adopt;
mod draft;
mod keep;

pub use adopt::AdoptScenario;
pub use draft::{CancelSearch, ChangeScenario, ComputeScenario, MakeScenario, MakeUsualScenarios, SetAsideScenario};
pub use keep::{FailSearch, KeepOptimum};

use super::{
    events::{About, Deed, ScenarioEvent},
    queries::of_call,
    rules::{Step, next},
};
use crate::kernel::{AppError, Result, Tx};
use entity::{
    allocation::scenario,
    types::ids::{CallId, ScenarioId},
};
use sea_orm::ActiveValue::Set;

fn about(row: &scenario::Model) -> About {
    About { call: row.call_id, scenario: row.id, name: row.name.clone() }
}

fn event(about: About, deed: Deed) -> ScenarioEvent {
    ScenarioEvent { about, deed }
}

/// The scenario as somebody saw it.
///
/// # Errors
/// `NotFound` when there is none, `Stale` when somebody changed it since it was seen.
async fn seen(tx: &Tx, call: CallId, id: ScenarioId, version: i64) -> Result<scenario::Model> {
    let row = of_call(tx.conn(), call, id).await?;
    if row.version == version {
        return Ok(row);
    }
    let at = row.adopted_at.or(row.computed_at).unwrap_or(row.made_at);
    Err(AppError::Stale { by: "somebody".to_owned(), at, version: row.version })
}

/// Takes a step with a scenario and gives the row to be changed further; the caller writes it.
fn step(row: scenario::Model, step: Step) -> Result<scenario::ActiveModel> {
    let to = next(row.state, step).map_err(|illegal| AppError::refused("scenario_state", illegal.to_string()))?;
    let version = row.version + 1;
    let mut change: scenario::ActiveModel = row.into();
    change.state = Set(to);
    change.version = Set(version);
    Ok(change)
}
