//! What happens to stranded proposals.

use crate::kernel::{
    Subject,
    event::{AuditLine, Event, JobOrder, MailOrder, Recipient},
};
use askama::Template;
use entity::types::{
    ids::{CallId, OrganisationId, ProposalId},
    states::{MailClass, StrandedOption},
};
use serde_json::json;

/// A consortium said what it does.
pub struct Chosen {
    pub call: CallId,
    pub proposal: ProposalId,
    pub code: String,
    pub title: String,
    pub choice: StrandedOption,
    pub reason: String,
    /// The agencies of its parts.
    pub agencies: Vec<OrganisationId>,
}

#[derive(Template)]
#[template(path = "decisions/stranded/mail/chosen.txt")]
struct ChosenMail<'a> {
    of: &'a Chosen,
}

impl Event for Chosen {
    fn audit(&self) -> AuditLine {
        let line = format!("answered for a stranded proposal: {}", self.choice.label().to_lowercase());
        AuditLine::new(Subject::Proposal(self.proposal), line).data(json!({ "reason": self.reason })).of_call(self.call)
    }

    fn mails(&self) -> Vec<MailOrder> {
        let agencies = self.agencies.iter().map(|agency| Recipient::AgencyOfficers(*agency));
        let to: Vec<Recipient> = agencies.chain([Recipient::CallOfficers(self.call)]).collect();
        vec![MailOrder::new("M22b", MailClass::Work, Subject::Proposal(self.proposal), to, &ChosenMail { of: self })]
    }

    fn jobs(&self) -> Vec<JobOrder> {
        Vec::new()
    }
}
