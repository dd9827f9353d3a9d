//! What the clock does with invitations.

use super::{commands::LapseInvitation, queries::InvitationsOver};
use crate::{
    jobs::Task,
    kernel::{Actor, App, AppError, Result},
};
use serde_json::{Value, json};

/// Lets the invitations lapse that nobody answered in time.
///
/// # Errors
/// When the list cannot be read; the job is then tried again.
pub async fn lapse(app: App, task: Task) -> Result<Value> {
    let system = Actor::System("evaluation");
    let over = app.ask(&system, InvitationsOver).await?;
    let (mut lapsed, total) = (0, over.len());
    for (done, assignment) in over.into_iter().enumerate() {
        task.progress(done, total).await;
        match app.run(&system, LapseInvitation(assignment)).await {
            Ok(()) => lapsed += 1,
            // Answered in this very moment.
            Err(AppError::Refused(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(json!({ "lapsed": lapsed }))
}
