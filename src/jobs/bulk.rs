//! One act for each of many rows, with progress, as the person who ordered it.

use super::{Task, commands::TellReady};
use crate::kernel::{Actor, App, AppError, Result};
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::future::Future;
use uuid::Uuid;

/// After so long, whoever ordered a job gets a mail when it is done.
const PATIENCE: TimeDelta = TimeDelta::minutes(1);
/// Most problems that are kept to be shown.
const SHOWN: usize = 100;

/// One row of a bulk job.
#[derive(Debug, Clone)]
pub struct Item {
    pub actor: Actor,
    pub id: Uuid,
    /// The command key for `App::run_once`: when the job begins again after a crash, what was done stays done.
    pub key: String,
    /// What was given besides the rows.
    pub with: Value,
}

/// Goes through the rows of an [`super::commands::OrderBulk`]: rows that are refused stand in the result,
/// the others go on.
///
/// # Errors
/// When the platform fails; the job is then tried again and skips what was done.
pub async fn each<F, R>(app: &App, task: &Task, act: F) -> Result<Value>
where
    F: Fn(App, Item) -> R,
    R: Future<Output = Result<()>>,
{
    let began = app.now();
    let ids: Vec<Uuid> = serde_json::from_value(task.payload["rows"].clone())?;
    let actor = task.actor().await?;
    let step = (ids.len() / 50).max(1);
    let (mut done, mut problems, mut refused) = (0usize, Vec::new(), 0usize);
    for (at, id) in ids.iter().enumerate() {
        if at % step == 0 {
            task.progress(at, ids.len()).await;
        }
        let key = format!("{}:{at}", task.id);
        let item = Item { actor: actor.clone(), id: *id, key, with: task.payload["with"].clone() };
        match act(app.clone(), item).await {
            Ok(()) => done += 1,
            Err(error @ (AppError::Busy | AppError::Broken(_))) => return Err(error),
            Err(error) => {
                refused += 1;
                if problems.len() < SHOWN {
                    problems.push(json!({ "id": id, "why": said(&error) }));
                }
            }
        }
    }
    task.progress(ids.len(), ids.len()).await;
    // Whoever watched it for a minute has gone on to something else.
    if app.now() - began > PATIENCE
        && let Some(account) = actor.account()
    {
        let ready = TellReady { job: task.id, account, done, refused };
        app.run_once(&Actor::System("jobs"), Some(&format!("{}:ready", task.id)), ready).await?;
    }
    Ok(json!({ "done": done, "refused": refused, "problems": problems, "href": task.payload["back"] }))
}

fn said(error: &AppError) -> String {
    match error {
        AppError::Invalid(errors) => errors.list().iter().map(|(_, message)| *message).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    }
}
