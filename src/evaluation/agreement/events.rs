//! What happens to comments.

use crate::kernel::{
    Subject,
    event::{AuditLine, Event},
};
use entity::types::ids::{AssignmentId, ProposalId};
use serde_json::json;

/// Somebody who uses comments said whether they were useful.
pub struct CommentsMarked {
    pub proposal: ProposalId,
    pub assignment: AssignmentId,
    pub useful: bool,
}

impl Event for CommentsMarked {
    fn audit(&self) -> AuditLine {
        let word = if self.useful { "useful" } else { "not useful" };
        AuditLine::new(Subject::Proposal(self.proposal), format!("found the comments of a sheet {word}"))
            .data(json!({ "assignment": self.assignment, "useful": self.useful }))
    }
}
