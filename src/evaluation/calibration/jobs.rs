//! The model runs in the background, because a large call keeps a processor busy for seconds.

use super::{
    commands::KeepCalibration,
    figures::{calibrate, why},
    queries::InputsOf,
};
use crate::{
    jobs::Task,
    kernel::{App, AppError, Result},
};
use entity::types::ids::CallId;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Order {
    call: CallId,
    places: i32,
    seed: String,
}

/// Runs the model over the sheets of now and keeps what it says; done twice, it is kept once.
///
/// # Errors
/// When the platform fails or the person who ordered it may no longer; the job is then tried again.
pub async fn run(app: App, task: Task) -> Result<Value> {
    let actor = task.actor().await?;
    let Order { call, places, seed } = serde_json::from_value(task.payload.clone())?;
    let inputs = app.ask(&actor, InputsOf(call)).await?;
    let digest = inputs.digest.clone();
    let number = seed.parse().unwrap_or_default();
    let line = u32::try_from(places).unwrap_or_default();
    let made = tokio::task::spawn_blocking(move || calibrate(&inputs, line, number))
        .await
        .map_err(|e| AppError::Broken(e.into()))?;
    let href = format!("/staff/calls/{call}/calibration");
    match made {
        Ok(calibrated) => {
            let keep = KeepCalibration { call, places, seed, inputs: digest, calibrated };
            let number = app.run_once(&actor, Some(&task.id.to_string()), keep).await?;
            Ok(json!({ "calibration": number, "href": href }))
        }
        // Sheets were taken back meanwhile: trying again would not help.
        Err(unusable) => Ok(json!({ "why": why(unusable), "href": href })),
    }
}
