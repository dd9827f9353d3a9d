//! What happens to calibrations.

use crate::kernel::{
    Subject,
    event::{AuditLine, Event, JobOrder},
};
use entity::types::ids::{CalibrationId, CallId, JobId};
use serde_json::json;

/// Runs the model in the background.
pub const CALIBRATE: &str = "evaluation.calibrate";

pub enum CalibrationEvent {
    Ordered { call: CallId, job: JobId, places: i32, seed: String },
    Made { call: CallId, calibration: CalibrationId, number: i32, places: i32, seed: String, inputs: String },
}

impl Event for CalibrationEvent {
    fn audit(&self) -> AuditLine {
        let (call, line, data) = match self {
            Self::Ordered { call, places, seed, .. } => (
                *call,
                format!("ordered a calibration with {places} places above the line"),
                json!({ "places": places, "seed": seed }),
            ),
            Self::Made { call, calibration, number, places, seed, inputs } => (
                *call,
                format!("made calibration {number} with {places} places above the line"),
                json!({ "calibration": calibration, "seed": seed, "inputs": inputs }),
            ),
        };
        AuditLine::new(Subject::Call(call), line).data(data)
    }

    fn jobs(&self) -> Vec<JobOrder> {
        match self {
            Self::Ordered { call, job, places, seed } => {
                let payload = json!({ "call": call, "places": places, "seed": seed });
                vec![JobOrder::new(CALIBRATE, payload).known_as(*job)]
            }
            Self::Made { .. } => Vec::new(),
        }
    }
}
