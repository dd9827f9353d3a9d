//! What happens to roles.

use crate::kernel::{
    Subject,
    event::{AuditLine, Event},
};
use entity::types::{
    ids::{AccountId, CallId, OrganisationId},
    states::Role,
};
use serde_json::json;

pub enum RoleEvent {
    Granted { account: AccountId, role: Role, call: Option<CallId>, agency: Option<OrganisationId> },
    Revoked { account: AccountId, role: Role },
    Locked { account: AccountId, ended: u64 },
    Unlocked { account: AccountId },
}

impl Event for RoleEvent {
    fn audit(&self) -> AuditLine {
        match self {
            Self::Granted { account, role, call, agency } => {
                let line = AuditLine::new(Subject::Account(*account), format!("gave the role {}", role.label()))
                    .data(json!({ "role": role, "call": call, "agency": agency }));
                match call {
                    Some(call) => line.of_call(*call),
                    None => line,
                }
            }
            Self::Revoked { account, role } => {
                AuditLine::new(Subject::Account(*account), format!("took the role {}", role.label()))
            }
            Self::Locked { account, ended } => {
                AuditLine::new(Subject::Account(*account), format!("locked the account; {ended} sessions ended"))
            }
            Self::Unlocked { account } => AuditLine::new(Subject::Account(*account), "unlocked the account"),
        }
    }
}
