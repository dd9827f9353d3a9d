//! What happens in the pool.

use crate::evaluation::conflicts::events::screening_of;
use crate::kernel::{
    Subject,
    event::{AuditLine, Event, JobOrder, MailOrder, Recipient},
};
use askama::Template;
use entity::types::{
    ids::AccountId,
    states::{EvaluatorState, MailClass},
    text::Email,
};
use serde_json::json;

pub enum EvaluatorEvent {
    Invited { email: Email, name: String, message: String, by: String, path: String },
    InvitationWithdrawn { email: Email },
    Joined { account: AccountId },
    Declined { account: AccountId },
    ProfileChanged { account: AccountId, name: String },
    StateChanged { account: AccountId, name: String, to: EvaluatorState },
}

impl Event for EvaluatorEvent {
    fn audit(&self) -> AuditLine {
        match self {
            Self::Invited { name, .. } => {
                AuditLine::new(Subject::Platform, format!("invited {name} to the pool of evaluators"))
            }
            Self::InvitationWithdrawn { .. } => {
                AuditLine::new(Subject::Platform, "took back an invitation to the pool of evaluators")
            }
            Self::Joined { account } => AuditLine::new(Subject::Account(*account), "joined the pool of evaluators"),
            Self::Declined { account } => {
                AuditLine::new(Subject::Account(*account), "declined to join the pool of evaluators")
            }
            Self::ProfileChanged { account, name } => {
                AuditLine::new(Subject::Account(*account), format!("changed the evaluator's profile of {name}"))
            }
            Self::StateChanged { account, name, to } => {
                AuditLine::new(Subject::Account(*account), format!("set {name} in the pool to “{}”", to.label()))
                    .data(json!({ "state": to }))
            }
        }
    }

    fn mails(&self) -> Vec<MailOrder> {
        match self {
            Self::Invited { email, name, message, by, path } => {
                let to = [Recipient::Address { email: email.clone(), name: name.clone() }];
                let template = PoolMail { name, message, by, path };
                vec![MailOrder::new("M14a", MailClass::Essential, Subject::Platform, to, &template)]
            }
            Self::InvitationWithdrawn { .. }
            | Self::Joined { .. }
            | Self::Declined { .. }
            | Self::ProfileChanged { .. }
            | Self::StateChanged { .. } => Vec::new(),
        }
    }

    fn jobs(&self) -> Vec<JobOrder> {
        match self {
            Self::Joined { account } | Self::ProfileChanged { account, .. } | Self::StateChanged { account, .. } => {
                vec![screening_of(*account)]
            }
            Self::Invited { .. } | Self::InvitationWithdrawn { .. } | Self::Declined { .. } => Vec::new(),
        }
    }
}

#[derive(Template)]
#[template(path = "evaluation/evaluators/mail/pool.txt")]
struct PoolMail<'a> {
    name: &'a str,
    message: &'a str,
    by: &'a str,
    path: &'a str,
}
