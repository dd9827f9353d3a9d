//! What happens to sessions.

use crate::kernel::{
    Subject,
    event::{AuditLine, Event},
};
use entity::types::ids::{AccountId, SessionId};
use serde_json::json;

pub enum SessionEvent {
    Started {
        account: AccountId,
        name: String,
        session: SessionId,
    },
    Ended {
        account: AccountId,
        session: SessionId,
    },
    /// The same password is kept under a hash of today's cost.
    HashRenewed {
        account: AccountId,
    },
}

impl Event for SessionEvent {
    fn audit(&self) -> AuditLine {
        match self {
            Self::Started { account, name, session } => AuditLine::new(Subject::Account(*account), "signed in")
                .by(*account, name)
                .data(json!({ "session": session })),
            Self::Ended { account, session } => {
                AuditLine::new(Subject::Account(*account), "ended a session").data(json!({ "session": session }))
            }
            Self::HashRenewed { account } => {
                AuditLine::new(Subject::Account(*account), "hashed the same password anew, at today's cost")
            }
        }
    }
}
