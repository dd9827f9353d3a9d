//! What the clock does with lists.

use super::commands::ClearImports;
use crate::{
    jobs::Task,
    kernel::{Actor, App, AppError, Result},
};
use serde_json::Value;

/// Takes away lists whose time is over.
pub const CLEAR: &str = "evaluation.imports";

/// # Errors
/// When the platform fails; the job is then tried again.
pub async fn clear(app: App, _: Task) -> Result<Value> {
    match app.run(&Actor::System(CLEAR), ClearImports).await {
        Ok(()) | Err(AppError::Refused(_)) => Ok(Value::Null),
        Err(error) => Err(error),
    }
}
