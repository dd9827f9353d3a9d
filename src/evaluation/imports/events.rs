//! What happens to lists of evaluators.

use crate::{
    evaluation::{conflicts::events::screening_of, evaluators::events::pool_mail},
    kernel::{
        Subject,
        event::{AuditLine, Event, JobOrder, MailOrder},
    },
};
use entity::types::{
    ids::{AccountId, EvaluatorImportId},
    text::Email,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// How much a list changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub invited: usize,
    pub changed: usize,
    /// Rows that could not be used.
    pub left_out: usize,
}

/// Somebody who is invited because of a list.
#[derive(Debug, Clone)]
pub struct Invited {
    pub email: Email,
    pub name: String,
    pub path: String,
}

pub enum ImportEvent {
    /// A list was read; nothing is changed yet.
    Planned { import: EvaluatorImportId, file: String },
    Applied {
        import: EvaluatorImportId,
        /// Who applied it, as mails name them.
        by: String,
        counts: Counts,
        invited: Vec<Invited>,
        /// Whose profiles changed.
        changed: Vec<AccountId>,
    },
    /// Lists whose time is over were taken away, and what they said of people who did not answer.
    Cleared { lists: u64, drafts: u64 },
}

impl Event for ImportEvent {
    fn audit(&self) -> AuditLine {
        match self {
            Self::Planned { import, file } => {
                AuditLine::new(Subject::Platform, format!("looked at the list of evaluators {file}"))
                    .data(json!({ "import": import }))
            }
            Self::Applied { import, counts, changed, .. } => {
                let line = format!(
                    "imported a list of evaluators: {} invited, {} profiles changed, {} rows left out",
                    counts.invited, counts.changed, counts.left_out
                );
                let data = json!({ "import": import, "counts": counts, "changed": changed });
                AuditLine::new(Subject::Platform, line).data(data)
            }
            Self::Cleared { lists, drafts } => {
                let line =
                    format!("took away {lists} lists of evaluators and {drafts} notes of unanswered invitations");
                AuditLine::new(Subject::Platform, line)
            }
        }
    }

    fn mails(&self) -> Vec<MailOrder> {
        match self {
            Self::Applied { by, invited, .. } => {
                invited.iter().map(|one| pool_mail(&one.email, &one.name, "", by, &one.path)).collect()
            }
            Self::Planned { .. } | Self::Cleared { .. } => Vec::new(),
        }
    }

    fn jobs(&self) -> Vec<JobOrder> {
        match self {
            Self::Applied { changed, .. } => changed.iter().map(|account| screening_of(*account)).collect(),
            Self::Planned { .. } | Self::Cleared { .. } => Vec::new(),
        }
    }
}
