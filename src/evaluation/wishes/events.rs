//! What happens to wishes.

use crate::kernel::{
    Subject,
    event::{AuditLine, Event},
};
use entity::types::ids::CallId;
use serde_json::json;

/// Somebody stated wishes; which ones is not for everybody who reads the log.
pub struct WishesStated {
    pub call: CallId,
    pub stated: usize,
    pub taken_back: usize,
}

impl Event for WishesStated {
    fn audit(&self) -> AuditLine {
        let data = json!({ "stated": self.stated, "taken_back": self.taken_back });
        AuditLine::new(Subject::Call(self.call), "stated wishes for proposals of the call").data(data)
    }
}
