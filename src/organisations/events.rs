//! What happens to organisations and their people.

use crate::kernel::{
    Subject,
    event::{AuditLine, Change, Event, MailOrder, Recipient},
};
use askama::Template;
use entity::types::{
    ids::{AccountId, OrganisationId},
    states::{MailClass, MembershipRole},
    text::Email,
};
use serde_json::json;

/// An organisation as events and mails name it.
#[derive(Debug, Clone)]
pub struct Named {
    pub id: OrganisationId,
    pub name: String,
}

pub enum OrganisationEvent {
    Registered(Named),
    Edited { of: Named, version: i64, changes: Vec<Change> },
    JoinAsked { of: Named, person: String, message: String },
    JoinAnswered { of: Named, account: AccountId, accepted: bool },
    Invited { of: Named, email: Email, name: String, path: String, message: String, by: String },
    InvitationAnswered { of: Named, accepted: bool },
    RoleChanged { of: Named, account: AccountId, before: MembershipRole, role: MembershipRole },
    Left { of: Named, account: AccountId },
    OwnerStated { of: Named, owner: String },
    OwnerWithdrawn { of: Named, owner: String },
}

#[derive(Template)]
#[template(path = "organisations/mail/join_asked.txt")]
struct JoinAskedMail<'a> {
    of: &'a Named,
    person: &'a str,
    message: &'a str,
}

#[derive(Template)]
#[template(path = "organisations/mail/join_answered.txt")]
struct JoinAnsweredMail<'a> {
    of: &'a Named,
    accepted: bool,
}

#[derive(Template)]
#[template(path = "organisations/mail/invited.txt")]
struct InvitedMail<'a> {
    of: &'a Named,
    by: &'a str,
    path: &'a str,
    message: &'a str,
}

impl OrganisationEvent {
    fn of(&self) -> &Named {
        match self {
            Self::Registered(of)
            | Self::Edited { of, .. }
            | Self::JoinAsked { of, .. }
            | Self::JoinAnswered { of, .. }
            | Self::Invited { of, .. }
            | Self::InvitationAnswered { of, .. }
            | Self::RoleChanged { of, .. }
            | Self::Left { of, .. }
            | Self::OwnerStated { of, .. }
            | Self::OwnerWithdrawn { of, .. } => of,
        }
    }
}

impl Event for OrganisationEvent {
    fn audit(&self) -> AuditLine {
        let name = &self.of().name;
        let (line, data) = match self {
            Self::Registered(_) => (format!("registered {name}"), json!({})),
            Self::Edited { version, .. } => (format!("changed the profile of {name}"), json!({ "version": version })),
            Self::JoinAsked { .. } => (format!("asked to join {name}"), json!({})),
            Self::JoinAnswered { account, accepted, .. } => {
                let verb = if *accepted { "accepted" } else { "refused" };
                (format!("{verb} a request to join {name}"), json!({ "account": account }))
            }
            Self::Invited { name: person, .. } => (format!("invited {person} into {name}"), json!({})),
            Self::InvitationAnswered { accepted, .. } => {
                let verb = if *accepted { "accepted" } else { "declined" };
                (format!("{verb} an invitation into {name}"), json!({}))
            }
            Self::RoleChanged { account, before, role, .. } => (
                format!("made somebody {} of {name}", role.label().to_lowercase()),
                json!({ "account": account, "role": { "before": before.label(), "after": role.label() } }),
            ),
            Self::OwnerStated { owner, .. } => (format!("stated that {owner} owns a share of {name}"), json!({})),
            Self::OwnerWithdrawn { owner, .. } => (format!("took back that {owner} owns a share of {name}"), json!({})),
            Self::Left { account, .. } => (format!("ended a membership in {name}"), json!({ "account": account })),
        };
        let line = AuditLine::new(Subject::Organisation(self.of().id), line).data(data);
        match self {
            Self::Edited { changes, .. } => line.changed(changes),
            _ => line,
        }
    }

    fn mails(&self) -> Vec<MailOrder> {
        let about = Subject::Organisation(self.of().id);
        let of = self.of();
        match self {
            Self::JoinAsked { person, message, .. } => {
                let mail = JoinAskedMail { of, person, message };
                vec![MailOrder::new("O01", MailClass::Work, about, [Recipient::Managers(of.id)], &mail)]
            }
            Self::JoinAnswered { account, accepted, .. } => {
                let mail = JoinAnsweredMail { of, accepted: *accepted };
                vec![MailOrder::new("O02", MailClass::Work, about, [Recipient::Account(*account)], &mail)]
            }
            Self::Invited { email, name, path, message, by, .. } => {
                let to = [Recipient::Address { email: email.clone(), name: name.clone() }];
                let mail = InvitedMail { of, by, path, message };
                vec![MailOrder::new("O03", MailClass::Essential, about, to, &mail)]
            }
            Self::Registered(_)
            | Self::Edited { .. }
            | Self::InvitationAnswered { .. }
            | Self::RoleChanged { .. }
            | Self::Left { .. }
            | Self::OwnerStated { .. }
            | Self::OwnerWithdrawn { .. } => Vec::new(),
        }
    }
}
