//! What happens to decisions.

use crate::kernel::{
    Subject,
    event::{AuditLine, Event, JobOrder, MailOrder, Recipient},
};
use askama::Template;
use entity::types::{
    ids::{CallId, DecisionId, PartId, ProposalId},
    money::Money,
    states::{MailClass, Outcome},
};
use serde_json::json;

/// The job that prints the letters of a call.
pub const LETTERS: &str = "decisions.letters";

/// A released decision, as its mail tells it.
pub struct Told {
    pub proposal: ProposalId,
    pub part: PartId,
    pub code: String,
    pub title: String,
    pub agency: String,
    pub outcome: Outcome,
    pub amount: Money,
    pub reason: String,
    pub conditions: String,
}

pub enum DecisionEvent {
    /// The walk down the ranking proposed outcomes for so many parts.
    Proposed {
        call: CallId,
        code: String,
        parts: usize,
    },
    /// Pending decisions refer to a new version of the ranking.
    Followed {
        call: CallId,
        decisions: u64,
    },
    Drafted {
        call: CallId,
        proposal: ProposalId,
        part: PartId,
        outcome: Outcome,
        amount: Money,
        before: Option<Outcome>,
    },
    Released {
        call: CallId,
        code: String,
        told: Vec<Told>,
    },
    LetterStored {
        call: CallId,
        part: PartId,
        decision: DecisionId,
    },
}

#[derive(Template)]
#[template(path = "decisions/mail/list_ready.txt")]
struct ListReady<'a> {
    call: CallId,
    code: &'a str,
    parts: usize,
}

#[derive(Template)]
#[template(path = "decisions/mail/decision.txt")]
struct DecisionMail<'a> {
    told: &'a Told,
}

impl Event for DecisionEvent {
    fn audit(&self) -> AuditLine {
        match self {
            Self::Proposed { call, code, parts } => {
                AuditLine::new(Subject::Call(*call), format!("proposed decisions on {parts} parts of {code}"))
            }
            Self::Followed { call, decisions } => {
                let line = format!("let {decisions} pending decisions follow the new ranking");
                AuditLine::new(Subject::Call(*call), line)
            }
            Self::Drafted { call, proposal, part, outcome, amount, before } => {
                let was = before.map(|o| format!(" (before: {})", o.label())).unwrap_or_default();
                let line = format!("decided on a part: {}, {amount}{was}", outcome.label());
                AuditLine::new(Subject::Part(*part), line).of_call(*call).of_proposal(*proposal)
            }
            Self::Released { call, code, told } => {
                let line = format!("released {} decisions of {code}", told.len());
                let data: Vec<_> =
                    told.iter().map(|t| json!({ "part": t.part, "outcome": t.outcome, "amount": t.amount })).collect();
                AuditLine::new(Subject::Call(*call), line).data(json!(data))
            }
            Self::LetterStored { call, part, decision } => {
                AuditLine::new(Subject::Part(*part), "stored the decision letter")
                    .data(json!({ "decision": decision }))
                    .of_call(*call)
            }
        }
    }

    fn mails(&self) -> Vec<MailOrder> {
        match self {
            Self::Proposed { call, code, parts } => {
                let mail = ListReady { call: *call, code, parts: *parts };
                vec![MailOrder::new(
                    "M20",
                    MailClass::Work,
                    Subject::Call(*call),
                    [Recipient::AgenciesOf(*call)],
                    &mail,
                )]
            }
            Self::Released { told, .. } => told
                .iter()
                .map(|told| {
                    let name = match told.outcome {
                        Outcome::Fund => "M21",
                        Outcome::Reserve => "M22",
                        Outcome::Reject => "M23",
                    };
                    let to = [Recipient::PartTeam(told.part)];
                    MailOrder::new(name, MailClass::Essential, Subject::Part(told.part), to, &DecisionMail { told })
                })
                .collect(),
            Self::Followed { .. } | Self::Drafted { .. } | Self::LetterStored { .. } => Vec::new(),
        }
    }

    fn jobs(&self) -> Vec<JobOrder> {
        match self {
            Self::Released { call, .. } => {
                vec![JobOrder::new(LETTERS, json!({ "call": call })).once(format!("{LETTERS} {call}"))]
            }
            Self::Proposed { .. } | Self::Followed { .. } | Self::Drafted { .. } | Self::LetterStored { .. } => {
                Vec::new()
            }
        }
    }
}
