//! What happens to annexes.

use crate::{
    calls::{
        editor::events::{data, in_short},
        rules::Difference,
    },
    kernel::{
        Subject,
        event::{AuditLine, Event},
    },
};
use entity::types::ids::{AnnexId, CallId};

pub enum AnnexEvent {
    Added { call: CallId, annex: AnnexId, agency: String },
    Changed { call: CallId, annex: AnnexId, agency: String, changes: Vec<Difference>, approval_fell: bool },
    Removed { call: CallId, agency: String },
}

impl Event for AnnexEvent {
    fn audit(&self) -> AuditLine {
        match self {
            Self::Added { call, annex, agency } => {
                AuditLine::new(Subject::Annex(*annex), format!("added an annex of {agency}")).of_call(*call)
            }
            Self::Changed { call, annex, agency, changes, approval_fell } => {
                let fell = if *approval_fell { "; its approval fell" } else { "" };
                let line = format!("changed the annex of {agency}: {}{fell}", in_short(changes));
                AuditLine::new(Subject::Annex(*annex), line).data(data(changes)).of_call(*call)
            }
            Self::Removed { call, agency } => {
                AuditLine::new(Subject::Call(*call), format!("removed the annex of {agency} from the draft"))
            }
        }
    }
}
