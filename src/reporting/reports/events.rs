//! What happens to reports.

use crate::kernel::{
    Subject,
    event::{AuditLine, Event, MailOrder, Recipient},
};
use askama::Template;
use chrono::NaiveDate;
use entity::types::{
    ids::{AgreementId, CallId, OrganisationId, PartId, ProposalId, ReportId},
    period,
    states::MailClass,
};
use serde_json::json;

/// Which report of which part, as events and mails name it.
#[derive(Debug, Clone)]
pub struct Named {
    pub report: ReportId,
    pub part: PartId,
    pub proposal: ProposalId,
    pub call: CallId,
    pub agency: OrganisationId,
    pub code: String,
    pub title: String,
    pub organisation: String,
    pub label: String,
    pub due_on: NaiveDate,
}

pub enum ReportEvent {
    Scheduled {
        part: PartId,
        agreement: AgreementId,
        reports: Vec<(String, NaiveDate)>,
    },
    Saved {
        of: Named,
        version: i64,
    },
    Submitted(Named),
    Returned {
        of: Named,
        points: String,
    },
    Accepted {
        of: Named,
        closed: bool,
    },
    Reminded {
        of: Named,
        days: i64,
    },
    /// An officer asked for it, whatever the calendar says.
    AskedFor(Named),
}

#[derive(Template)]
#[template(path = "reporting/reports/mail/due.txt")]
struct DueMail<'a> {
    of: &'a Named,
    due: String,
}

#[derive(Template)]
#[template(path = "reporting/reports/mail/received.txt")]
struct ReceivedMail<'a> {
    of: &'a Named,
}

#[derive(Template)]
#[template(path = "reporting/reports/mail/returned.txt")]
struct ReturnedMail<'a> {
    of: &'a Named,
    points: &'a str,
}

#[derive(Template)]
#[template(path = "reporting/reports/mail/accepted.txt")]
struct AcceptedMail<'a> {
    of: &'a Named,
    closed: bool,
}

#[derive(Template)]
#[template(path = "reporting/reports/mail/closed.txt")]
struct ClosedMail<'a> {
    of: &'a Named,
}

impl ReportEvent {
    fn of(&self) -> Option<&Named> {
        match self {
            Self::Scheduled { .. } => None,
            Self::Submitted(of)
            | Self::AskedFor(of)
            | Self::Saved { of, .. }
            | Self::Returned { of, .. }
            | Self::Accepted { of, .. }
            | Self::Reminded { of, .. } => Some(of),
        }
    }
}

impl Event for ReportEvent {
    fn audit(&self) -> AuditLine {
        let label = self.of().map(|of| format!("the {} of {}", of.label.to_lowercase(), of.code)).unwrap_or_default();
        let line = match self {
            Self::Scheduled { part, agreement, reports } => {
                return AuditLine::new(Subject::Part(*part), format!("scheduled {} reports", reports.len()))
                    .data(json!({ "agreement": agreement, "reports": reports }));
            }
            Self::Saved { .. } => format!("wrote {label}"),
            Self::Submitted(_) => format!("handed in {label}"),
            Self::Returned { .. } => format!("returned {label}"),
            Self::Accepted { closed: false, .. } => format!("accepted {label}"),
            Self::Accepted { closed: true, .. } => format!("accepted {label} and closed the part"),
            Self::Reminded { days, .. } => format!("reminded of {label}, due in {days} days or less"),
            Self::AskedFor(_) => format!("asked for {label}"),
        };
        let Some(of) = self.of() else {
            return AuditLine::new(Subject::Platform, line);
        };
        let data = match self {
            Self::Saved { version, .. } => json!({ "version": version }),
            Self::Returned { points, .. } => json!({ "points": points }),
            _ => json!({}),
        };
        AuditLine::new(Subject::Report(of.report), line).data(data).of_call(of.call).of_proposal(of.proposal)
    }

    fn mails(&self) -> Vec<MailOrder> {
        let Some(of) = self.of() else {
            return Vec::new();
        };
        let about = Subject::Report(of.report);
        let team = [Recipient::PartTeam(of.part)];
        match self {
            Self::Submitted(_) => {
                let officers = [Recipient::ReportingOfficers(of.agency), Recipient::AgencyOfficers(of.agency)];
                vec![MailOrder::new("M35", MailClass::Work, about, officers, &ReceivedMail { of })]
            }
            Self::Returned { points, .. } => {
                vec![MailOrder::new("M36", MailClass::Essential, about, team, &ReturnedMail { of, points })]
            }
            Self::Accepted { closed, .. } => {
                let mail = AcceptedMail { of, closed: *closed };
                let mut mails = vec![MailOrder::new("M36b", MailClass::Essential, about, team, &mail)];
                if *closed {
                    let all = [Recipient::PartTeam(of.part), Recipient::Team(of.proposal)];
                    mails.push(MailOrder::new("M37", MailClass::Essential, about, all, &ClosedMail { of }));
                }
                mails
            }
            Self::Reminded { .. } | Self::AskedFor(_) => {
                let mail = DueMail { of, due: period::day(of.due_on) };
                vec![MailOrder::new("M34", MailClass::Work, about, team, &mail)]
            }
            Self::Scheduled { .. } | Self::Saved { .. } => Vec::new(),
        }
    }
}
