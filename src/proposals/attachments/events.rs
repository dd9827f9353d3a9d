//! What happens to attachments.

use crate::{
    kernel::event::{AuditLine, Event},
    proposals::Place,
};
use entity::types::ids::{FileId, ProposalId};
use serde_json::json;

pub enum AttachmentEvent {
    Attached { proposal: ProposalId, place: Place, label: String, name: String, file: FileId, replaced: bool },
    Detached { proposal: ProposalId, place: Place, label: String, name: String, file: FileId },
}

impl Event for AttachmentEvent {
    fn audit(&self) -> AuditLine {
        match self {
            Self::Attached { proposal, place, label, name, file, replaced } => {
                let did = if *replaced { "replaced" } else { "attached" };
                let line = format!("{did} “{name}” for “{label}”");
                AuditLine::new(place.subject(*proposal), line).of_proposal(*proposal).data(json!({ "file": file }))
            }
            Self::Detached { proposal, place, label, name, file } => {
                let line = format!("removed “{name}” from “{label}”");
                AuditLine::new(place.subject(*proposal), line).of_proposal(*proposal).data(json!({ "file": file }))
            }
        }
    }
}
