//! What happens to jobs by people's hands.

use crate::kernel::{
    Subject,
    event::{AuditLine, Event, JobOrder},
};
use entity::types::ids::JobId;
use serde_json::{Value, json};

pub enum JobEvent {
    BulkOrdered { id: JobId, job: &'static str, rows: usize, payload: Value },
    RunAgain { id: JobId, job: String },
}

impl Event for JobEvent {
    fn audit(&self) -> AuditLine {
        match self {
            Self::BulkOrdered { id, job, rows, .. } => {
                AuditLine::new(Subject::Job(*id), format!("ordered {job} for {rows} rows"))
                    .data(json!({ "job": job, "rows": rows }))
            }
            Self::RunAgain { id, job } => {
                AuditLine::new(Subject::Job(*id), format!("let the failed job {job} run again"))
            }
        }
    }

    fn jobs(&self) -> Vec<JobOrder> {
        match self {
            Self::BulkOrdered { id, job, payload, .. } => vec![JobOrder::new(job, payload.clone()).known_as(*id)],
            Self::RunAgain { .. } => Vec::new(),
        }
    }
}
