//! What happens when parts are handed in and taken back.

use super::{
    about::{About, Handing},
    mails,
};
use crate::kernel::{
    Subject,
    event::{AuditLine, Event, JobOrder, MailOrder},
};
use entity::types::ids::{CallId, OrganisationId, PartId, ProposalId};
use serde_json::json;

/// The job that prints a receipt.
pub const PRINT: &str = "proposals.receipt";

pub enum SubmissionEvent {
    Submitted(Box<Handing>),
    /// Somebody pressed submit again; the receipt stays.
    Repeated {
        part: PartId,
        proposal: ProposalId,
        number: i32,
    },
    Reopened {
        about: Box<About>,
        number: i32,
    },
    Withdrawn {
        about: Box<About>,
        agencies: Vec<OrganisationId>,
    },
    /// Everybody with a draft in the call was reminded of its deadline.
    DraftsReminded {
        call: CallId,
        code: String,
        title: String,
        closes: String,
    },
    Printed {
        part: PartId,
        proposal: ProposalId,
        number: i32,
        kept: bool,
    },
}

impl Event for SubmissionEvent {
    fn audit(&self) -> AuditLine {
        let line = |about: &About, text: String| {
            AuditLine::new(Subject::Part(about.part), text).of_call(about.call).of_proposal(about.proposal)
        };
        match self {
            Self::Submitted(h) => {
                let text = format!("submitted version {} of the part of {}", h.number, h.about.organisation);
                line(&h.about, text).data(json!({ "receipt": h.receipt, "digest": h.digest, "signatory": h.signatory }))
            }
            Self::Repeated { part, proposal, number } => {
                let text = format!("pressed submit again; version {number} stands");
                AuditLine::new(Subject::Part(*part), text).of_proposal(*proposal)
            }
            Self::Reopened { about, number } => line(
                about,
                format!("opened the part of {} again; version {number} no longer counts", about.organisation),
            ),
            Self::Withdrawn { about, .. } => line(about, format!("withdrew the part of {}", about.organisation)),
            Self::DraftsReminded { call, code, .. } => {
                AuditLine::new(Subject::Call(*call), format!("reminded everybody with a draft in {code}"))
            }
            Self::Printed { part, proposal, number, kept } => {
                let text = match kept {
                    true => format!("printed the receipt of version {number}"),
                    false => format!("found the receipt of version {number} printed already"),
                };
                AuditLine::new(Subject::Part(*part), text).of_proposal(*proposal)
            }
        }
    }

    fn mails(&self) -> Vec<MailOrder> {
        match self {
            Self::Submitted(h) => mails::submitted(h),
            Self::Reopened { about, number } => vec![mails::reopened(about, *number)],
            Self::Withdrawn { about, agencies } => vec![mails::withdrawn(about, agencies)],
            Self::DraftsReminded { call, title, closes, .. } => vec![mails::drafts(*call, title, closes)],
            Self::Repeated { .. } | Self::Printed { .. } => Vec::new(),
        }
    }

    fn jobs(&self) -> Vec<JobOrder> {
        match self {
            Self::Submitted(h) => {
                vec![
                    JobOrder::new(PRINT, json!({ "part": h.about.part, "submission": h.submission }))
                        .once(format!("receipt {}", h.submission)),
                ]
            }
            Self::Repeated { .. }
            | Self::Reopened { .. }
            | Self::Withdrawn { .. }
            | Self::DraftsReminded { .. }
            | Self::Printed { .. } => Vec::new(),
        }
    }
}
