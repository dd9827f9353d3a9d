//! What happens to jobs by people's hands.

use crate::kernel::{
    Subject,
    event::{AuditLine, Event, JobOrder, MailOrder, Recipient},
};
use askama::Template;
use entity::types::{
    ids::{AccountId, JobId},
    states::MailClass,
};
use serde_json::{Value, json};

pub enum JobEvent {
    BulkOrdered { id: JobId, job: &'static str, rows: usize, payload: Value },
    RunAgain { id: JobId, job: String },
    Ready { id: JobId, account: AccountId, done: usize, refused: usize },
}

#[derive(Template)]
#[template(path = "jobs/mail/ready.txt")]
struct ReadyMail {
    id: JobId,
    done: usize,
    refused: usize,
}

impl Event for JobEvent {
    fn audit(&self) -> AuditLine {
        match self {
            Self::BulkOrdered { id, job, rows, .. } => {
                AuditLine::new(Subject::Job(*id), format!("ordered {job} for {rows} rows"))
                    .data(json!({ "job": job, "rows": rows }))
            }
            Self::Ready { id, done, refused, .. } => {
                AuditLine::new(Subject::Job(*id), format!("told that {done} rows are done"))
                    .data(json!({ "done": done, "refused": refused }))
            }
            Self::RunAgain { id, job } => {
                AuditLine::new(Subject::Job(*id), format!("let the failed job {job} run again"))
            }
        }
    }

    fn mails(&self) -> Vec<MailOrder> {
        match self {
            Self::Ready { id, account, done, refused } => {
                let mail = ReadyMail { id: *id, done: *done, refused: *refused };
                let to = [Recipient::Account(*account)];
                vec![MailOrder::new("J01", MailClass::Work, Subject::Job(*id), to, &mail)]
            }
            Self::BulkOrdered { .. } | Self::RunAgain { .. } => Vec::new(),
        }
    }

    fn jobs(&self) -> Vec<JobOrder> {
        match self {
            Self::BulkOrdered { id, job, payload, .. } => vec![JobOrder::new(job, payload.clone()).known_as(*id)],
            Self::RunAgain { .. } | Self::Ready { .. } => Vec::new(),
        }
    }
}
