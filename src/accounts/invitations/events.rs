//! What happens to invitations as such.

use crate::kernel::{
    Subject,
    event::{AuditLine, Event, JobOrder},
};
use entity::types::{
    ids::{AccountId, InvitationId, OrganisationId, ProposalId},
    states::InvitationKind,
};
use serde_json::json;

/// The job of the proposals area that tells the coordinator.
pub const TELL_COORDINATOR: &str = "proposals.declined";
/// The job of the evaluation area that notes the answer on the list of a call.
pub const TELL_RECRUITERS: &str = "evaluation.declined";

/// Somebody made an account through an invitation.
pub struct JoinedByInvitation {
    pub account: AccountId,
    pub kind: &'static str,
}

impl Event for JoinedByInvitation {
    fn audit(&self) -> AuditLine {
        AuditLine::new(Subject::Account(self.account), format!("registered through an invitation to {}", self.kind))
    }
}

/// Somebody who has the link declined.
pub struct DeclinedByLink {
    pub id: InvitationId,
    pub kind: InvitationKind,
    pub name: String,
    pub proposal: Option<ProposalId>,
    pub organisation: Option<OrganisationId>,
    pub reason: String,
}

impl Event for DeclinedByLink {
    fn audit(&self) -> AuditLine {
        let subject = match (self.proposal, self.organisation) {
            (Some(id), _) => Subject::Proposal(id),
            (None, Some(id)) => Subject::Organisation(id),
            (None, None) => Subject::Platform,
        };
        let line = format!("declined the invitation of {} to {}", self.name, self.kind.label());
        AuditLine::new(subject, line).data(json!({ "invitation": self.id }))
    }

    fn jobs(&self) -> Vec<JobOrder> {
        let job = match self.kind {
            InvitationKind::Partner | InvitationKind::Team => TELL_COORDINATOR,
            InvitationKind::Evaluator => TELL_RECRUITERS,
            InvitationKind::Role | InvitationKind::Member => return Vec::new(),
        };
        let payload = json!({ "invitation": self.id, "reason": self.reason });
        vec![JobOrder::new(job, payload).once(format!("{job} {}", self.id))]
    }
}
