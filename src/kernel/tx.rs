//! What a command holds in its hands: one transaction, the time, new ids; and what it must give back.

use super::{
    access::{actor::Actor, policy::Standing, relation::Relations},
    error::{AppError, Result},
    event::Event,
    queue::Write,
    secret::Chance,
};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use std::sync::Arc;
use uuid::Uuid;

/// The transaction of one command. It cannot be committed, rolled back or nested from outside the kernel.
pub struct Tx {
    pub(super) inner: Write,
    pub(super) now: DateTime<Utc>,
    pub(super) chance: Arc<dyn Chance>,
}

impl Tx {
    pub fn conn(&self) -> &impl ConnectionTrait {
        &*self.inner
    }

    /// The instant of the whole command: everything in it happens at one time.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// A new time-ordered id (UUID version 7).
    pub fn new_id<T: From<Uuid>>(&self) -> T {
        T::from(new_uuid(self.now, self.chance.as_ref()))
    }

    pub fn chance(&self) -> &dyn Chance {
        self.chance.as_ref()
    }

    /// What a command gives back: what happened, and what the caller learns of it.
    pub fn done<T>(&self, event: impl Event + 'static, output: T) -> Done<T> {
        Done { events: vec![Box::new(event)], output }
    }
}

/// A new UUID version 7 of this instant.
pub fn new_uuid(now: DateTime<Utc>, chance: &dyn Chance) -> Uuid {
    let mut bytes = [0; 10];
    chance.fill(&mut bytes);
    let millis = u64::try_from(now.timestamp_millis()).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
}

/// The outcome of a command. Only [`Tx::done`] makes one, so no command succeeds without saying what happened.
pub struct Done<T> {
    pub(super) events: Vec<Box<dyn Event>>,
    pub(super) output: T,
}

impl<T> Done<T> {
    /// Something else that happened in the same command.
    #[must_use]
    pub fn and(mut self, event: impl Event + 'static) -> Self {
        self.events.push(Box::new(event));
        self
    }
}

/// A read-only view of the database at one moment.
pub struct Snapshot {
    pub(super) inner: DatabaseTransaction,
    pub(super) now: DateTime<Utc>,
}

impl Snapshot {
    pub fn conn(&self) -> &impl ConnectionTrait {
        &self.inner
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }
}

/// Proof that the policy was asked. Only the kernel makes one.
#[derive(Clone, Copy)]
pub struct Leave<'a> {
    pub(super) actor: &'a Actor,
    pub(super) standing: &'a Standing,
}

impl<'a> Leave<'a> {
    pub fn actor(&self) -> &'a Actor {
        self.actor
    }

    pub fn relations(&self) -> Relations {
        self.standing.relations
    }

    /// Whether the policy would also allow this; for buttons and for hiding fields.
    pub fn may(&self, permission: super::access::permission::Permission) -> bool {
        matches!(self.actor, Actor::System(_)) || super::access::policy::decide(permission, self.standing).is_ok()
    }

    /// The account of the person who acts.
    ///
    /// # Errors
    /// When nobody is signed in or the system acts by itself.
    pub fn account(&self) -> Result<entity::types::ids::AccountId> {
        self.actor.account().ok_or(AppError::Denied(super::error::Denial::SignedOut))
    }
}
