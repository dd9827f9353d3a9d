//! What is done once a sheet stopped counting.

use super::commands::TellOfRecusal;
use crate::{
    jobs::Task,
    kernel::{Actor, App, AppError, Result},
};
use entity::types::ids::AssignmentId;
use serde_json::{Value, json};

/// Tells the secretariat.
///
/// # Errors
/// When the platform fails; the job is then tried again.
pub async fn late(app: App, task: Task) -> Result<Value> {
    let assignment: AssignmentId = serde_json::from_value(task.payload["assignment"].clone())?;
    match app.run(&Actor::System("A late conflict of interest"), TellOfRecusal(assignment)).await {
        Ok(()) => Ok(json!({ "told": true })),
        Err(AppError::Refused(_)) => Ok(json!({ "told": false })),
        Err(error) => Err(error),
    }
}
