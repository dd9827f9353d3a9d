//! Applies the call's rule when sheets come in, and reminds by the clock.

use super::{
    commands::{ExamineSheets, RemindReviewers},
    queries::{DueReminders, WhatIsDue},
};
use crate::{
    jobs::Task,
    kernel::{Actor, App, AppError, Result},
};
use entity::types::ids::ProposalId;
use serde_json::{Value, json};

/// By the clock: reminders of consensus that wait.
pub const REMIND: &str = "evaluation.consensus.remind";

const SYSTEM: Actor = Actor::System("the rule of the call");

/// Looks at the sheets of one proposal and does what the rule says, until nothing is due.
///
/// # Errors
/// When the proposal is gone or the database cannot be asked.
pub async fn examine(app: App, task: Task) -> Result<Value> {
    let proposal: ProposalId = serde_json::from_value(task.payload["proposal"].clone())?;
    let mut done = 0;
    while done < 10 && app.ask(&SYSTEM, WhatIsDue(proposal)).await? {
        match app.run(&SYSTEM, ExamineSheets(proposal)).await {
            Ok(()) => done += 1,
            // Somebody was quicker.
            Err(AppError::Refused(_)) => break,
            Err(error) => return Err(error),
        }
    }
    Ok(json!({ "steps": done }))
}

/// Reminds whoever is late with a consensus.
///
/// # Errors
/// When the database cannot be asked.
pub async fn remind(app: App, _: Task) -> Result<Value> {
    let due = app.ask(&SYSTEM, DueReminders).await?;
    let mut sent = 0;
    for proposal in &due {
        match app.run(&SYSTEM, RemindReviewers(*proposal)).await {
            Ok(()) => sent += 1,
            Err(AppError::Refused(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(json!({ "reminded": sent }))
}
