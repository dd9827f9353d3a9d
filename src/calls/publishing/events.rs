//! What happens on a call's way, and who is told.

use crate::{
    calls::figures::rules::CallFigures,
    kernel::{
        Subject,
        event::{AuditLine, Event, JobOrder, MailOrder, Recipient},
    },
};
use askama::Template;
use chrono::{DateTime, TimeDelta, Utc};
use entity::types::{
    ids::{AnnexId, CallId},
    states::{CallState, MailClass},
};
use serde_json::json;

/// The job that opens and closes calls by the clock.
pub const ADVANCE: &str = "calls.advance";

/// The job that looks for conflicts of interest as soon as it is known who applies.
pub const SCREEN: &str = "evaluation.screen";

/// A call as mails name it.
#[derive(Debug, Clone)]
pub struct Named {
    pub id: CallId,
    pub code: String,
    pub title: String,
}

/// One agency's deadline as mails list it.
#[derive(Debug, Clone)]
pub struct ClosingLine {
    pub agency: String,
    pub deadline: String,
}

pub enum PublishingEvent {
    SentToAgencies(Named),
    TakenBack {
        call: Named,
        approvals: usize,
    },
    AnnexApproved {
        call: CallId,
        annex: AnnexId,
        agency: String,
    },
    Announced {
        call: Named,
        summary: String,
        opens: String,
        opens_at: DateTime<Utc>,
        closing: Vec<ClosingLine>,
    },
    Opened {
        call: Named,
        summary: String,
        closes_at: Option<DateTime<Utc>>,
        closing: Vec<ClosingLine>,
    },
    Closed {
        call: Named,
        figures: CallFigures,
    },
    EvaluationStarted(Named),
    Archived(Named),
    /// A step of another area.
    Stepped {
        call: CallId,
        to: CallState,
    },
}

#[derive(Template)]
#[template(path = "calls/publishing/mail/annex_please.txt")]
struct AnnexPlease<'a> {
    call: &'a Named,
}

#[derive(Template)]
#[template(path = "calls/publishing/mail/announced.txt")]
struct AnnouncedMail<'a> {
    call: &'a Named,
    summary: &'a str,
    opens: &'a str,
    closing: &'a [ClosingLine],
}

#[derive(Template)]
#[template(path = "calls/publishing/mail/opened.txt")]
struct OpenedMail<'a> {
    call: &'a Named,
    summary: &'a str,
    closing: &'a [ClosingLine],
}

#[derive(Template)]
#[template(path = "calls/publishing/mail/closed.txt")]
struct ClosedMail<'a> {
    call: &'a Named,
    figures: &'a CallFigures,
}

impl Event for PublishingEvent {
    fn audit(&self) -> AuditLine {
        let of = |call: &Named, line: String| AuditLine::new(Subject::Call(call.id), line);
        match self {
            Self::SentToAgencies(call) => of(call, format!("sent the call {} to its agencies", call.code)),
            Self::TakenBack { call, approvals } => {
                of(call, format!("took the call {} back to draft", call.code)).data(json!({ "approvals": approvals }))
            }
            Self::AnnexApproved { call, annex, agency } => {
                AuditLine::new(Subject::Annex(*annex), format!("approved the annex of {agency}")).of_call(*call)
            }
            Self::Announced { call, opens_at, .. } => {
                of(call, format!("announced the call {}", call.code)).data(json!({ "opens_at": opens_at }))
            }
            Self::Opened { call, closes_at, .. } => {
                of(call, format!("opened the call {}", call.code)).data(json!({ "closes_at": closes_at }))
            }
            Self::Closed { call, figures } => of(call, format!("closed the call {}", call.code)).data(json!({
                "parts_submitted": figures.parts_submitted(),
                "proposals_submitted": figures.proposals_submitted,
            })),
            Self::EvaluationStarted(call) => of(call, format!("started the evaluation of the call {}", call.code)),
            Self::Archived(call) => of(call, format!("archived the call {}", call.code)),
            Self::Stepped { call, to } => {
                AuditLine::new(Subject::Call(*call), format!("moved the call to “{}”", to.label()))
            }
        }
    }

    fn mails(&self) -> Vec<MailOrder> {
        match self {
            Self::SentToAgencies(call) => {
                let to = [Recipient::AgenciesOf(call.id)];
                vec![MailOrder::new("M01", MailClass::Work, Subject::Call(call.id), to, &AnnexPlease { call })]
            }
            Self::Announced { call, summary, opens, closing, .. } => {
                let to = [Recipient::Clusters, Recipient::AgenciesOf(call.id)];
                let mail = AnnouncedMail { call, summary, opens, closing };
                vec![MailOrder::new("M02", MailClass::News, Subject::Call(call.id), to, &mail)]
            }
            Self::Opened { call, summary, closing, .. } => {
                let to = [Recipient::Clusters, Recipient::AgenciesOf(call.id)];
                let mail = OpenedMail { call, summary, closing };
                vec![MailOrder::new("M03", MailClass::News, Subject::Call(call.id), to, &mail)]
            }
            Self::Closed { call, figures } => {
                let to = [Recipient::AgenciesOf(call.id), Recipient::CallOfficers(call.id)];
                let mail = ClosedMail { call, figures };
                vec![MailOrder::new("M05", MailClass::Work, Subject::Call(call.id), to, &mail)]
            }
            Self::TakenBack { .. }
            | Self::AnnexApproved { .. }
            | Self::EvaluationStarted(_)
            | Self::Archived(_)
            | Self::Stepped { .. } => Vec::new(),
        }
    }

    fn jobs(&self) -> Vec<JobOrder> {
        match self {
            Self::Announced { call, opens_at, .. } => vec![advance_at(call.id, *opens_at)],
            Self::Opened { call, closes_at: Some(at), .. } => vec![advance_at(call.id, *at + TimeDelta::seconds(1))],
            Self::Closed { call, .. } => vec![JobOrder::new(SCREEN, json!({ "call": call.id }))],
            Self::SentToAgencies(_)
            | Self::TakenBack { .. }
            | Self::AnnexApproved { .. }
            | Self::Opened { .. }
            | Self::EvaluationStarted(_)
            | Self::Archived(_)
            | Self::Stepped { .. } => Vec::new(),
        }
    }
}

/// Orders the look at the clock for this very instant.
pub fn advance_at(call: CallId, at: DateTime<Utc>) -> JobOrder {
    let once = format!("{ADVANCE} {call} {}", at.timestamp());
    JobOrder::new(ADVANCE, json!({ "call": call })).at(at).once(once)
}
