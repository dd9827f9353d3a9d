//! What happens to decisions.

use super::{letters, rules::REDRESS_DAYS};
use crate::kernel::{
    Subject,
    event::{AuditLine, Event, JobOrder, MailOrder, Recipient},
};
use askama::Template;
use chrono::NaiveDate;
use entity::types::{
    ids::{AnnexId, CallId, DecisionId, PartId, ProposalId},
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
    /// Its place on the agency's reserve list.
    pub reserve_place: Option<i32>,
    pub reserve_until: Option<NaiveDate>,
}

impl Told {
    /// The outcome in one sentence, the same in the mail as in the letter.
    fn sentence(&self) -> String {
        letters::outcome(self.outcome, &self.agency, self.amount, None, self.reserve_place.zip(self.reserve_until))
    }
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
        /// Whose confirmation of the agency's list this change takes back.
        taken_back: Option<String>,
    },
    /// An agency confirmed its list.
    Confirmed {
        call: CallId,
        code: String,
        annex: AnnexId,
        agency: String,
        parts: usize,
        digest: String,
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
    redress_days: u32,
}

impl<'a> DecisionMail<'a> {
    fn of(told: &'a Told) -> Self {
        Self { told, redress_days: REDRESS_DAYS }
    }
}

/// The mail of a released decision as it will read, subject first; the preview shows it.
pub fn mail_text(told: &Told) -> String {
    DecisionMail::of(told).render().unwrap_or_default()
}

/// The mail of a released decision.
pub(super) fn mail_of(told: &Told) -> MailOrder {
    let name = match told.outcome {
        Outcome::Fund => "M21",
        Outcome::Reserve => "M22",
        Outcome::Reject => "M23",
    };
    let mut to = vec![Recipient::PartTeam(told.part)];
    if told.outcome == Outcome::Fund {
        to.push(Recipient::SignatoryOf(told.part));
    }
    MailOrder::new(name, MailClass::Essential, Subject::Part(told.part), to, &DecisionMail::of(told))
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
            Self::Drafted { call, proposal, part, outcome, amount, before, taken_back } => {
                let was = before.map(|o| format!(" (before: {})", o.label())).unwrap_or_default();
                let taken = taken_back.as_ref().map(|name| format!("; the confirmation by {name} no longer counts"));
                let taken = taken.unwrap_or_default();
                let line = format!("decided on a part: {}, {amount}{was}{taken}", outcome.label());
                AuditLine::new(Subject::Part(*part), line).of_call(*call).of_proposal(*proposal)
            }
            Self::Confirmed { call, code, annex, agency, parts, digest } => {
                let line = format!("confirmed the {parts} decisions of {agency} in {code}");
                AuditLine::new(Subject::Annex(*annex), line).data(json!({ "fingerprint": digest })).of_call(*call)
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
            Self::Released { told, .. } => told.iter().map(mail_of).collect(),
            Self::Followed { .. } | Self::Drafted { .. } | Self::Confirmed { .. } | Self::LetterStored { .. } => {
                Vec::new()
            }
        }
    }

    fn jobs(&self) -> Vec<JobOrder> {
        match self {
            Self::Released { call, .. } => {
                vec![JobOrder::new(LETTERS, json!({ "call": call })).once(format!("{LETTERS} {call}"))]
            }
            Self::Proposed { .. }
            | Self::Followed { .. }
            | Self::Drafted { .. }
            | Self::Confirmed { .. }
            | Self::LetterStored { .. } => Vec::new(),
        }
    }
}
