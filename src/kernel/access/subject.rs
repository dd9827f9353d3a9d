//! What an act is about.

use entity::types::ids::{
    AccountId, AnnexId, AssignmentId, CallId, DecisionId, FileId, JobId, OrganisationId, PanelId, PanelItemId, PartId,
    ProposalId, ReportId,
};
use std::fmt;
use uuid::Uuid;

/// The thing a permission is asked for; the standing of an actor is towards one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// Nothing in particular.
    Platform,
    Account(AccountId),
    Organisation(OrganisationId),
    Call(CallId),
    Annex(AnnexId),
    Proposal(ProposalId),
    Part(PartId),
    Assignment(AssignmentId),
    Panel(PanelId),
    /// What a panel does with one proposal: closed to whoever has a conflict with it.
    PanelItem(PanelItemId),
    /// The decision on a part and its letter: not for those who only read the proposal.
    Decision(DecisionId),
    Report(ReportId),
    File(FileId),
    Job(JobId),
}

impl Subject {
    /// The word kept in the audit log and beside files and mails.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Platform => "platform",
            Self::Account(_) => "account",
            Self::Organisation(_) => "organisation",
            Self::Call(_) => "call",
            Self::Annex(_) => "annex",
            Self::Proposal(_) => "proposal",
            Self::Part(_) => "part",
            Self::Assignment(_) => "assignment",
            Self::Panel(_) => "panel",
            Self::PanelItem(_) => "panel_item",
            Self::Decision(_) => "decision",
            Self::Report(_) => "report",
            Self::File(_) => "file",
            Self::Job(_) => "job",
        }
    }

    pub fn id(self) -> Option<Uuid> {
        match self {
            Self::Platform => None,
            Self::Account(id) => Some(id.0),
            Self::Organisation(id) => Some(id.0),
            Self::Call(id) => Some(id.0),
            Self::Annex(id) => Some(id.0),
            Self::Proposal(id) => Some(id.0),
            Self::Part(id) => Some(id.0),
            Self::Assignment(id) => Some(id.0),
            Self::Panel(id) => Some(id.0),
            Self::PanelItem(id) => Some(id.0),
            Self::Decision(id) => Some(id.0),
            Self::Report(id) => Some(id.0),
            Self::File(id) => Some(id.0),
            Self::Job(id) => Some(id.0),
        }
    }

    /// The subject of a stored kind and id; nothing for words this version does not know.
    pub fn from_parts(kind: &str, id: Option<Uuid>) -> Option<Self> {
        Some(match (kind, id) {
            ("platform", _) => Self::Platform,
            ("account", Some(id)) => Self::Account(id.into()),
            ("organisation", Some(id)) => Self::Organisation(id.into()),
            ("call", Some(id)) => Self::Call(id.into()),
            ("annex", Some(id)) => Self::Annex(id.into()),
            ("proposal", Some(id)) => Self::Proposal(id.into()),
            ("part", Some(id)) => Self::Part(id.into()),
            ("assignment", Some(id)) => Self::Assignment(id.into()),
            ("panel", Some(id)) => Self::Panel(id.into()),
            ("panel_item", Some(id)) => Self::PanelItem(id.into()),
            ("decision", Some(id)) => Self::Decision(id.into()),
            ("report", Some(id)) => Self::Report(id.into()),
            ("file", Some(id)) => Self::File(id.into()),
            ("job", Some(id)) => Self::Job(id.into()),
            _ => return None,
        })
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.id() {
            Some(id) => write!(f, "{} {id}", self.kind()),
            None => f.write_str(self.kind()),
        }
    }
}
