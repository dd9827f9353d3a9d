//! Prints the letters after a release, and lets pending decisions follow a replaced ranking.

use super::{
    commands::{FollowRanking, StoreLetter},
    letters,
    queries::LettersDue,
};
use crate::{
    documents::{
        files::{NewFile, commands::keep},
        letters::Printed,
    },
    jobs::Task,
    kernel::{Actor, App, AppError, Result},
};
use entity::types::ids::CallId;
use serde_json::{Value, json};

/// Prints and stores every letter that is due; a repeated run prints only what is missing.
///
/// # Errors
/// When a letter cannot be printed or stored; the job is then tried again.
pub async fn print(app: App, task: Task) -> Result<Value> {
    let call: CallId = serde_json::from_value(task.payload["call"].clone())?;
    let system = Actor::System("decisions");
    let due = app.ask(&system, LettersDue(call)).await?;
    let total = due.len();
    for (done, one) in due.into_iter().enumerate() {
        task.progress(done, total).await;
        let today = app.now().date_naive();
        let code = &one.feedback.code;
        let file = printed(&app, &format!("decision {code}.pdf"), letters::letter(&one, today)).await?;
        let summary = match letters::summary(&one, today) {
            Some(summary) => Some(printed(&app, &format!("evaluation {code}.pdf"), summary).await?),
            None => None,
        };
        app.run(&system, StoreLetter { call, decision: one.decision, file, summary }).await?;
    }
    Ok(json!({ "letters": total }))
}

async fn printed(app: &App, name: &str, document: impl Printed + Send + 'static) -> Result<NewFile> {
    let bytes = tokio::task::spawn_blocking(move || document.pdf())
        .await
        .map_err(|e| AppError::Broken(e.into()))?
        .map_err(|e| AppError::Broken(e.into()))?;
    keep(app.store(), name, "application/pdf", &bytes).await
}

/// Lets pending decisions refer to the ranking that is fixed now; a repeated run changes nothing.
///
/// # Errors
/// When the database fails; the job is then tried again.
pub async fn follow(app: App, task: Task) -> Result<Value> {
    let call: CallId = serde_json::from_value(task.payload["call"].clone())?;
    let decisions = app.run(&Actor::System("decisions"), FollowRanking(call)).await?;
    Ok(json!({ "decisions": decisions }))
}
