//! What happens to grants after the release.

use crate::{
    decisions::events::{LETTERS, Told, mail_of},
    kernel::{
        Subject,
        event::{AuditLine, Event, JobOrder, MailOrder, Recipient},
    },
};
use askama::Template;
use entity::types::{
    ids::{CallId, OrganisationId, PartId, ProposalId},
    money::Money,
    states::MailClass,
};
use serde_json::json;

/// A grant was declined.
pub struct Declined {
    pub call: CallId,
    pub proposal: ProposalId,
    pub part: PartId,
    pub agency: OrganisationId,
    pub code: String,
    pub title: String,
    pub organisation: String,
    pub amount: Money,
    pub reason: String,
}

#[derive(Template)]
#[template(path = "decisions/reserve/mail/declined.txt")]
struct DeclinedMail<'a> {
    of: &'a Declined,
}

impl Event for Declined {
    fn audit(&self) -> AuditLine {
        let line = format!("declined the grant of {} for {}", self.amount, self.code);
        AuditLine::new(Subject::Part(self.part), line)
            .data(json!({ "reason": self.reason }))
            .of_call(self.call)
            .of_proposal(self.proposal)
    }

    fn mails(&self) -> Vec<MailOrder> {
        let to = [Recipient::AgencyOfficers(self.agency), Recipient::CallOfficers(self.call)];
        vec![MailOrder::new("M31", MailClass::Work, Subject::Part(self.part), to, &DeclinedMail { of: self })]
    }

    fn jobs(&self) -> Vec<JobOrder> {
        Vec::new()
    }
}

/// A part was awarded from the reserve list.
pub struct MovedUp {
    pub call: CallId,
    pub told: Told,
}

impl Event for MovedUp {
    fn audit(&self) -> AuditLine {
        let line = format!("awarded {} from the reserve list", self.told.amount);
        AuditLine::new(Subject::Part(self.told.part), line).of_call(self.call).of_proposal(self.told.proposal)
    }

    fn mails(&self) -> Vec<MailOrder> {
        vec![mail_of(&self.told)]
    }

    fn jobs(&self) -> Vec<JobOrder> {
        let once = format!("{LETTERS} {}", self.told.part);
        vec![JobOrder::new(LETTERS, json!({ "call": self.call })).once(once)]
    }
}
