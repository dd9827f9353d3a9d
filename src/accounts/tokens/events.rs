//! What happens to API tokens.

use crate::kernel::{
    Subject,
    event::{AuditLine, Event},
};
use entity::types::ids::{AccountId, ApiTokenId};
use serde_json::json;

pub enum TokenEvent {
    Issued { account: AccountId, token: ApiTokenId, name: String, scopes: String },
    Revoked { account: AccountId, token: ApiTokenId, name: String },
}

impl Event for TokenEvent {
    fn audit(&self) -> AuditLine {
        match self {
            Self::Issued { account, token, name, scopes } => {
                AuditLine::new(Subject::Account(*account), format!("issued the API token “{name}” ({scopes})"))
                    .data(json!({ "token": token }))
            }
            Self::Revoked { account, token, name } => {
                AuditLine::new(Subject::Account(*account), format!("revoked the API token “{name}”"))
                    .data(json!({ "token": token }))
            }
        }
    }
}
