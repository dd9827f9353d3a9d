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
    /// Somebody asked for a mail to an address without an account; the address is nobody's business.
    AskedForNobody {
        what: &'static str,
    },
    PasswordSet {
        account: AccountId,
        /// How many sessions ended.
        ended: u64,
        /// How many API tokens were revoked; none when they were left.
        revoked: Option<u64>,
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
struct ChangedMail {
    revoked: bool,
}

impl AccountEvent {
    fn about(&self) -> Subject {
        match self {
            Self::AskedForNobody { .. } => Subject::Platform,
            Self::Registered { account, .. }
            | Self::RegisteredAgain { account }
            | Self::ConfirmationAsked { account, .. }
            | Self::Joined { account }
            | Self::Confirmed { account }
            | Self::ResetAsked { account, .. }
            | Self::PasswordSet { account, .. }
            | Self::Renamed { account, .. } => Subject::Account(*account),
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
            Self::AskedForNobody { what } => format!("asked for {what} for an address without an account"),
            Self::PasswordSet { ended, revoked, .. } => match revoked {
                Some(revoked) => format!("set a new password; {ended} sessions and {revoked} API tokens ended"),
                None => format!("set a new password; {ended} sessions ended, API tokens go on"),
            },
            Self::Renamed { before, after, .. } => format!("changed the name from “{before}” to “{after}”"),
        };
        AuditLine::new(self.about(), line)
    }

    fn mails(&self) -> Vec<MailOrder> {
        let about = self.about();
        let Subject::Account(account) = about else { return Vec::new() };
        let to = [Recipient::Account(account)];
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
            Self::PasswordSet { revoked, .. } => {
                vec![MailOrder::new("A04", class, about, to, &ChangedMail { revoked: revoked.is_some() })]
            }
            Self::AskedForNobody { .. } | Self::Joined { .. } | Self::Confirmed { .. } | Self::Renamed { .. } => {
                Vec::new()
            }
        }
    }
}
