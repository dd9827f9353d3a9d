//! What happens around mails, besides their being sent.

use crate::kernel::{
    Subject,
    event::{AuditLine, Event, MailOrder, Recipient},
};
use askama::Template;
use entity::types::{
    ids::{AccountId, MailId},
    states::{MailClass, MailPace},
};
use serde_json::json;

pub enum MailEvent {
    PacesSet {
        account: AccountId,
        paces: Vec<(MailClass, MailPace)>,
    },
    /// Held mails became one.
    Digested {
        account: AccountId,
        mails: Vec<Quote>,
    },
    SentAgain {
        mail: MailId,
        address: String,
        subject: String,
    },
}

/// A held mail as it stands in the digest.
#[derive(Debug, Clone)]
pub struct Quote {
    pub subject: String,
    /// With link lines as the mail composer knows them.
    pub body: String,
}

#[derive(Template)]
#[template(path = "notifications/mail/digest.txt")]
struct DigestMail<'a> {
    mails: &'a [Quote],
}

impl Event for MailEvent {
    fn audit(&self) -> AuditLine {
        match self {
            Self::PacesSet { account, paces } => {
                let said: Vec<String> = paces
                    .iter()
                    .map(|(class, pace)| format!("{}: {}", class.label(), pace.label().to_lowercase()))
                    .collect();
                AuditLine::new(Subject::Account(*account), format!("chose how mail comes ({})", said.join("; ")))
            }
            Self::Digested { account, mails } => {
                AuditLine::new(Subject::Account(*account), format!("combined {} held mails into one", mails.len()))
            }
            Self::SentAgain { mail, address, subject } => {
                AuditLine::new(Subject::Platform, format!("sent the mail “{subject}” to {address} again"))
                    .data(json!({ "mail": mail }))
            }
        }
    }

    fn mails(&self) -> Vec<MailOrder> {
        match self {
            // The digest itself must not be held for the next digest, so it goes as a mail that goes at once.
            Self::Digested { account, mails } => vec![MailOrder::new(
                "digest",
                MailClass::Essential,
                Subject::Account(*account),
                [Recipient::Account(*account)],
                &DigestMail { mails },
            )],
            Self::PacesSet { .. } | Self::SentAgain { .. } => Vec::new(),
        }
    }
}
