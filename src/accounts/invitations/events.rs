//! What happens to invitations as such.

use crate::kernel::{
    Subject,
    event::{AuditLine, Event, JobOrder},
};
use entity::{
    accounts::invitation,
    types::{ids::AccountId, states::InvitationKind},
};
use serde_json::json;

/// The job of the proposals area that tells the coordinator.
pub const TELL_COORDINATOR: &str = "proposals.declined";

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
    pub row: invitation::Model,
    pub reason: String,
}

impl Event for DeclinedByLink {
    fn audit(&self) -> AuditLine {
        let subject = match (self.row.proposal_id, self.row.organisation_id) {
            (Some(id), _) => Subject::Proposal(id),
            (None, Some(id)) => Subject::Organisation(id),
            (None, None) => Subject::Platform,
        };
        let line = format!("declined the invitation of {} to {}", self.row.name, self.row.kind.label());
        AuditLine::new(subject, line).data(json!({ "invitation": self.row.id }))
    }

    fn jobs(&self) -> Vec<JobOrder> {
        match self.row.kind {
            InvitationKind::Partner | InvitationKind::Team => {
                let payload = json!({ "invitation": self.row.id, "reason": self.reason });
                vec![JobOrder::new(TELL_COORDINATOR, payload).once(format!("{TELL_COORDINATOR} {}", self.row.id))]
            }
            InvitationKind::Role | InvitationKind::Member | InvitationKind::Evaluator => Vec::new(),
        }
    }
}
