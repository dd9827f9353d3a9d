//! What happens to checks.

use super::rules;
use crate::kernel::{
    Subject,
    event::{AuditLine, Event, MailOrder, Recipient},
};
use askama::Template;
use entity::types::{
    ids::{CallId, PartId, ProposalId},
    states::{MailClass, Verdict},
};
use serde_json::json;

/// Which part an event is about, with the names its mails need.
#[derive(Debug, Clone)]
pub struct About {
    pub part: PartId,
    pub proposal: ProposalId,
    pub call: CallId,
    pub call_title: String,
    pub code: String,
    pub title: String,
    pub organisation: String,
    pub agency: String,
}

pub enum EligibilityEvent {
    Proposed { about: About, verdict: Verdict, reasons: Vec<String> },
    Confirmed { about: About, verdict: Verdict, reasons: Vec<String>, note: String },
    Returned { about: About, note: String },
}

impl EligibilityEvent {
    fn about(&self) -> &About {
        match self {
            Self::Proposed { about, .. } | Self::Confirmed { about, .. } | Self::Returned { about, .. } => about,
        }
    }
}

impl Event for EligibilityEvent {
    fn audit(&self) -> AuditLine {
        let about = self.about();
        let part = format!("the part of {} in {}", about.organisation, about.code);
        let (line, data) = match self {
            Self::Proposed { verdict, reasons, .. } => (
                format!("proposed “{}” for {part}", verdict.label()),
                json!({ "verdict": verdict, "reasons": reasons }),
            ),
            Self::Confirmed { verdict, reasons, .. } => (
                format!("confirmed “{}” for {part}", verdict.label()),
                json!({ "verdict": verdict, "reasons": reasons }),
            ),
            Self::Returned { note, .. } => {
                (format!("returned the check of {part} to the first officer"), json!({ "note": note }))
            }
        };
        AuditLine::new(Subject::Part(about.part), line).data(data).of_call(about.call).of_proposal(about.proposal)
    }

    fn mails(&self) -> Vec<MailOrder> {
        match self {
            Self::Proposed { .. } | Self::Returned { .. } => Vec::new(),
            Self::Confirmed { about, verdict: Verdict::Eligible, .. } => {
                vec![told(about, "M11", &EligibleMail { about })]
            }
            Self::Confirmed { about, verdict: Verdict::Ineligible, reasons, note } => {
                let reasons = reasons.iter().filter_map(|key| rules::reason(key)).collect();
                vec![told(about, "M12", &IneligibleMail { about, reasons, note })]
            }
        }
    }
}

fn told(about: &About, name: &'static str, template: &impl Template) -> MailOrder {
    let to = [Recipient::PartTeam(about.part)];
    MailOrder::new(name, MailClass::Essential, Subject::Part(about.part), to, template)
}

#[derive(Template)]
#[template(path = "eligibility/mail/eligible.txt")]
struct EligibleMail<'a> {
    about: &'a About,
}

#[derive(Template)]
#[template(path = "eligibility/mail/ineligible.txt")]
struct IneligibleMail<'a> {
    about: &'a About,
    reasons: Vec<&'static str>,
    note: &'a str,
}
