//! The search of an optimum, which may keep a processor busy for some seconds.

use super::{
    commands::{FailSearch, KeepOptimum},
    queries::{SearchOf, StillWanted},
    rules::{Outcome, mirrored},
};
use crate::{
    allocation::optimum::Effort,
    jobs::{
        Task,
        watched::{Wire, watched},
    },
    kernel::{Actor, App, AppError, Result},
};
use entity::types::ids::{CallId, ScenarioId};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// A search was asked for by a person; it looks at all proposals alike.
const HERE: Actor = Actor::System("allocation");

#[derive(Deserialize)]
struct Order {
    call: CallId,
    scenario: ScenarioId,
}

/// Searches the optimum of a scenario and keeps it; done twice, it is kept once.
///
/// # Errors
/// When the platform fails; the job is then tried again from the start.
pub async fn search(app: App, task: Task) -> Result<Value> {
    let Order { call, scenario } = serde_json::from_value(task.payload.clone())?;
    let job = task.id;
    let told = json!({ "href": format!("/staff/calls/{call}/scenarios/{scenario}") });
    let Some((input, settings)) = app.ask(&HERE, SearchOf { call, scenario, job }).await? else { return Ok(told) };
    let wanted = || async { app.ask(&HERE, StillWanted { call, scenario, job }).await };
    let run = move |wire: Arc<Wire>| -> Option<std::result::Result<Outcome, String>> {
        let effort = Effort::USUAL;
        let mut going = true;
        let found = mirrored(&input, &settings, effort, &mut |at| {
            let done = u32::try_from(at.steps * 100 / effort.steps.max(1)).unwrap_or(100).min(99);
            going = wire.tell(done);
            going
        });
        going.then(|| found.map_err(|refusal| refusal.to_string()))
    };
    let key = job.to_string();
    let kept = match watched(&task, run, wanted).await? {
        None => Ok(()),
        Some(Ok(outcome)) => {
            app.run_once(&HERE, Some(&key), KeepOptimum { call, scenario, job, outcome }).await.map(|_| ())
        }
        Some(Err(why)) => app.run_once(&HERE, Some(&key), FailSearch { call, scenario, job, why }).await,
    };
    match kept {
        // Given up in this very moment.
        Ok(()) | Err(AppError::Refused(_)) => Ok(told),
        Err(error) => Err(error),
    }
}
