//! What happens to interests and findings.

use crate::evaluation::rules::EXAMINE;
use crate::kernel::{
    Subject,
    event::{AuditLine, Event, JobOrder, MailOrder, Recipient},
};
use askama::Template;
use chrono::{DateTime, TimeDelta, Utc};
use entity::types::{
    ids::{AccountId, AssignmentId, CallId, FindingId, JobId, ProposalId, StatementId},
    states::{InterestKind, MailClass},
};
use serde_json::json;

/// The job that compares everybody of a call with all its proposals; the call's closing orders it as well.
pub const SCREEN: &str = "evaluation.screen";
/// The job that compares one person with all proposals of running calls.
pub const SCREEN_PERSON: &str = "evaluation.screen_person";
/// The job that decides about many findings.
pub const DECIDE: &str = "evaluation.decide_findings";
/// The job that says what a conflict changes that was found after a sheet was handed in.
pub const LATE: &str = "evaluation.late_conflict";
/// The job that reminds somebody of a statement that ends.
pub const REMIND: &str = "evaluation.interests";

/// How long before its end somebody is reminded to sign again.
const BEFORE_THE_END: TimeDelta = TimeDelta::days(30);

/// Orders the look at one person's ties.
pub fn screening_of(account: AccountId) -> JobOrder {
    JobOrder::new(SCREEN_PERSON, json!({ "account": account }))
}

/// Orders the look at what follows from sheets that no longer count.
pub fn late(assignments: &[AssignmentId]) -> Vec<JobOrder> {
    assignments.iter().map(|id| JobOrder::new(LATE, json!({ "assignment": id }))).collect()
}

pub enum InterestEvent {
    Added { account: AccountId, kind: InterestKind },
    Withdrawn { account: AccountId, kind: InterestKind },
    Signed { account: AccountId, statement: StatementId, valid_until: DateTime<Utc>, lines: usize },
    Reminded { account: AccountId, until: String },
}

impl InterestEvent {
    fn account(&self) -> AccountId {
        match self {
            Self::Added { account, .. }
            | Self::Withdrawn { account, .. }
            | Self::Signed { account, .. }
            | Self::Reminded { account, .. } => *account,
        }
    }
}

impl Event for InterestEvent {
    fn audit(&self) -> AuditLine {
        let (line, data) = match self {
            Self::Added { kind, .. } => ("stated an interest".to_owned(), json!({ "kind": kind })),
            Self::Withdrawn { kind, .. } => ("took back an interest".to_owned(), json!({ "kind": kind })),
            Self::Signed { valid_until, lines, .. } => {
                ("signed the list of interests".to_owned(), json!({ "lines": lines, "valid_until": valid_until }))
            }
            Self::Reminded { .. } => ("reminded somebody to sign the list of interests again".to_owned(), json!({})),
        };
        AuditLine::new(Subject::Account(self.account()), line).data(data)
    }

    fn mails(&self) -> Vec<MailOrder> {
        match self {
            Self::Reminded { account, until } => {
                let to = [Recipient::Account(*account)];
                let about = Subject::Account(*account);
                vec![MailOrder::new("M15d", MailClass::Work, about, to, &RenewalMail { until })]
            }
            Self::Added { .. } | Self::Withdrawn { .. } | Self::Signed { .. } => Vec::new(),
        }
    }

    fn jobs(&self) -> Vec<JobOrder> {
        match self {
            Self::Added { account, .. } | Self::Withdrawn { account, .. } => vec![screening_of(*account)],
            Self::Signed { account, statement, valid_until, .. } => {
                let remind = json!({ "account": account, "statement": statement });
                vec![screening_of(*account), JobOrder::new(REMIND, remind).at(*valid_until - BEFORE_THE_END)]
            }
            Self::Reminded { .. } => Vec::new(),
        }
    }
}

/// Whose tie with which proposal an event is about.
#[derive(Debug, Clone)]
pub struct Pair {
    pub call: CallId,
    pub proposal: ProposalId,
    pub code: String,
    pub account: AccountId,
    pub name: String,
}

