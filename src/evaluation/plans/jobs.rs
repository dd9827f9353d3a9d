//! Runs in the background: a large call keeps a processor busy for minutes.

use super::{
    commands::{FailPlan, KeepMeasured, KeepPlan, KeepPrice},
    queries::{InputsOf, ProgressOf, StillWanted},
    rules::outcome::Next,
    solving::{Found, Unfound, measure as measured, price as priced, solve},
};
use crate::{
    jobs::{
        Task,
        watched::{Wire, watched},
    },
    kernel::{Actor, App, AppError, Result},
};
use entity::types::ids::{CallId, PlanId, PlanPairId};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// What a run reads and keeps was asked for by a person; the run itself looks at all proposals alike.
const HERE: Actor = Actor::System("plans");

#[derive(Deserialize)]
struct Order {
    call: CallId,
    plan: PlanId,
    pair: Option<PlanPairId>,
}

/// Finds the best assignment of a plan and keeps it; done twice, it is kept once.
///
/// # Errors
/// When the platform fails; the job is then tried again from the start.
pub async fn compute(app: App, task: Task) -> Result<Value> {
    let Order { call, plan, .. } = serde_json::from_value(task.payload.clone())?;
    let job = task.id;
    let href = format!("/staff/calls/{call}/plans/{plan}");
    let told = json!({ "href": href });
    let Some(inputs) = app.ask(&HERE, InputsOf { call, plan, job: Some(job) }).await? else { return Ok(told) };
    let wanted = || async { app.ask(&HERE, StillWanted { call, plan, job }).await };
    let key = job.to_string();
    let kept = match watched(&task, move |wire| solve(inputs, true, &|done| wire.tell(done)), wanted).await? {
        Ok(found) => app.run_once(&HERE, Some(&key), KeepPlan { call, plan, job, found }).await.map(|_| ()),
        Err(Unfound::Failed(failure)) => app.run_once(&HERE, Some(&key), FailPlan { call, plan, job, failure }).await,
        Err(Unfound::Stopped) => Ok(()),
    };
    match kept {
        // Given up in this very moment.
        Ok(()) | Err(AppError::Refused(_)) => Ok(told),
        Err(error) => Err(error),
    }
}

/// Works out the affinities of pairs that came by hand or from a list.
///
/// # Errors
/// As [`compute`].
pub async fn measure(app: App, task: Task) -> Result<Value> {
    let Order { call, plan, .. } = serde_json::from_value(task.payload.clone())?;
    let Some(inputs) = app.ask(&HERE, InputsOf { call, plan, job: None }).await? else { return Ok(Value::Null) };
    let found: Found = watched(&task, move |_| measured(inputs), || async { Ok(true) }).await?;
    app.run(&HERE, KeepMeasured { call, plan, found }).await?;
    Ok(Value::Null)
}

/// Works out what going without one pair costs.
///
/// # Errors
/// As [`compute`].
pub async fn price(app: App, task: Task) -> Result<Value> {
    let Order { call, plan, pair } = serde_json::from_value(task.payload.clone())?;
    let pair = pair.ok_or_else(|| AppError::broken("a price is asked for no pair"))?;
    let told = json!({ "href": format!("/staff/calls/{call}/plans/{plan}/pairs/{pair}") });
    let seen = app.ask(&HERE, ProgressOf { call, plan }).await?.version;
    let Some(inputs) = app.ask(&HERE, InputsOf { call, plan, job: None }).await? else { return Ok(told) };
    let run = move |wire: Arc<Wire>| priced(inputs, pair, &|done| wire.tell(done));
    let next: Option<Next> = watched(&task, run, || async { Ok(true) }).await?.unwrap_or_default();
    let Some(next) = next else { return Ok(told) };
    match app.run(&HERE, KeepPrice { call, plan, seen, pair, next }).await {
        // The draft changed meanwhile, so that it holds no longer.
        Ok(()) | Err(AppError::Stale { .. } | AppError::NotFound) => Ok(told),
        Err(error) => Err(error),
    }
}
