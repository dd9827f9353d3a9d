//! What happens to score sheets.

use crate::{
    evaluation::{assignments::events::About, rules::EXAMINE},
    kernel::{
        Subject,
        event::{AuditLine, Event, JobOrder, MailOrder, Recipient},
    },
};
use askama::Template;
use entity::types::states::MailClass;
use serde_json::json;

pub enum ScoreEvent {
    Saved { about: About, done: usize },
    Submitted { about: About, total: String },
}

impl Event for ScoreEvent {
    fn audit(&self) -> AuditLine {
        let (about, line, data) = match self {
            Self::Saved { about, done } => {
                (about, format!("saved the score sheet of {}", about.code), json!({ "criteria": done }))
            }
            // The total is in the sheet; the log shows that it was handed in, not what it says.
            Self::Submitted { about, .. } => (about, format!("submitted the score sheet of {}", about.code), json!({})),
        };
        let subject = Subject::Assignment(about.assignment);
        AuditLine::new(subject, line).data(data).of_call(about.call).of_proposal(about.proposal)
    }

    fn jobs(&self) -> Vec<JobOrder> {
        match self {
            Self::Saved { .. } => Vec::new(),
            Self::Submitted { about, .. } => vec![JobOrder::new(EXAMINE, json!({ "proposal": about.proposal }))],
        }
    }

    fn mails(&self) -> Vec<MailOrder> {
        match self {
            Self::Saved { .. } => Vec::new(),
            Self::Submitted { about, total } => {
                let to = [Recipient::Account(about.expert)];
                let subject = Subject::Assignment(about.assignment);
                vec![MailOrder::new("M18", MailClass::Work, subject, to, &ReceivedMail { about, total })]
            }
        }
    }
}

#[derive(Template)]
#[template(path = "evaluation/scores/mail/received.txt")]
struct ReceivedMail<'a> {
    about: &'a About,
    total: &'a str,
}
