//! What the clock and agreements order.

use super::{
    commands::{AskForReport, RemindOfReport, ScheduleReports},
    queries::RemindersDue,
};
use crate::{
    jobs::{Task, bulk},
    kernel::{Actor, App, Result},
};
use entity::types::ids::AgreementId;
use serde_json::{Value, json};

/// Reminds the writers of many reports.
pub const REMIND: &str = "reporting.ask";

/// Goes through the reports an officer chose.
///
/// # Errors
/// When the platform fails; the job is then tried again.
pub async fn ask(app: App, task: Task) -> Result<Value> {
    bulk::each(&app, &task, |app, item| async move {
        app.run_once(&item.actor, Some(&item.key), AskForReport(item.id.into())).await
    })
    .await
}

/// Makes or moves the reports of an agreement.
///
/// # Errors
/// When the agreement cannot be read; the job is then tried again.
pub async fn schedule(app: App, task: Task) -> Result<Value> {
    let agreement: AgreementId = serde_json::from_value(task.payload["agreement"].clone())?;
    app.run(&Actor::System("reporting"), ScheduleReports(agreement)).await?;
    Ok(json!({}))
}

/// Sends the reminders that are due today.
///
/// # Errors
/// When the list cannot be read; the job is then tried again.
pub async fn remind(app: App, task: Task) -> Result<Value> {
    let system = Actor::System("reporting");
    let due = app.ask(&system, RemindersDue).await?;
    let total = due.len();
    for (done, (report, days)) in due.into_iter().enumerate() {
        task.progress(done, total).await;
        app.run(&system, RemindOfReport { report, days }).await?;
    }
    Ok(json!({ "reminders": total }))
}
