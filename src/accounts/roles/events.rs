//! What happens to roles.

use crate::kernel::{
    Subject,
    event::{AuditLine, Event, MailOrder, Recipient},
};
use askama::Template;
use entity::types::{
    ids::{AccountId, CallId, InvitationId, OrganisationId},
    states::{MailClass, Role},
    text::Email,
};
use serde_json::json;

pub enum RoleEvent {
    Granted {
        account: AccountId,
        role: Role,
        call: Option<CallId>,
        agency: Option<OrganisationId>,
    },
    /// Somebody is invited to a role, whether or not they have an account.
    Invited {
        invitation: InvitationId,
        email: Email,
        name: String,
        role: Role,
        scope: String,
        message: String,
        by: String,
        path: String,
    },
    Accepted {
        account: AccountId,
        role: Role,
        call: Option<CallId>,
        agency: Option<OrganisationId>,
    },
    Revoked {
        account: AccountId,
        role: Role,
    },
    Locked {
        account: AccountId,
        ended: u64,
    },
    Unlocked {
        account: AccountId,
    },
}

#[derive(Template)]
#[template(path = "accounts/roles/mail/invited.txt")]
struct InvitedMail<'a> {
    by: &'a str,
    role: &'a str,
    scope: &'a str,
    message: &'a str,
    path: &'a str,
}

impl Event for RoleEvent {
    fn audit(&self) -> AuditLine {
        match self {
            Self::Granted { account, role, call, agency } => given("gave", *account, *role, *call, *agency),
            Self::Accepted { account, role, call, agency } => given("accepted", *account, *role, *call, *agency),
            Self::Invited { invitation, name, role, scope, .. } => {
                let line = format!("invited {name} to the role {} for {scope}", role.label());
                AuditLine::new(Subject::Platform, line).data(json!({ "invitation": invitation, "role": role }))
            }
            Self::Revoked { account, role } => {
                AuditLine::new(Subject::Account(*account), format!("took the role {}", role.label()))
            }
            Self::Locked { account, ended } => {
                AuditLine::new(Subject::Account(*account), format!("locked the account; {ended} sessions ended"))
            }
            Self::Unlocked { account } => AuditLine::new(Subject::Account(*account), "unlocked the account"),
        }
    }

    fn mails(&self) -> Vec<MailOrder> {
        match self {
            Self::Invited { email, name, role, scope, message, by, path, .. } => {
                let to = [Recipient::Address { email: email.clone(), name: name.clone() }];
                let mail = InvitedMail { by, role: role.label(), scope, message, path };
                vec![MailOrder::new("A05", MailClass::Essential, Subject::Platform, to, &mail)]
            }
            Self::Granted { .. }
            | Self::Accepted { .. }
            | Self::Revoked { .. }
            | Self::Locked { .. }
            | Self::Unlocked { .. } => Vec::new(),
        }
    }
}

fn given(
    verb: &str,
    account: AccountId,
    role: Role,
    call: Option<CallId>,
    agency: Option<OrganisationId>,
) -> AuditLine {
    let line = AuditLine::new(Subject::Account(account), format!("{verb} the role {}", role.label()))
        .data(json!({ "role": role, "call": call, "agency": agency }));
    match call {
        Some(call) => line.of_call(call),
        None => line,
    }
}
