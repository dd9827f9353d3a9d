//! Acts on many proposals, one command for each task.

use crate::{
    evaluation::assignments::{
        commands::{InviteEvaluator, RemindEvaluator},
        queries::AssigningOf,
    },
    jobs::{Task, bulk},
    kernel::{App, AppError, Result},
};
use chrono::{DateTime, Utc};
use entity::types::ids::{EvaluatorId, ProposalId};
use serde_json::Value;

/// Asks one evaluator for many proposals.
pub const INVITE: &str = "evaluation.invite";
/// Reminds everybody who has something to do for one of many proposals.
pub const REMIND: &str = "evaluation.remind";

/// Goes through the proposals of an invitation.
///
/// # Errors
/// When the platform fails; the job is then tried again.
pub async fn invite(app: App, task: Task) -> Result<Value> {
    bulk::each(&app, &task, |app, item| async move {
        let evaluator: EvaluatorId = serde_json::from_value(item.with["evaluator"].clone())?;
        let due: Option<DateTime<Utc>> = serde_json::from_value(item.with["due"].clone())?;
        let command = InviteEvaluator { proposal: item.id.into(), evaluator, due };
        app.run_once(&item.actor, Some(&item.key), command).await.map(|_| ())
    })
    .await
}

/// Goes through the proposals of a reminder.
///
/// # Errors
/// When the platform fails; the job is then tried again.
pub async fn remind(app: App, task: Task) -> Result<Value> {
    bulk::each(&app, &task, |app, item| async move {
        let sheet = app.ask(&item.actor, AssigningOf(ProposalId(item.id))).await?;
        let open: Vec<_> = sheet.tasks.iter().filter(|task| task.is_open()).collect();
        if open.is_empty() {
            return Err(AppError::refused("nothing_open", "Nobody has anything to do here."));
        }
        for (n, task) in open.into_iter().enumerate() {
            let key = format!("{}.{n}", item.key);
            app.run_once(&item.actor, Some(&key), RemindEvaluator(task.id)).await?;
        }
        Ok(())
    })
    .await
}
