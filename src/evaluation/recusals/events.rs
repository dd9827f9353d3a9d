//! What the secretariat is told of a recusal.

use crate::kernel::{
    Subject,
    event::{AuditLine, Event, MailOrder, Recipient},
};
use askama::Template;
use entity::types::{
    ids::{AssignmentId, CallId, ProposalId},
    states::MailClass,
};
use serde_json::json;

/// A sheet that no longer counts.
pub struct Recused {
    pub assignment: AssignmentId,
    pub call: CallId,
    pub proposal: ProposalId,
    pub code: String,
    pub title: String,
    pub name: String,
    /// What it changes, in sentences.
    pub effect: String,
    /// Who could be asked instead; empty when nobody can, or nobody is needed.
    pub replacement: String,
}

impl Event for Recused {
    fn audit(&self) -> AuditLine {
        let line = format!("left the sheet of {} for {} out of every number", self.name, self.code);
        AuditLine::new(Subject::Assignment(self.assignment), line)
            .data(json!({ "effect": self.effect, "replacement": self.replacement }))
            .of_call(self.call)
            .of_proposal(self.proposal)
    }

    fn mails(&self) -> Vec<MailOrder> {
        let to = [Recipient::CallOfficers(self.call)];
        let mail = RecusedMail { of: self };
        vec![MailOrder::new("M15c", MailClass::Work, Subject::Assignment(self.assignment), to, &mail)]
    }
}

#[derive(Template)]
#[template(path = "evaluation/recusals/mail/recused.txt")]
struct RecusedMail<'a> {
    of: &'a Recused,
}
