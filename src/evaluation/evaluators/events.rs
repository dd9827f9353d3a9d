//! What happens in the pool.

use crate::evaluation::conflicts::events::screening_of;
use crate::kernel::{
    Subject,
    event::{AuditLine, Event, JobOrder, MailOrder, Recipient},
};
use askama::Template;
use chrono::NaiveDate;
use entity::types::{
    ids::AccountId,
    states::{EvaluatorState, MailClass},
    text::Email,
};
use serde_json::json;

pub enum EvaluatorEvent {
    Invited {
        email: Email,
        name: String,
        message: String,
        by: String,
        path: String,
    },
    InvitationWithdrawn {
        email: Email,
    },
    Joined {
        account: AccountId,
    },
    Declined {
        account: AccountId,
    },
    ProfileChanged {
        account: AccountId,
        name: String,
    },
    StateChanged {
        account: AccountId,
        name: String,
        to: EvaluatorState,
    },
    Renewed {
        account: AccountId,
    },
    /// What was known of the person is gone; the name is the pseudonym.
    Erased {
        account: AccountId,
        name: String,
    },
    TermsSet {
        account: AccountId,
        name: String,
        contract: Option<NaiveDate>,
        declaration: Option<NaiveDate>,
    },
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
            Self::Renewed { account } => {
                AuditLine::new(Subject::Account(*account), "renewed the own profile as an evaluator")
            }
            Self::Erased { account, name } => {
                AuditLine::new(Subject::Account(*account), format!("erased the profile of {name}"))
            }
            Self::TermsSet { account, name, contract, declaration } => {
                let line = format!("recorded how long contract and declaration of {name} hold");
                AuditLine::new(Subject::Account(*account), line)
                    .data(json!({ "contract_until": contract, "declaration_until": declaration }))
            }
        }
    }

    fn mails(&self) -> Vec<MailOrder> {
        match self {
            Self::Invited { email, name, message, by, path } => vec![pool_mail(email, name, message, by, path)],
            Self::InvitationWithdrawn { .. }
            | Self::Joined { .. }
            | Self::Declined { .. }
            | Self::ProfileChanged { .. }
            | Self::StateChanged { .. }
            | Self::Renewed { .. }
            | Self::Erased { .. }
            | Self::TermsSet { .. } => Vec::new(),
        }
    }

    fn jobs(&self) -> Vec<JobOrder> {
        match self {
            Self::Joined { account } | Self::ProfileChanged { account, .. } | Self::StateChanged { account, .. } => {
                vec![screening_of(*account)]
            }
            Self::Invited { .. }
            | Self::InvitationWithdrawn { .. }
            | Self::Declined { .. }
            | Self::Renewed { .. }
            | Self::Erased { .. }
            | Self::TermsSet { .. } => Vec::new(),
        }
    }
}

/// The mail that invites somebody to the pool.
pub(in crate::evaluation) fn pool_mail(email: &Email, name: &str, message: &str, by: &str, path: &str) -> MailOrder {
    let to = [Recipient::Address { email: email.clone(), name: name.to_owned() }];
    MailOrder::new("M14a", MailClass::Essential, Subject::Platform, to, &PoolMail { name, message, by, path })
}

#[derive(Template)]
#[template(path = "evaluation/evaluators/mail/pool.txt")]
struct PoolMail<'a> {
    name: &'a str,
    message: &'a str,
    by: &'a str,
    path: &'a str,
}
