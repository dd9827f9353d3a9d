//! What happens to the terms of a call.

use crate::{
    calls::rules::Difference,
    kernel::{
        Subject,
        event::{AuditLine, Event},
    },
};
use entity::types::ids::CallId;
use serde_json::{Value, json};

pub enum EditorEvent {
    Started { call: CallId, code: String },
    TermsChanged { call: CallId, code: String, changes: Vec<Difference> },
}

impl Event for EditorEvent {
    fn audit(&self) -> AuditLine {
        match self {
            Self::Started { call, code } => AuditLine::new(Subject::Call(*call), format!("started the call {code}")),
            Self::TermsChanged { call, code, changes } => {
                AuditLine::new(Subject::Call(*call), format!("changed the terms of {code}: {}", in_short(changes)))
                    .data(data(changes))
            }
        }
    }
}

/// What was changed, in a few words.
pub fn in_short(changes: &[Difference]) -> String {
    let mut names: Vec<&str> = changes.iter().map(|c| c.label.as_str()).collect();
    names.dedup();
    match names.as_slice() {
        [] => "the order or the marks".to_owned(),
        some if some.len() <= 3 => some.join(", "),
        [first, second, rest @ ..] => format!("{first}, {second} and {} more", rest.len()),
        [one] => (*one).to_owned(),
    }
}

/// The changes for programs; long texts are cut, the whole is in the terms and corrigenda.
pub fn data(changes: &[Difference]) -> Value {
    let cut = |text: &Option<String>| text.as_ref().map(|t| t.chars().take(200).collect::<String>());
    let one =
        |c: &Difference| json!({ "at": c.at, "label": c.label, "before": cut(&c.before), "after": cut(&c.after) });
    json!({ "changes": changes.iter().take(50).map(one).collect::<Vec<_>>() })
}
