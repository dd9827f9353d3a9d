//! What happens to consortia.

use crate::kernel::{
    Subject,
    event::{AuditLine, Event, MailOrder, Recipient},
};
use crate::proposals::Place;
use askama::Template;
use entity::types::{
    ids::{AccountId, InvitationId, PartId, ProposalId},
    states::{MailClass, TeamRole},
    text::Email,
};
use serde_json::json;

/// The proposal as mails name it.
#[derive(Debug, Clone)]
pub struct Named {
    pub id: ProposalId,
    pub code: String,
    pub title: String,
    pub acronym: String,
}

/// An invitation on its way.
#[derive(Debug, Clone)]
pub struct Sent {
    pub id: InvitationId,
    pub email: Email,
    pub name: String,
    /// The organisation or part it is for.
    pub organisation: String,
    pub message: String,
    /// Who invites.
    pub by: String,
    /// The path of its page.
    pub path: String,
}

pub enum ConsortiumEvent {
    PartnerInvited { proposal: Named, sent: Sent },
    PersonInvited { proposal: Named, part: PartId, sent: Sent, role: TeamRole },
    InvitationWithdrawn { proposal: ProposalId, id: InvitationId, name: String },
    PartnerJoined { proposal: Named, part: PartId, organisation: String, name: String },
    PersonJoined { proposal: Named, part: PartId, organisation: String, name: String },
    Declined { proposal: Named, organisation: String, name: String, reason: String },
    RoleChanged { proposal: ProposalId, part: PartId, name: String, role: TeamRole },
    PersonRemoved { proposal: ProposalId, part: PartId, account: AccountId, name: String },
    PartnerLeft { proposal: Named, organisation: String, people: Vec<AccountId>, removed: bool },
    HandedOver { proposal: Named, organisation: String, name: String },
    Assigned { proposal: Named, place: Place, section: String, path: String, to: Option<Assignee>, by: String },
}

/// Who got a section, until when.
#[derive(Debug, Clone)]
pub struct Assignee {
    pub account: AccountId,
    pub name: String,
    pub due: String,
    /// Whether the person took it themselves, so that no mail is needed.
    pub oneself: bool,
}

#[derive(Template)]
#[template(path = "proposals/consortium/mail/invited.txt")]
struct InvitedMail<'a> {
    proposal: &'a Named,
    sent: &'a Sent,
    partner: bool,
}

#[derive(Template)]
#[template(path = "proposals/consortium/mail/answered.txt")]
struct AnsweredMail<'a> {
    proposal: &'a Named,
    what: &'a str,
    sentence: String,
}

#[derive(Template)]
#[template(path = "proposals/consortium/mail/assigned.txt")]
struct AssignedMail<'a> {
    proposal: &'a Named,
    section: &'a str,
    path: &'a str,
    by: &'a str,
    due: &'a str,
}

impl Event for ConsortiumEvent {
    fn audit(&self) -> AuditLine {
        let of = |id: &ProposalId, line: String| AuditLine::new(Subject::Proposal(*id), line);
        let part = |id: &PartId, proposal: &ProposalId, line: String| {
            AuditLine::new(Subject::Part(*id), line).of_proposal(*proposal)
        };
        match self {
            Self::PartnerInvited { proposal, sent } => {
                let line = format!("invited {} of {} as partner", sent.name, sent.organisation);
                of(&proposal.id, line).data(json!({ "invitation": sent.id }))
            }
            Self::PersonInvited { proposal, part: id, sent, role } => {
                let line = format!("invited {} to the part of {} ({})", sent.name, sent.organisation, role.label());
                part(id, &proposal.id, line).data(json!({ "invitation": sent.id }))
            }
            Self::InvitationWithdrawn { proposal, id, name } => {
                of(proposal, format!("took the invitation of {name} back")).data(json!({ "invitation": id }))
            }
            Self::PartnerJoined { proposal, part: id, organisation, .. } => {
                part(id, &proposal.id, format!("joined with {organisation}"))
            }
            Self::PersonJoined { proposal, part: id, organisation, .. } => {
                part(id, &proposal.id, format!("joined the part of {organisation}"))
            }
            Self::Declined { proposal, organisation, .. } => {
                of(&proposal.id, format!("declined the invitation for {organisation}"))
            }
            Self::RoleChanged { proposal, part: id, name, role } => {
                part(id, proposal, format!("changed what {name} may do: {}", role.label().to_lowercase()))
            }
            Self::PersonRemoved { proposal, part: id, name, .. } => {
                part(id, proposal, format!("took {name} off the team"))
            }
            Self::PartnerLeft { proposal, organisation, removed, .. } => {
                let line = if *removed { "took {} out of the consortium" } else { "left the consortium with {}" };
                of(&proposal.id, line.replace("{}", organisation))
            }
            Self::HandedOver { proposal, organisation, name } => {
                of(&proposal.id, format!("handed the coordination over to {name} of {organisation}"))
            }
            Self::Assigned { proposal, place, section, to, .. } => {
                let line = match to {
                    Some(to) if to.due.is_empty() => format!("gave “{section}” to {}", to.name),
                    Some(to) => format!("gave “{section}” to {}, due {}", to.name, to.due),
                    None => format!("took the assignment of “{section}” back"),
                };
                AuditLine::new(place.subject(proposal.id), line).of_proposal(proposal.id)
            }
        }
    }

