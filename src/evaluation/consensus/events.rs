//! What happens to the case of a proposal.

use crate::kernel::{
    Subject,
    event::{AuditLine, Event, MailOrder, Recipient},
};
use askama::Template;
use entity::types::{
    ids::{AccountId, CallId, ProposalId},
    states::MailClass,
};
use serde_json::json;

/// The case, as events speak of it.
#[derive(Debug, Clone)]
pub struct About {
    pub call: CallId,
    pub call_title: String,
    pub proposal: ProposalId,
    pub code: String,
    pub title: String,
    /// Everybody who signs.
    pub reviewers: Vec<AccountId>,
    /// When it is due, in the call's zone; empty when nothing was said.
    pub due: String,
}

/// Points before and after, for the trail.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Changed {
    pub criterion: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

pub enum ConsensusEvent {
    ThirdAsked {
        about: About,
        found: Vec<String>,
    },
    Opened {
        about: About,
        found: Vec<String>,
        rapporteur: String,
        reason: String,
    },
    Settled {
        about: About,
    },
    Drafted {
        about: About,
        changed: Vec<Changed>,
    },
    Sent {
        about: About,
        by: String,
    },
    Signed {
        about: About,
        name: String,
    },
    Disagreed {
        about: About,
        statement: String,
    },
    Agreed {
        about: About,
        changed: Vec<Changed>,
    },
    SentBack {
        about: About,
        reason: String,
    },
    Escalated {
        about: About,
        reason: String,
    },
    Waived {
        about: About,
        reason: String,
    },
    RapporteurNamed {
        about: About,
        name: String,
    },
    Said {
        about: About,
        by: AccountId,
        name: String,
    },
    /// A reviewer with a conflict of interest is no longer part of it.
    Left {
        about: About,
        name: String,
    },
    Reminded {
        about: About,
        whom: Vec<AccountId>,
    },
}

impl ConsensusEvent {
    fn about(&self) -> &About {
        match self {
            Self::ThirdAsked { about, .. }
            | Self::Opened { about, .. }
            | Self::Settled { about }
            | Self::Drafted { about, .. }
            | Self::Sent { about, .. }
            | Self::Signed { about, .. }
            | Self::Disagreed { about, .. }
            | Self::Agreed { about, .. }
            | Self::SentBack { about, .. }
            | Self::Escalated { about, .. }
            | Self::Waived { about, .. }
            | Self::RapporteurNamed { about, .. }
            | Self::Said { about, .. }
            | Self::Left { about, .. }
            | Self::Reminded { about, .. } => about,
        }
    }
}

impl Event for ConsensusEvent {
    fn audit(&self) -> AuditLine {
        let about = self.about();
        let code = &about.code;
        let (line, data) = match self {
            Self::ThirdAsked { found, .. } => {
                (format!("found that a third review of {code} is needed"), json!({ "found": found }))
            }
            Self::Opened { found, rapporteur, reason, .. } => (
                format!("asked the evaluators of {code} for a consensus, drafted by {rapporteur}"),
                json!({ "found": found, "reason": reason }),
            ),
            Self::Settled { .. } => (format!("found that the evaluators of {code} are no longer apart"), json!({})),
            Self::Drafted { changed, .. } => {
                (format!("changed the draft of the consensus on {code}"), json!({ "points": changed }))
            }
            Self::Sent { .. } => (format!("put the draft of the consensus on {code} to the reviewers"), json!({})),
            Self::Signed { name, .. } => (format!("signed the consensus on {code}"), json!({ "signed": name })),
            Self::Disagreed { statement, .. } => {
                (format!("disagrees with the draft of the consensus on {code}"), json!({ "statement": statement }))
            }
            Self::Agreed { changed, .. } => {
                (format!("closed the consensus on {code}: signed by all"), json!({ "points": changed }))
            }
            Self::SentBack { reason, .. } => {
                (format!("gave the consensus on {code} back to its rapporteur"), json!({ "reason": reason }))
            }
            Self::Escalated { reason, .. } => (format!("sent {code} to the panel"), json!({ "reason": reason })),
            Self::Waived { reason, .. } => {
                (format!("decided that {code} needs no consensus"), json!({ "reason": reason }))
            }
            Self::RapporteurNamed { name, .. } => (format!("named {name} rapporteur of {code}"), json!({})),
            Self::Said { .. } => (format!("wrote in the discussion of {code}"), json!({})),
            Self::Left { name, .. } => {
                (format!("took {name} out of the consensus on {code}: a conflict of interest"), json!({}))
            }
            Self::Reminded { whom, .. } => (format!("reminded {} of the consensus on {code}", people(whom)), json!({})),
        };
        // The trail of a consensus names evaluators: it belongs to the officers, not to the proposal's applicants.
        AuditLine::new(Subject::Call(about.call), line).data(data).of_proposal(about.proposal)
    }

