//! What happens to membership lists.

use crate::kernel::{
    Subject,
    event::{AuditLine, Event},
};
use entity::types::ids::{MemberImportId, OrganisationId};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// How much a list changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Organisations that were registered and joined.
    pub registered: usize,
    pub joined: usize,
    /// Members who came back or got other dates.
    pub dated: usize,
    pub ended: usize,
    /// Rows that could not be used.
    pub left_out: usize,
}

pub enum MembersEvent {
    Added {
        cluster: OrganisationId,
        name: String,
        registered: bool,
    },
    Ended {
        cluster: OrganisationId,
        name: String,
    },
    /// A list was read; nothing is changed yet.
    Planned {
        cluster: OrganisationId,
        import: MemberImportId,
        file: String,
    },
    Imported {
        cluster: OrganisationId,
        import: MemberImportId,
        counts: Counts,
    },
}

impl Event for MembersEvent {
    fn audit(&self) -> AuditLine {
        match self {
            Self::Added { cluster, name, registered } => {
                let new = if *registered { ", newly registered" } else { "" };
                AuditLine::new(Subject::Organisation(*cluster), format!("added the member {name}{new}"))
            }
            Self::Ended { cluster, name } => {
                AuditLine::new(Subject::Organisation(*cluster), format!("ended the membership of {name}"))
            }
            Self::Planned { cluster, import, file } => {
                AuditLine::new(Subject::Organisation(*cluster), format!("looked at the list of members {file}"))
                    .data(json!({ "import": import }))
            }
            Self::Imported { cluster, import, counts } => {
                let Counts { registered, joined, dated, ended, left_out } = counts;
                let line = format!(
                    "imported a list of members: {registered} registered, {joined} joined, {dated} with other dates, \
                     {ended} ended, {left_out} rows left out"
                );
                AuditLine::new(Subject::Organisation(*cluster), line)
                    .data(json!({ "import": import, "counts": counts }))
            }
        }
    }
}
