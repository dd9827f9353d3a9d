//! What happens to saved views.

use crate::kernel::{
    Subject,
    event::{AuditLine, Event},
};
use entity::types::ids::AccountId;
use serde_json::json;

pub enum ViewEvent {
    Saved { account: AccountId, list: String, name: String },
    Dropped { account: AccountId, list: String, name: String },
}

impl Event for ViewEvent {
    fn audit(&self) -> AuditLine {
        match self {
            Self::Saved { account, list, name } => {
                AuditLine::new(Subject::Account(*account), format!("saved the view “{name}” of the list {list}"))
                    .data(json!({ "list": list, "name": name }))
            }
            Self::Dropped { account, list, name } => {
                AuditLine::new(Subject::Account(*account), format!("forgot the view “{name}” of the list {list}"))
                    .data(json!({ "list": list, "name": name }))
            }
        }
    }
}
