//! Background work: jobs ordered by events and by the schedule, claimed one by one by any process.
//!
//! A job is a name and a payload; its code is registered in `server.rs`. It runs commands as the system or
//! as the person who ordered it, each in a transaction of its own, at least once: a job that was cut short
//! is claimed again when its lock runs out. A job that keeps failing, that panics or that ends the program stops
//! itself, not the queue: its try is counted when it is taken, and there are six.
//!
//! An action on many rows is one command for each: a page orders [`commands::OrderBulk`] and leads to
//! `/jobs/{id}`, the job goes through the rows with [`bulk::each`].

pub mod api;
pub mod bulk;
pub mod commands;
pub mod events;
pub mod pages;
pub mod queries;
pub mod schedule;
pub mod watched;
pub mod worker;

use crate::kernel::{
    Actor, App, AppError, Result,
    access::{actor::Door, identity},
};
use entity::types::ids::{AccountId, JobId};
use serde_json::Value;
use std::{collections::BTreeMap, future::Future, pin::Pin, sync::Arc};

/// A job being done.
#[derive(Clone)]
pub struct Task {
    pub id: JobId,
    pub payload: Value,
    /// Who ordered it; none for the schedule and for reactions of the system.
    pub ordered_by: Option<AccountId>,
    pub(crate) app: App,
}

type Work = Arc<dyn Fn(App, Task) -> Pin<Box<dyn Future<Output = Result<Value>> + Send>> + Send + Sync>;

/// The code behind every job name.
#[derive(Clone, Default)]
pub struct Registry {
    work: BTreeMap<&'static str, Work>,
}

impl Registry {
    /// Adds a job: its outcome is kept as its result, for example `{"href": "/files/…"}`.
    #[must_use]
    pub fn job<F, R>(mut self, name: &'static str, work: F) -> Self
    where
        F: Fn(App, Task) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Value>> + Send + 'static,
    {
        self.work.insert(name, Arc::new(move |app, task| Box::pin(work(app, task))));
        self
    }

    pub fn names(&self) -> Vec<&'static str> {
        self.work.keys().copied().collect()
    }

    fn find(&self, name: &str) -> Option<Work> {
        self.work.get(name).cloned()
    }
}

impl Task {
    /// The person who ordered the job, with the rights they have now; the system for jobs nobody ordered.
    ///
    /// # Errors
    /// When the person's account is no longer active.
    pub async fn actor(&self) -> Result<Actor> {
        let Some(account) = self.ordered_by else { return Ok(Actor::System("a job")) };
        let person = identity::person(self.app.database().maintenance(), account, Door::Token { write: true }).await?;
        person.ok_or_else(|| AppError::refused("account_closed", "The account of whoever ordered this is closed."))
    }

    /// Tells how far the job is, for the person who waits; also keeps its lock.
    pub async fn progress(&self, done: usize, total: usize) {
        worker::note_progress(&self.app, self.id, done, total).await;
    }
}