    fn mails(&self) -> Vec<MailOrder> {
        let about = self.about();
        match self {
            Self::ThirdAsked { found, .. } => {
                let mail = ThirdMail { about, found };
                vec![order(about, "M19", [Recipient::CallOfficers(about.call)], &mail)]
            }
            Self::Opened { found, rapporteur, .. } => {
                let to = reviewers(about, None);
                vec![order(about, "M19", to, &OpenedMail { about, found, rapporteur })]
            }
            Self::Sent { .. } => vec![order(about, "M19b", reviewers(about, None), &SignMail { about })],
            Self::Reminded { whom, .. } => {
                let to = whom.iter().map(|account| Recipient::Account(*account)).collect::<Vec<_>>();
                vec![order(about, "M19b", to, &SignMail { about })]
            }
            Self::Disagreed { statement, .. } => {
                let to = [Recipient::CallOfficers(about.call)];
                vec![order(about, "M19c", to, &DisagreedMail { about, statement })]
            }
            Self::Escalated { reason, .. } => {
                let to = [Recipient::PanelChairs(about.call)];
                vec![order(about, "M19d", to, &PanelMail { about, reason })]
            }
            Self::Said { by, name, .. } => {
                vec![order(about, "M19e", reviewers(about, Some(*by)), &SaidMail { about, name })]
            }
            Self::Settled { .. }
            | Self::Drafted { .. }
            | Self::Signed { .. }
            | Self::Agreed { .. }
            | Self::SentBack { .. }
            | Self::Waived { .. }
            | Self::RapporteurNamed { .. }
            | Self::Left { .. } => Vec::new(),
        }
    }
}

fn people(whom: &[AccountId]) -> String {
    if whom.len() == 1 { "one reviewer".to_owned() } else { format!("{} reviewers", whom.len()) }
}

fn reviewers(about: &About, but: Option<AccountId>) -> Vec<Recipient> {
    about
        .reviewers
        .iter()
        .filter(|account| Some(**account) != but)
        .map(|account| Recipient::Account(*account))
        .collect()
}

fn order(
    about: &About,
    name: &'static str,
    to: impl IntoIterator<Item = Recipient>,
    template: &impl Template,
) -> MailOrder {
    MailOrder::new(name, MailClass::Work, Subject::Proposal(about.proposal), to, template)
}

#[derive(Template)]
#[template(path = "evaluation/consensus/mail/third.txt")]
struct ThirdMail<'a> {
    about: &'a About,
    found: &'a [String],
}

#[derive(Template)]
#[template(path = "evaluation/consensus/mail/opened.txt")]
struct OpenedMail<'a> {
    about: &'a About,
    found: &'a [String],
    rapporteur: &'a str,
}

#[derive(Template)]
#[template(path = "evaluation/consensus/mail/sign.txt")]
struct SignMail<'a> {
    about: &'a About,
}

#[derive(Template)]
#[template(path = "evaluation/consensus/mail/disagreed.txt")]
struct DisagreedMail<'a> {
    about: &'a About,
    statement: &'a str,
}

#[derive(Template)]
#[template(path = "evaluation/consensus/mail/panel.txt")]
struct PanelMail<'a> {
    about: &'a About,
    reason: &'a str,
}

#[derive(Template)]
#[template(path = "evaluation/consensus/mail/said.txt")]
struct SaidMail<'a> {
    about: &'a About,
    name: &'a str,
}