    fn mails(&self) -> Vec<MailOrder> {
        let to_coordinators = |proposal: &Named, what: &str, sentence: String| {
            let mail = AnsweredMail { proposal, what, sentence };
            let about = Subject::Proposal(proposal.id);
            vec![MailOrder::new("M07", MailClass::Work, about, [Recipient::Coordinators(proposal.id)], &mail)]
        };
        let invite = |proposal: &Named, sent: &Sent, partner: bool| {
            let to = Recipient::Address { email: sent.email.clone(), name: sent.name.clone() };
            let mail = InvitedMail { proposal, sent, partner };
            vec![MailOrder::new("M06", MailClass::Work, Subject::Proposal(proposal.id), [to], &mail)]
        };
        match self {
            Self::PartnerInvited { proposal, sent } => invite(proposal, sent, true),
            Self::PersonInvited { proposal, sent, .. } => invite(proposal, sent, false),
            Self::PartnerJoined { proposal, organisation, name, .. } => {
                to_coordinators(proposal, "Partner joined", format!("{name} joined with {organisation}."))
            }
            Self::PersonJoined { proposal, organisation, name, .. } => {
                to_coordinators(proposal, "Colleague joined", format!("{name} joined the part of {organisation}."))
            }
            Self::Declined { proposal, organisation, name, reason } => {
                let reason = if reason.is_empty() { String::new() } else { format!(" Reason: {reason}") };
                let sentence = format!("{name} declined the invitation for {organisation}.{reason}");
                to_coordinators(proposal, "Invitation declined", sentence)
            }
            Self::PartnerLeft { proposal, organisation, people, removed } => {
                let sentence = match removed {
                    true => format!("{organisation} was taken out of the consortium by its coordinator."),
                    false => format!("{organisation} left the consortium."),
                };
                let mail = AnsweredMail { proposal, what: "Partner left", sentence };
                let mut to: Vec<Recipient> = vec![Recipient::Coordinators(proposal.id)];
                to.extend(people.iter().map(|id| Recipient::Account(*id)));
                vec![MailOrder::new("M07", MailClass::Work, Subject::Proposal(proposal.id), to, &mail)]
            }
            Self::HandedOver { proposal, organisation, name } => {
                let sentence = format!("{name} of {organisation} coordinates the proposal from now on.");
                let mail = AnsweredMail { proposal, what: "New coordinator", sentence };
                let about = Subject::Proposal(proposal.id);
                vec![MailOrder::new("M07", MailClass::Work, about, [Recipient::Team(proposal.id)], &mail)]
            }
            Self::Assigned { proposal, place, section, path, to: Some(to), by } if !to.oneself => {
                let mail = AssignedMail { proposal, section, path, by, due: &to.due };
                let about = place.subject(proposal.id);
                vec![MailOrder::new("P01", MailClass::Work, about, [Recipient::Account(to.account)], &mail)]
            }
            Self::Assigned { .. }
            | Self::InvitationWithdrawn { .. }
            | Self::RoleChanged { .. }
            | Self::PersonRemoved { .. } => Vec::new(),
        }
    }
}
