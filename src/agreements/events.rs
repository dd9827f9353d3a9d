//! What happens to agreements.

use crate::kernel::{
    Subject,
    event::{AuditLine, Change, Event, JobOrder, MailOrder, Recipient},
};
use askama::Template;
use chrono::NaiveDate;
use entity::types::{
    ids::{AgreementId, CallId, PartId, ProposalId},
    period,
    states::MailClass,
};
use serde_json::json;

/// The job of the reporting area that makes or moves the reports of an agreement.
pub const SCHEDULE: &str = "reporting.schedule";

/// The dates of an agreement were set or changed.
pub struct DatesSet {
    pub call: CallId,
    pub proposal: ProposalId,
    pub part: PartId,
    pub agreement: AgreementId,
    pub code: String,
    pub title: String,
    /// Whose part it is: all partners of the consortium read it.
    pub organisation: String,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    /// Label and due day of each report.
    pub reports: Vec<(String, NaiveDate)>,
    pub first: bool,
    /// The dates that were replaced.
    pub changes: Vec<Change>,
    pub version: i64,
}

#[derive(Template)]
#[template(path = "agreements/mail/dates.txt")]
struct DatesMail<'a> {
    set: &'a DatesSet,
}

impl DatesMail<'_> {
    fn day(&self, date: &NaiveDate) -> String {
        period::day(*date)
    }
}

impl Event for DatesSet {
    fn audit(&self) -> AuditLine {
        let verb = if self.first { "made the agreement" } else { "changed the dates of the agreement" };
        let line = format!("{verb}: {} to {}", period::day(self.starts_on), period::day(self.ends_on));
        AuditLine::new(Subject::Part(self.part), line)
            .data(json!({ "agreement": self.agreement, "starts_on": self.starts_on, "ends_on": self.ends_on }))
            .changed(&self.changes)
            .of_call(self.call)
            .of_proposal(self.proposal)
    }

    fn mails(&self) -> Vec<MailOrder> {
        let to = [Recipient::PartTeam(self.part), Recipient::Team(self.proposal)];
        vec![MailOrder::new("M30", MailClass::Essential, Subject::Part(self.part), to, &DatesMail { set: self })]
    }

    fn jobs(&self) -> Vec<JobOrder> {
        let key = format!("{SCHEDULE} {} {}", self.agreement, self.version);
        vec![JobOrder::new(SCHEDULE, json!({ "agreement": self.agreement })).once(key)]
    }
}
