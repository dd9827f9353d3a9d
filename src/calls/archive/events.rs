//! What happens to calls as files.

use crate::kernel::{
    Subject,
    event::{AuditLine, Event},
};
use entity::types::ids::CallId;
use serde_json::json;

pub enum ArchiveEvent {
    Imported { call: CallId, code: String, annexes: usize },
    Copied { call: CallId, code: String, from: String },
}

impl Event for ArchiveEvent {
    fn audit(&self) -> AuditLine {
        match self {
            Self::Imported { call, code, annexes } => {
                AuditLine::new(Subject::Call(*call), format!("imported the call {code} with {annexes} annexes"))
                    .data(json!({ "code": code, "annexes": annexes }))
            }
            Self::Copied { call, code, from } => {
                AuditLine::new(Subject::Call(*call), format!("started the call {code} as a copy of {from}"))
                    .data(json!({ "code": code, "from": from }))
            }
        }
    }
}
