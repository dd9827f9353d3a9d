//! What follows when somebody declines by a link.

use super::commands::TellOfDecline;
use crate::{
    jobs::Task,
    kernel::{Actor, App, Result},
};
use entity::types::ids::InvitationId;
use serde_json::{Value, json};

/// Tells the coordinator.
///
/// # Errors
/// When the invitation cannot be read; the job is then tried again.
pub async fn declined(app: App, task: Task) -> Result<Value> {
    let invitation: InvitationId = serde_json::from_value(task.payload["invitation"].clone())?;
    let reason = task.payload["reason"].as_str().unwrap_or_default().to_owned();
    app.run(&Actor::System("an invitation"), TellOfDecline { invitation, reason }).await?;
    Ok(json!({}))
}
