//! What the clock does with profiles.

use super::{commands::EraseOverdue, queries::OverdueProfiles};
use crate::{
    jobs::Task,
    kernel::{Actor, App, AppError, Result},
};
use serde_json::{Value, json};

/// Erases profiles that are kept longer than they may be.
pub const ERASE: &str = "evaluation.erase";

/// # Errors
/// When a profile could not be erased for a reason other than that it may be kept; the others are.
pub async fn erase(app: App, _: Task) -> Result<Value> {
    let actor = Actor::System(ERASE);
    let (mut erased, mut failed) = (0, None);
    for id in app.ask(&actor, OverdueProfiles).await? {
        match app.run(&actor, EraseOverdue(id)).await {
            Ok(()) => erased += 1,
            Err(AppError::Refused(_)) => {}
            Err(error) => failed = Some(error),
        }
    }
    failed.map_or_else(|| Ok(json!({ "erased": erased })), Err)
}
