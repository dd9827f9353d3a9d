//! What happens to rankings.

use crate::kernel::{
    Subject,
    event::{AuditLine, Event},
};
use entity::types::ids::{CallId, RankingId};
use serde_json::json;

pub enum RankingEvent {
    Drawn { call: CallId, ranking: RankingId, number: i32, lines: usize, reason: String },
    Fixed { call: CallId, ranking: RankingId, number: i32, digest: String, above: usize, below: usize },
}

impl Event for RankingEvent {
    fn audit(&self) -> AuditLine {
        let (call, line, data) = match self {
            Self::Drawn { call, ranking, number, lines, reason } => (
                *call,
                format!("drew ranking {number} of {lines} proposals"),
                json!({ "ranking": ranking, "reason": reason }),
            ),
            Self::Fixed { call, ranking, number, digest, above, below } => (
                *call,
                format!("signed and fixed ranking {number}: {above} above the thresholds, {below} below"),
                json!({ "ranking": ranking, "digest": digest }),
            ),
        };
        AuditLine::new(Subject::Call(call), line).data(data)
    }
}
