//! What happens to training proposals.

use crate::kernel::{
    Subject,
    event::{AuditLine, Event},
};
use entity::types::ids::{CallId, TrainingId};
use serde_json::json;

/// Which training proposal an event is about.
#[derive(Debug, Clone)]
pub struct About {
    pub training: TrainingId,
    pub call: CallId,
    pub title: String,
}

pub enum TrainingEvent {
    Written { about: About, source: Option<String> },
    Opened { about: About, required: bool },
    Withdrawn { about: About },
    Saved { about: About },
    Submitted { about: About },
}

impl Event for TrainingEvent {
    fn audit(&self) -> AuditLine {
        let (about, line, data) = match self {
            Self::Written { about, source } => {
                (about, format!("wrote the training proposal “{}”", about.title), json!({ "source": source }))
            }
            Self::Opened { about, required } => (
                about,
                format!("opened the training proposal “{}” to evaluators", about.title),
                json!({ "required": required }),
            ),
            Self::Withdrawn { about } => {
                (about, format!("withdrew the training proposal “{}”", about.title), json!({}))
            }
            Self::Saved { about } => {
                (about, format!("saved a sheet on the training proposal “{}”", about.title), json!({}))
            }
            Self::Submitted { about } => {
                (about, format!("submitted a sheet on the training proposal “{}”", about.title), json!({}))
            }
        };
        AuditLine::new(Subject::Call(about.call), line).data(data).of_call(about.call)
    }
}
