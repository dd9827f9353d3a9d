//! What happens to invitations as such.

use crate::kernel::{
    Subject,
    event::{AuditLine, Event},
};
use entity::types::ids::AccountId;

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