pub enum FindingEvent {
    ScreeningOrdered { call: CallId, job: JobId },
    Stored { call: CallId, fresh: usize, gone: usize },
    Screened { call: CallId, code: String, people: usize, proposals: usize, alarm: bool },
    Confirmed { finding: FindingId, pair: Pair, reason: String, tasks: usize, late: Vec<AssignmentId> },
    Dismissed { finding: FindingId, pair: Pair, reason: String },
}

impl Event for FindingEvent {
    fn audit(&self) -> AuditLine {
        match self {
            Self::ScreeningOrdered { call, .. } => {
                AuditLine::new(Subject::Call(*call), "ordered the check for conflicts of interest")
            }
            Self::Stored { call, fresh, gone } => {
                AuditLine::new(Subject::Call(*call), "kept what the check for conflicts of interest found")
                    .data(json!({ "new": fresh, "gone": gone }))
            }
            Self::Screened { call, people, proposals, .. } => {
                AuditLine::new(Subject::Call(*call), "checked for conflicts of interest")
                    .data(json!({ "people": people, "proposals": proposals }))
            }
            Self::Confirmed { finding, pair, reason, tasks, late } => {
                let line = format!("confirmed a conflict of interest of {} with {}", pair.name, pair.code);
                let facts = json!({ "finding": finding, "reason": reason, "tasks": tasks, "sheets": late.len() });
                AuditLine::new(Subject::Proposal(pair.proposal), line).data(facts).of_call(pair.call)
            }
            Self::Dismissed { finding, pair, reason } => {
                let line = format!("dismissed a possible conflict of interest of {} with {}", pair.name, pair.code);
                let facts = json!({ "finding": finding, "reason": reason });
                AuditLine::new(Subject::Proposal(pair.proposal), line).data(facts).of_call(pair.call)
            }
        }
    }

    fn mails(&self) -> Vec<MailOrder> {
        match self {
            // Nobody is named: an officer may be in conflict with one of these proposals.
            Self::Screened { call, code, alarm: true, .. } => {
                let to = [Recipient::CallOfficers(*call)];
                let mail = AlarmMail { call: *call, code };
                vec![MailOrder::new("M15f", MailClass::Work, Subject::Call(*call), to, &mail)]
            }
            // Nor is the proposal, which from now on does not exist for whoever reads this.
            Self::Confirmed { pair, tasks, .. } if *tasks > 0 => {
                let to = [Recipient::Account(pair.account)];
                vec![MailOrder::new("M15e", MailClass::Work, Subject::Account(pair.account), to, &TakenMail)]
            }
            Self::ScreeningOrdered { .. }
            | Self::Stored { .. }
            | Self::Screened { .. }
            | Self::Confirmed { .. }
            | Self::Dismissed { .. } => Vec::new(),
        }
    }

    fn jobs(&self) -> Vec<JobOrder> {
        match self {
            Self::ScreeningOrdered { call, job } => {
                vec![JobOrder::new(SCREEN, json!({ "call": call })).known_as(*job)]
            }
            Self::Confirmed { late: sheets, pair, tasks, .. } => {
                // Fewer sheets are awaited, so the others may all be in.
                let examine = JobOrder::new(EXAMINE, json!({ "proposal": pair.proposal }));
                late(sheets).into_iter().chain((*tasks > 0).then_some(examine)).collect()
            }
            Self::Stored { .. } | Self::Screened { .. } | Self::Dismissed { .. } => Vec::new(),
        }
    }
}

#[derive(Template)]
#[template(path = "evaluation/conflicts/mail/renewal.txt")]
struct RenewalMail<'a> {
    until: &'a str,
}

#[derive(Template)]
#[template(path = "evaluation/conflicts/mail/alarm.txt")]
struct AlarmMail<'a> {
    call: CallId,
    code: &'a str,
}

#[derive(Template)]
#[template(path = "evaluation/conflicts/mail/taken.txt")]
struct TakenMail;
