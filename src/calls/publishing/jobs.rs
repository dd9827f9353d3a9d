//! What the clock does to calls.

use super::{
    commands::{CloseCall, OpenCall},
    events::ADVANCE,
    queries::DueCalls,
};
use crate::{
    calls::rules::CallStep,
    jobs::Task,
    kernel::{Actor, App, Result},
};
use serde_json::{Value, json};

/// Opens and closes every call whose time has come; a call that opened late may be closed in the same round.
///
/// # Errors
/// When a call could not be moved; the others are, and the job is tried again.
pub async fn advance(app: App, _: Task) -> Result<Value> {
    let actor = Actor::System(ADVANCE);
    let (mut moved, mut failed) = (0, None);
    for _ in 0..2 {
        for (call, step) in app.ask(&actor, DueCalls).await? {
            let outcome = match step {
                CallStep::Open => app.run(&actor, OpenCall(call)).await,
                _ => app.run(&actor, CloseCall(call)).await,
            };
            match outcome {
                Ok(_) => moved += 1,
                Err(error) => failed = Some(error),
            }
        }
    }
    failed.map_or_else(|| Ok(json!({ "moved": moved })), Err)
}
