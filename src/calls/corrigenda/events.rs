//! What happens when a public call is changed, and who is told.

use crate::{
    calls::{
        editor::events::{data, in_short},
        publishing::events::{Named, advance_at},
        rules::Difference,
    },
    kernel::{
        Subject,
        event::{AuditLine, Event, JobOrder, MailOrder, Recipient},
    },
};
use askama::Template;
use chrono::{DateTime, TimeDelta, Utc};
use entity::types::{ids::AnnexId, states::MailClass};

/// A corrigendum was published.
pub struct Corrected {
    pub call: Named,
    pub annex: Option<(AnnexId, String)>,
    pub number: i32,
    pub reason: String,
    pub changes: Vec<Difference>,
    /// When the call now opens and closes, for the clock.
    pub opens_at: Option<DateTime<Utc>>,
    pub closes_at: Option<DateTime<Utc>>,
}

#[derive(Template)]
#[template(path = "calls/corrigenda/mail/changed.txt")]
struct ChangedMail<'a> {
    event: &'a Corrected,
    lines: Vec<String>,
}

impl Corrected {
    /// One line per change, long texts cut.
    fn lines(&self) -> Vec<String> {
        let cut = |text: &str| {
            let short: String = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(120).collect();
            if short.chars().count() == 120 { format!("{short} …") } else { short }
        };
        let line = |change: &Difference| match (&change.before, &change.after) {
            (Some(before), Some(after)) => {
                format!("{}: now “{}”, before “{}”", change.label, cut(after), cut(before))
            }
            (None, Some(after)) => format!("{}: new: “{}”", change.label, cut(after)),
            (Some(before), None) => format!("{}: no longer “{}”", change.label, cut(before)),
            (None, None) => change.label.clone(),
        };
        self.changes.iter().take(20).map(line).collect()
    }
}

impl Event for Corrected {
    fn audit(&self) -> AuditLine {
        let what = self.annex.as_ref().map_or_else(String::new, |(_, agency)| format!(" in the annex of {agency}"));
        let subject = self.annex.as_ref().map_or(Subject::Call(self.call.id), |(annex, _)| Subject::Annex(*annex));
        let changes = in_short(&self.changes);
        let line = format!("published corrigendum {} of {}{what}: {changes}", self.number, self.call.code);
        AuditLine::new(subject, line).data(data(&self.changes)).of_call(self.call.id)
    }

    fn mails(&self) -> Vec<MailOrder> {
        let mail = ChangedMail { event: self, lines: self.lines() };
        let to = [Recipient::ApplicantsOf(self.call.id), Recipient::AgenciesOf(self.call.id)];
        vec![MailOrder::new("M04", MailClass::Work, Subject::Call(self.call.id), to, &mail)]
    }

    fn jobs(&self) -> Vec<JobOrder> {
        let opens = self.opens_at.map(|at| advance_at(self.call.id, at));
        let closes = self.closes_at.map(|at| advance_at(self.call.id, at + TimeDelta::seconds(1)));
        opens.into_iter().chain(closes).collect()
    }
}
