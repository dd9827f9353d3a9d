//! What happens to a panel and to the proposals it discusses.

use crate::{
    evaluation::{conflicts::events::late, rules::EXAMINE},
    kernel::{
        Subject,
        event::{AuditLine, Change, Event, JobOrder, MailOrder, Recipient},
    },
};
use askama::Template;
use entity::types::{
    ids::{AccountId, AssignmentId, CallId, PanelId, PanelItemId, ProposalId},
    states::{MailClass, OutReason, VoteResult},
};
use serde_json::json;

/// The panel, as events speak of it.
#[derive(Debug, Clone)]
pub struct About {
    pub panel: PanelId,
    pub call: CallId,
    pub call_title: String,
    pub name: String,
    /// When it meets, in the call's zone; empty when no day is set.
    pub when: String,
    pub place: String,
}

/// What happens to the meeting as a whole.
pub enum PanelEvent {
    Created { about: About },
    Changed { about: About, changes: Vec<Change> },
    Seated { about: About, names: Vec<String>, invited: Vec<AccountId> },
    Unseated { about: About, name: String },
    Ordered { about: About, by: &'static str },
    Moved { about: About, told: &'static str },
    Came { about: About, name: String },
    Went { about: About, name: String },
    Signed { about: About, number: i32, digest: String, complete: bool, reason: String, members: Vec<AccountId> },
}

impl PanelEvent {
    fn about(&self) -> &About {
        match self {
            Self::Created { about }
            | Self::Changed { about, .. }
            | Self::Seated { about, .. }
            | Self::Unseated { about, .. }
            | Self::Ordered { about, .. }
            | Self::Moved { about, .. }
            | Self::Came { about, .. }
            | Self::Went { about, .. }
            | Self::Signed { about, .. } => about,
        }
    }
}

impl Event for PanelEvent {
    fn audit(&self) -> AuditLine {
        let about = self.about();
        let name = &about.name;
        let (line, data) = match self {
            Self::Created { .. } => (format!("prepared the panel “{name}”"), json!({})),
            Self::Changed { .. } => (format!("changed the panel “{name}”"), json!({})),
            Self::Seated { names, .. } => (format!("seated {} in the panel “{name}”", names.join(", ")), json!({})),
            Self::Unseated { name: who, .. } => (format!("took {who} out of the panel “{name}”"), json!({})),
            Self::Ordered { by, .. } => (format!("put the agenda of “{name}” in order"), json!({ "order": by })),
            Self::Moved { told, .. } => (format!("{told} the meeting of “{name}”"), json!({})),
            Self::Came { name: who, .. } => (format!("noted that {who} came to the meeting of “{name}”"), json!({})),
            Self::Went { name: who, .. } => (format!("noted that {who} left the meeting of “{name}”"), json!({})),
            Self::Signed { number, digest, complete, reason, .. } => (
                format!("signed version {number} of the minutes of “{name}”"),
                json!({ "digest": digest, "complete": complete, "reason": reason }),
            ),
        };
        let line = AuditLine::new(Subject::Panel(about.panel), line).data(data).of_call(about.call);
        match self {
            Self::Changed { changes, .. } => line.changed(changes),
            _ => line,
        }
    }

    fn mails(&self) -> Vec<MailOrder> {
        let about = self.about();
        let to = |whom: &[AccountId]| whom.iter().map(|id| Recipient::Account(*id)).collect::<Vec<_>>();
        let about_it = Subject::Panel(about.panel);
        match self {
            Self::Seated { invited, .. } if !invited.is_empty() => {
                vec![MailOrder::new("M19f", MailClass::Work, about_it, to(invited), &InvitationMail { about })]
            }
            Self::Signed { members, complete: true, .. } => {
                vec![MailOrder::new("M19g", MailClass::Work, about_it, to(members), &MinutesMail { about })]
            }
            Self::Created { .. }
            | Self::Changed { .. }
            | Self::Seated { .. }
            | Self::Unseated { .. }
            | Self::Ordered { .. }
            | Self::Moved { .. }
            | Self::Came { .. }
            | Self::Went { .. }
            | Self::Signed { .. } => Vec::new(),
        }
    }
}

/// The proposal on the agenda, as events speak of it.
#[derive(Debug, Clone)]
pub struct Item {
    pub item: PanelItemId,
    pub call: CallId,
    pub proposal: ProposalId,
    pub code: String,
    pub panel: String,
}

/// Points before and after, for the trail.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Changed {
    pub criterion: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// What happens to one proposal: kept from everybody with a conflict towards it, as everything of the proposal is.
pub enum ItemEvent {
    Added { item: Item },
    Removed { item: Item },
    LeadNamed { item: Item, name: String },
    Begun { item: Item, out: Vec<(String, OutReason)> },
    Extended { item: Item, minutes: i32 },
    Noted { item: Item },
    Pointed { item: Item, changed: Vec<Changed> },
    Excluded { item: Item, name: String, taken: Vec<AssignmentId>, late: Vec<AssignmentId> },
    VoteOpened { item: Item, question: String, secret: bool },
    Voted { item: Item },
    VoteClosed { item: Item, question: String, votes: [i32; 3], result: VoteResult },
    VoteStopped { item: Item },
    Decided { item: Item, outcome: String, changed: Vec<Changed> },
    Deferred { item: Item, why: String },
}

impl ItemEvent {
    fn item(&self) -> &Item {
        match self {
            Self::Added { item }
            | Self::Removed { item }
            | Self::LeadNamed { item, .. }
            | Self::Begun { item, .. }
            | Self::Extended { item, .. }
            | Self::Noted { item }
            | Self::Pointed { item, .. }
            | Self::Excluded { item, .. }
            | Self::VoteOpened { item, .. }
            | Self::Voted { item }
            | Self::VoteClosed { item, .. }
            | Self::VoteStopped { item }
            | Self::Decided { item, .. }
            | Self::Deferred { item, .. } => item,
        }
    }
}

impl Event for ItemEvent {
    fn audit(&self) -> AuditLine {
        let item = self.item();
        let (code, panel) = (&item.code, &item.panel);
        let (line, data) = match self {
            Self::Added { .. } => (format!("put {code} on the agenda of “{panel}”"), json!({})),
            Self::Removed { .. } => (format!("took {code} off the agenda of “{panel}”"), json!({})),
            Self::LeadNamed { name, .. } => (format!("asked {name} to introduce {code} in “{panel}”"), json!({})),
            Self::Begun { out, .. } => {
                let out: Vec<_> = out.iter().map(|(name, why)| json!({ "name": name, "why": why })).collect();
                (format!("called {code} up in “{panel}”"), json!({ "out": out }))
            }
            Self::Extended { minutes, .. } => {
                (format!("gave {code} more time in “{panel}”"), json!({ "minutes": minutes }))
            }
            Self::Noted { .. } => (format!("wrote a note on {code} in “{panel}”"), json!({})),
            Self::Pointed { changed, .. } => {
                (format!("changed the points of “{panel}” for {code}"), json!({ "points": changed }))
            }
            Self::Excluded { name, .. } => {
                (format!("left the room of “{panel}” for {code}: a conflict of interest"), json!({ "name": name }))
            }
            Self::VoteOpened { question, secret, .. } => {
                (format!("opened a vote on {code} in “{panel}”"), json!({ "question": question, "secret": secret }))
            }
            // How somebody votes is no matter of the log.
            Self::Voted { .. } => (format!("voted on {code} in “{panel}”"), json!({})),
            Self::VoteClosed { question, votes: [yes, no, abstain], result, .. } => (
                format!("closed a vote on {code} in “{panel}”"),
                json!({ "question": question, "yes": yes, "no": no, "abstain": abstain, "result": result }),
            ),
            Self::VoteStopped { .. } => (format!("stopped a vote on {code} in “{panel}”"), json!({})),
            Self::Decided { outcome, changed, .. } => {
                (format!("decided on {code} in “{panel}”"), json!({ "outcome": outcome, "points": changed }))
            }
            Self::Deferred { why, .. } => (format!("deferred {code} in “{panel}”"), json!({ "why": why })),
        };
        AuditLine::new(Subject::PanelItem(item.item), line).data(data).of_call(item.call).of_proposal(item.proposal)
    }

    fn jobs(&self) -> Vec<JobOrder> {
        match self {
            Self::Excluded { item, taken, late: sheets, .. } => {
                let examine = JobOrder::new(EXAMINE, json!({ "proposal": item.proposal }));
                late(sheets).into_iter().chain((!taken.is_empty()).then_some(examine)).collect()
            }
            _ => Vec::new(),
        }
    }
}

#[derive(Template)]
#[template(path = "evaluation/panels/mail/invitation.txt")]
struct InvitationMail<'a> {
    about: &'a About,
}

#[derive(Template)]
#[template(path = "evaluation/panels/mail/minutes.txt")]
struct MinutesMail<'a> {
    about: &'a About,
}
