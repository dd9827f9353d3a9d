//! What happens to accounts and passwords.

use crate::kernel::{
    Subject,
    event::{AuditLine, Event, MailOrder, Recipient},
};
use askama::Template;
use entity::types::{ids::AccountId, states::MailClass, text::Email};

pub enum AccountEvent {
    Registered {
        account: AccountId,
        email: Email,
        name: String,
        link: String,
    },
    /// Somebody tried to register with an address that has an account.
    RegisteredAgain {
        account: AccountId,
    },
    /// The mail with the link that confirms the address was asked for again; no link when it is confirmed.
    ConfirmationAsked {
        account: AccountId,
        link: Option<String>,
    },
    /// The account came with an invitation, which proves the address.
    Joined {
        account: AccountId,
    },
    Confirmed {
        account: AccountId,
    },
    ResetAsked {
        account: AccountId,
        link: String,
    },
    PasswordSet {
        account: AccountId,
        ended: u64,
    },
    Renamed {
        account: AccountId,
        before: String,
        after: String,
    },
}

#[derive(Template)]
#[template(path = "accounts/registration/mail/confirm.txt")]
struct ConfirmMail<'a> {
    link: &'a str,
}

#[derive(Template)]
#[template(path = "accounts/registration/mail/known.txt")]
struct KnownMail;

#[derive(Template)]
#[template(path = "accounts/registration/mail/reset.txt")]
struct ResetMail<'a> {
    link: &'a str,
}

#[derive(Template)]
#[template(path = "accounts/registration/mail/changed.txt")]
struct ChangedMail;

impl AccountEvent {
    fn account(&self) -> AccountId {
        match self {
            Self::Registered { account, .. }
            | Self::RegisteredAgain { account }
            | Self::ConfirmationAsked { account, .. }
            | Self::Joined { account }
            | Self::Confirmed { account }
            | Self::ResetAsked { account, .. }
            | Self::PasswordSet { account, .. }
            | Self::Renamed { account, .. } => *account,
        }
    }
}

impl Event for AccountEvent {
    fn audit(&self) -> AuditLine {
        let line = match self {
            Self::Registered { .. } => "registered".to_owned(),
            Self::RegisteredAgain { .. } => "tried to register with a known address".to_owned(),
            Self::ConfirmationAsked { .. } => "asked for the confirmation mail again".to_owned(),
            Self::Joined { .. } => "registered by invitation".to_owned(),
            Self::Confirmed { .. } => "confirmed an address".to_owned(),
            Self::ResetAsked { .. } => "asked for a new password".to_owned(),
            Self::PasswordSet { ended, .. } => format!("set a new password; {ended} sessions ended"),
            Self::Renamed { before, after, .. } => format!("changed the name from “{before}” to “{after}”"),
        };
        AuditLine::new(Subject::Account(self.account()), line)
    }

    fn mails(&self) -> Vec<MailOrder> {
        let about = Subject::Account(self.account());
        let to = [Recipient::Account(self.account())];
        let class = MailClass::Essential;
        match self {
            Self::Registered { name, email, link, .. } => {
                let to = [Recipient::Address { email: email.clone(), name: name.clone() }];
                vec![MailOrder::new("A01", class, about, to, &ConfirmMail { link })]
            }
            Self::ConfirmationAsked { link: Some(link), .. } => {
                vec![MailOrder::new("A01", class, about, to, &ConfirmMail { link })]
            }
            Self::RegisteredAgain { .. } | Self::ConfirmationAsked { link: None, .. } => {
                vec![MailOrder::new("A02", class, about, to, &KnownMail)]
            }
            Self::ResetAsked { link, .. } => vec![MailOrder::new("A03", class, about, to, &ResetMail { link })],
            Self::PasswordSet { .. } => vec![MailOrder::new("A04", class, about, to, &ChangedMail)],
            Self::Joined { .. } | Self::Confirmed { .. } | Self::Renamed { .. } => Vec::new(),
        }
    }
}
