//! The check for conflicts in the background, decisions about many findings, and reminders.

use super::{
    commands::{DecideFinding, NoteScreening, RemindOfInterests, StoreFindings},
    queries::{CallsToScreen, PlaceOf, ScreeningOf, StatementDue},
};
use crate::{
    jobs::{Task, bulk},
    kernel::{Actor, App, Result},
};
use entity::types::ids::{AccountId, CallId, FindingId, StatementId};
use serde_json::{Value, json};

/// The check of all running calls, once a day: people, roles and proposals change without telling anybody.
pub const SCREEN_ALL: &str = "evaluation.screen_all";

/// Who acts when nobody pressed a button.
const HERE: Actor = Actor::System("The check for conflicts of interest");

/// Proposals whose findings are kept in one command.
const AT_ONCE: usize = 50;

/// Looks one call through.
///
/// # Errors
/// When the platform fails; the job is then tried again, and what was kept stays.
pub async fn screen(app: App, task: Task) -> Result<Value> {
    let call: CallId = serde_json::from_value(task.payload["call"].clone())?;
    let fresh = one(&app, &task, call, None).await?;
    Ok(json!({ "new": fresh, "href": format!("/staff/calls/{call}/conflicts?state=open") }))
}

/// Looks one person up in all running calls.
///
/// # Errors
/// As [`screen`].
pub async fn screen_person(app: App, task: Task) -> Result<Value> {
    let account: AccountId = serde_json::from_value(task.payload["account"].clone())?;
    let mut fresh = 0;
    for call in app.ask(&HERE, CallsToScreen).await? {
        fresh += one(&app, &task, call, Some(account)).await?;
    }
    Ok(json!({ "new": fresh }))
}

/// Looks all running calls through.
///
/// # Errors
/// As [`screen`].
pub async fn screen_all(app: App, task: Task) -> Result<Value> {
    let mut fresh = 0;
    for call in app.ask(&HERE, CallsToScreen).await? {
        fresh += one(&app, &task, call, None).await?;
    }
    Ok(json!({ "new": fresh }))
}

async fn one(app: &App, task: &Task, call: CallId, only: Option<AccountId>) -> Result<usize> {
    let found = app.ask(&HERE, ScreeningOf { call, only }).await?;
    let (total, mut done) = (found.changed.len(), 0);
    task.progress(done, total).await;
    let (mut fresh, mut alarm) = (0, false);
    for some in found.changed.chunks(AT_ONCE) {
        let stored = app.run(&HERE, StoreFindings { call, found: some.to_vec(), only }).await?;
        fresh += stored.fresh;
        alarm |= stored.alarm;
        done += some.len();
        task.progress(done, total).await;
    }
    // A look at one person that finds nothing leaves no trace in the log.
    if only.is_none() || alarm {
        let (people, proposals) = (found.people, found.proposals);
        let note = NoteScreening { call, people, proposals, alarm, whole: only.is_none() };
        app.run(&HERE, note).await?;
    }
    Ok(fresh)
}

/// Decides about many findings with one reason.
///
/// # Errors
/// When the platform fails; the job is then tried again and skips what was done.
pub async fn decide(app: App, task: Task) -> Result<Value> {
    bulk::each(&app, &task, |app, item| async move {
        let finding = FindingId(item.id);
        let proposal = app.ask(&item.actor, PlaceOf(finding)).await?;
        let conflict = item.with["conflict"] == json!(true);
        let reason = item.with["reason"].as_str().unwrap_or_default().to_owned();
        let command = DecideFinding { proposal, finding, seen: None, conflict, reason };
        app.run_once(&item.actor, Some(&item.key), command).await
    })
    .await
}

/// Reminds somebody whose statement of interests ends soon, unless they signed again.
///
/// # Errors
/// When the platform fails; the job is then tried again.
pub async fn remind(app: App, task: Task) -> Result<Value> {
    let account: AccountId = serde_json::from_value(task.payload["account"].clone())?;
    let statement: StatementId = serde_json::from_value(task.payload["statement"].clone())?;
    let due = app.ask(&HERE, StatementDue(statement, account)).await?;
    if due {
        app.run(&HERE, RemindOfInterests(statement, account)).await?;
    }
    Ok(json!({ "reminded": due }))
}
