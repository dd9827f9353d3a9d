//! What happens to drafts.

use crate::{
    kernel::{
        Subject,
        event::{AuditLine, Event},
    },
    proposals::Place,
};
use entity::types::ids::{CallId, PartId, ProposalId};
use serde_json::json;

pub enum DraftEvent {
    Started { call: CallId, proposal: ProposalId, part: PartId, code: String, organisation: String },
    Renamed { proposal: ProposalId, title: String },
    GivenUp { proposal: ProposalId, title: String },
    Answered { proposal: ProposalId, place: Place, section: String, questions: Vec<String> },
    Completed { proposal: ProposalId, place: Place, section: String },
    Reopened { proposal: ProposalId, place: Place, section: String },
}

impl Event for DraftEvent {
    fn audit(&self) -> AuditLine {
        match self {
            Self::Started { call, proposal, part, code, organisation } => {
                let line = format!("started the proposal {code} for {organisation}");
                AuditLine::new(Subject::Proposal(*proposal), line).of_call(*call).data(json!({ "part": part }))
            }
            Self::Renamed { proposal, title } => {
                AuditLine::new(Subject::Proposal(*proposal), format!("named the proposal “{title}”"))
            }
            Self::GivenUp { proposal, title } => {
                AuditLine::new(Subject::Proposal(*proposal), format!("gave up the proposal “{title}”"))
            }
            Self::Answered { proposal, place, section, questions } => {
                let line = match questions.as_slice() {
                    [] => format!("saved “{section}” without a change"),
                    [one] => format!("answered “{one}” in “{section}”"),
                    many => format!("answered {} questions in “{section}”", many.len()),
                };
                let data = json!({ "questions": questions });
                AuditLine::new(place.subject(*proposal), line).of_proposal(*proposal).data(data)
            }
            Self::Completed { proposal, place, section } => {
                let line = format!("marked “{section}” as complete");
                AuditLine::new(place.subject(*proposal), line).of_proposal(*proposal)
            }
            Self::Reopened { proposal, place, section } => {
                let line = format!("took up “{section}” again");
                AuditLine::new(place.subject(*proposal), line).of_proposal(*proposal)
            }
        }
    }
}
