//! What happens to parts while they are filled in.

use crate::kernel::{
    Subject,
    event::{AuditLine, Change, Event},
};
use entity::types::ids::{PartId, ProposalId};

/// Where something happened.
#[derive(Debug, Clone, Copy)]
pub struct At {
    pub proposal: ProposalId,
    pub part: PartId,
}

pub enum PartEvent {
    CompanySaved { at: At, name: String, new: bool },
    CompanyRemoved { at: At, name: String },
    ActivitySaved { at: At, title: String, new: bool },
    ActivityRemoved { at: At, title: String },
    BudgetSaved { at: At, requested: String, total: String, changes: Vec<Change> },
    TargetsSaved { at: At, n: usize },
    ContactNamed { at: At, signatory: String },
}

impl Event for PartEvent {
    fn audit(&self) -> AuditLine {
        let line = |at: &At, text: String| AuditLine::new(Subject::Part(at.part), text).of_proposal(at.proposal);
        match self {
            Self::CompanySaved { at, name, new } => {
                line(at, format!("{} the company “{name}”", if *new { "added" } else { "changed" }))
            }
            Self::CompanyRemoved { at, name } => line(at, format!("removed the company “{name}”")),
            Self::ActivitySaved { at, title, new } => {
                line(at, format!("{} the activity “{title}”", if *new { "planned" } else { "changed" }))
            }
            Self::ActivityRemoved { at, title } => line(at, format!("removed the activity “{title}”")),
            Self::BudgetSaved { at, requested, total, changes } => {
                line(at, format!("saved the budget: {requested} asked for {total} of costs")).changed(changes)
            }
            Self::TargetsSaved { at, n } => line(at, format!("set {n} targets")),
            Self::ContactNamed { at, signatory } => line(at, format!("named {signatory} as signatory")),
        }
    }
}
