//! What happens to letters.

use super::mails;
use crate::kernel::{
    Subject,
    event::{AuditLine, Event, MailOrder},
};
use entity::types::{
    ids::{AccountId, LetterId, PartId, ProposalId},
    text::Email,
};
use serde_json::json;

/// What mails and log say of a letter.
#[derive(Debug, Clone)]
pub struct About {
    pub proposal: ProposalId,
    pub part: PartId,
    pub letter: LetterId,
    pub title: String,
    pub code: String,
    pub applicant: String,
    pub document: String,
    pub deadline: String,
    pub signer: String,
    pub organisation: String,
    pub email: Email,
    pub asked_by: AccountId,
    pub asker: String,
}

pub enum LetterEvent {
    /// The token goes into the mail and nowhere else.
    Asked {
        about: Box<About>,
        token: String,
    },
    Reminded {
        about: Box<About>,
        token: String,
    },
    Withdrawn(Box<About>),
    Signed {
        about: Box<About>,
        name: String,
        on_paper: bool,
    },
    Refused {
        about: Box<About>,
        reason: String,
    },
}

impl LetterEvent {
    fn about(&self) -> &About {
        match self {
            Self::Asked { about, .. }
            | Self::Reminded { about, .. }
            | Self::Withdrawn(about)
            | Self::Signed { about, .. }
            | Self::Refused { about, .. } => about,
        }
    }
}

impl Event for LetterEvent {
    fn audit(&self) -> AuditLine {
        let about = self.about();
        let of = format!("{} ({})", about.signer, about.organisation);
        let line = match self {
            Self::Asked { .. } => format!("asked {of} for a letter for “{}”", about.document),
            Self::Reminded { .. } => format!("reminded {of} of the letter for “{}”", about.document),
            Self::Withdrawn(_) => format!("withdrew the letter of {of} for “{}”", about.document),
            Self::Signed { name, on_paper: false, .. } => {
                format!("signed the letter of {of} for “{}” as {name}", about.document)
            }
            Self::Signed { name, on_paper: true, .. } => {
                format!("sent the letter of {of} for “{}”, signed on paper by {name}", about.document)
            }
            Self::Refused { .. } => format!("refused the letter of {of} for “{}”", about.document),
        };
        AuditLine::new(Subject::Part(about.part), line)
            .of_proposal(about.proposal)
            .data(json!({ "letter": about.letter }))
    }

    fn mails(&self) -> Vec<MailOrder> {
        match self {
            Self::Asked { about, token } => vec![mails::asked(about, token, false)],
            Self::Reminded { about, token } => vec![mails::asked(about, token, true)],
            Self::Withdrawn(about) => vec![mails::withdrawn(about)],
            Self::Signed { about, name, .. } => mails::signed(about, name),
            Self::Refused { about, reason } => vec![mails::refused(about, reason)],
        }
    }
}
