//! What people do with jobs.

use super::events::JobEvent;
use crate::kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx};
use entity::{
    kernel::job,
    types::{
        ids::{AccountId, JobId},
        states::JobState,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};
use serde_json::{Value, json};
use uuid::Uuid;

/// Orders one act for many rows. Whether the person may do it is asked for each row, by that row's command.
#[derive(Clone)]
pub struct OrderBulk {
    job: &'static str,
    rows: Vec<Uuid>,
    with: Value,
    back: String,
}

impl OrderBulk {
    /// The job's name, the rows, and the page to come back to.
    pub fn new<T: Copy + Into<Uuid>>(job: &'static str, rows: &[T], back: impl Into<String>) -> Self {
        Self { job, rows: rows.iter().map(|&id| id.into()).collect(), with: Value::Null, back: back.into() }
    }

    /// What the act needs besides the rows.
    #[must_use]
    pub fn with(self, with: Value) -> Self {
        Self { with, ..self }
    }
}

impl Command for OrderBulk {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = JobId;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<JobId>> {
        leave.account()?;
        if self.rows.is_empty() {
            return Err(AppError::refused("no_rows", "Nothing matches, so there is nothing to do."));
        }
        let id: JobId = tx.new_id();
        let rows = self.rows.len();
        let payload = json!({ "rows": self.rows, "with": self.with, "back": self.back });
        Ok(tx.done(JobEvent::BulkOrdered { id, job: self.job, rows, payload }, id))
    }
}

/// Tells whoever ordered a job that it is done.
#[derive(Clone)]
pub struct TellReady {
    pub job: JobId,
    pub account: AccountId,
    pub done: usize,
    pub refused: usize,
}

impl Command for TellReady {
    const NEEDS: Permission = Permission::ManageJobs;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Job(self.job)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let Self { job: id, account, done, refused } = self;
        Ok(tx.done(JobEvent::Ready { id, account, done, refused }, ()))
    }
}

/// Lets a failed job run again.
#[derive(Clone)]
pub struct RunAgain(pub JobId);

impl Command for RunAgain {
    const NEEDS: Permission = Permission::ManageJobs;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Job(self.0)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let row = job::Entity::find_by_id(self.0).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
        if row.state != JobState::Failed {
            return Err(AppError::refused("job_not_failed", "Only a job that failed can run again."));
        }
        let name = row.name.clone();
        let mut change: job::ActiveModel = row.into();
        change.state = Set(JobState::Queued);
        change.attempts = Set(0);
        change.due_at = Set(tx.now());
        change.finished_at = Set(None);
        change.update(tx.conn()).await?;
        Ok(tx.done(JobEvent::RunAgain { id: self.0, job: name }, ()))
    }
}
