//! The two doors: [`App::run`] for commands and [`App::ask`] for queries. Nothing else begins or ends a transaction.

use super::{
    access::{
        actor::{Actor, Door},
        identity,
        permission::Permission,
        policy, standing,
        subject::Subject,
    },
    audit,
    clock::Clock,
    database::Database,
    error::{AppError, Denial, Result},
    event::{AuditLine, Event},
    kept::Kept,
    live, outbox,
    passwords::Passwords,
    rate,
    secret::Chance,
    tx::{Done, Leave, Snapshot, Tx},
};
use crate::documents::store::Store;
use chrono::{DateTime, Utc};
use serde::{Serialize, de::DeserializeOwned};
use std::{future::Future, pin::Pin, sync::Arc};
use tokio::sync::Notify;

/// Something a person can do. It is data: compared in tests, repeated on a second press, named in the audit log.
pub trait Command: Clone + Send + Sync {
    const NEEDS: Permission;
    /// What the caller learns. It is kept beside the audit entry when the command came with a key, so a
    /// secret is never the output of a command that is run with one.
    type Output: Serialize + DeserializeOwned + Send;

    fn about(&self) -> Subject;
    fn execute(self, tx: &Tx, leave: Leave<'_>) -> impl Future<Output = Result<Done<Self::Output>>> + Send;
}

/// Something a person can see.
pub trait Query: Send + Sync {
    const NEEDS: Permission;
    type Output: Send;

    fn about(&self) -> Subject;
    fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> impl Future<Output = Result<Self::Output>> + Send;
}

/// What goes through a door. Its type is the same whatever is done, so that pages and API do not carry the inside of
/// every command and query in the types of their own futures.
pub type Doing<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// The running application: cheap to clone, shared by pages, API, worker and command line.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    parts: Parts,
    wake: Notify,
    kept: Kept,
}

/// What an application is made of.
pub struct Parts {
    pub database: Database,
    pub clock: Arc<dyn Clock>,
    pub chance: Arc<dyn Chance>,
    pub passwords: Passwords,
    pub store: Arc<dyn Store>,
    /// The public address without a slash at the end, for links in mails and receipts.
    pub base_url: String,
}

impl App {
    pub fn new(parts: Parts) -> Self {
        Self { inner: Arc::new(Inner { parts, wake: Notify::new(), kept: Kept::default() }) }
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.inner.parts.clock.now()
    }

    pub fn database(&self) -> &Database {
        &self.inner.parts.database
    }

    pub fn passwords(&self) -> &Passwords {
        &self.inner.parts.passwords
    }

    pub fn chance(&self) -> &dyn Chance {
        self.inner.parts.chance.as_ref()
    }

    pub fn store(&self) -> &dyn Store {
        self.inner.parts.store.as_ref()
    }

    pub fn base_url(&self) -> &str {
        &self.inner.parts.base_url
    }

    /// What this process remembers of what it showed.
    pub fn kept(&self) -> &Kept {
        &self.inner.kept
    }

    /// Wakes when there may be mails or jobs to do.
    pub fn wake(&self) -> &Notify {
        &self.inner.wake
    }

    /// Runs a command: policy, execution, audit, mails and jobs in one transaction, or nothing at all.
    ///
    /// # Errors
    /// Whatever the command or the policy says; nothing is written then.
    pub fn run<'a, C: Command + 'a>(&'a self, actor: &'a Actor, command: C) -> Doing<'a, C::Output> {
        self.run_once(actor, None, command)
    }

    /// Like [`run`](Self::run); a second arrival with the same key gets the first outcome and changes nothing.
    ///
    /// # Errors
    /// As `run`; `Refused` when the key was used for something else.
    pub fn run_once<'a, C: Command + 'a>(
        &'a self,
        actor: &'a Actor,
        key: Option<&'a str>,
        command: C,
    ) -> Doing<'a, C::Output> {
        Box::pin(async move {
            if let Some(person) = actor.person()
                && person.door == (Door::Token { write: false })
            {
                return Err(AppError::Denied(Denial::Token));
            }
            for wait in [20, 80, 320] {
                match self.attempt(actor, key, command.clone()).await {
                    Err(AppError::Busy) => tokio::time::sleep(std::time::Duration::from_millis(wait)).await,
                    outcome => return outcome,
                }
            }
            self.attempt(actor, key, command).await
        })
    }

    async fn attempt<C: Command>(&self, actor: &Actor, key: Option<&str>, command: C) -> Result<C::Output> {
        let parts = &self.inner.parts;
        let inner = parts.database.begin().await?;
        let tx = Tx { inner, now: parts.clock.now(), chance: parts.chance.clone() };
        if let Some(key) = key
            && let Some(first) = audit::first_run(tx.conn(), actor.account().map(|id| id.0), key).await?
        {
            return replay::<C>(first);
        }
        let subject = command.about();
        let standing = standing::of(tx.conn(), actor, subject).await?;
        if !matches!(actor, Actor::System(_))
            && let Err(error) = policy::decide(C::NEEDS, &standing)
        {
            drop(tx);
            self.note_denial(actor, name_of::<C>(), subject, &error).await;
            return Err(error);
        }
        let leave = Leave { actor, standing: &standing };
        let Done { events, output } = command.execute(&tx, leave).await?;
        let kept = key.map(|_| serde_json::to_value(&output)).transpose()?;
        let entry = audit::Entry { actor, command: name_of::<C>(), at: tx.now, key, output: kept };
        self.write_down(&tx, entry, &events).await?;
        tx.inner.commit().await?;
        self.inner.kept.touch();
        self.inner.wake.notify_waiters();
        Ok(output)
    }

    async fn write_down(&self, tx: &Tx, entry: audit::Entry<'_>, events: &[Box<dyn Event>]) -> Result<()> {
        let ordered_by = entry.actor.account();
        audit::append(tx.conn(), entry, events.iter().map(|e| e.audit()).collect()).await?;
        outbox::order_mails(tx, events.iter().flat_map(|e| e.mails()).collect(), self.base_url()).await?;
        outbox::order_jobs(tx, events.iter().flat_map(|e| e.jobs()).collect(), ordered_by).await
    }

    /// A refused try of a signed-in person is written down in a transaction of its own.
    async fn note_denial(&self, actor: &Actor, command: &str, subject: Subject, error: &AppError) {
        let AppError::Denied(denial @ (Denial::Role | Denial::Conflict)) = error else {
            return;
        };
        let parts = &self.inner.parts;
        let noted = async {
            let inner = parts.database.begin().await?;
            let entry = audit::Entry { actor, command, at: parts.clock.now(), key: None, output: None };
            let line = AuditLine::new(subject, format!("was refused ({})", denial.code()));
            audit::append(&*inner, entry, vec![line]).await?;
            inner.commit().await?;
            Ok::<_, AppError>(())
        };
        if let Err(error) = noted.await {
            tracing::error!(%error, command, "a refusal could not be written down");
        }
    }

    /// Answers a query from a read-only snapshot, if the policy allows it.
    ///
    /// # Errors
    /// Whatever the query or the policy says.
    pub fn ask<'a, Q: Query + 'a>(&'a self, actor: &'a Actor, query: Q) -> Doing<'a, Q::Output> {
        Box::pin(async move {
            let parts = &self.inner.parts;
            let snapshot = Snapshot { inner: parts.database.snapshot().await?, now: parts.clock.now() };
            let standing = standing::of(snapshot.conn(), actor, query.about()).await?;
            if !matches!(actor, Actor::System(_)) {
                policy::decide(Q::NEEDS, &standing)?;
            }
            let output = query.fetch(&snapshot, Leave { actor, standing: &standing }).await?;
            snapshot.inner.commit().await?;
            Ok(output)
        })
    }

    /// The person behind a session token's hash; marks the session as seen from time to time.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn identify_session(&self, hash: &str) -> Result<Option<identity::SignedIn>> {
        let parts = &self.inner.parts;
        let snapshot = parts.database.snapshot().await?;
        let found = identity::by_session(&snapshot, hash, parts.clock.now()).await?;
        snapshot.commit().await?;
        if let Some(signed_in) = found.as_ref().filter(|s| s.stale) {
            let tx = parts.database.begin().await?;
            identity::touch(&*tx, signed_in.session, parts.clock.now()).await?;
            tx.commit().await?;
        }
        Ok(found)
    }

    /// The person behind an API token's hash; marks the token as used from time to time.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn identify_token(&self, hash: &str) -> Result<Option<Actor>> {
        let parts = &self.inner.parts;
        let snapshot = parts.database.snapshot().await?;
        let found = identity::by_token(&snapshot, hash, parts.clock.now()).await?;
        snapshot.commit().await?;
        if let Some(keyed) = found.as_ref().filter(|k| k.stale) {
            let tx = parts.database.begin().await?;
            identity::touch_token(&*tx, keyed.token, parts.clock.now()).await?;
            tx.commit().await?;
        }
        Ok(found.map(|keyed| keyed.actor))
    }

    /// Counts a try in a bucket (an account, an address) and refuses when there were too many in the window.
    /// The count lives in the database, so that several processes count together.
    ///
    /// # Errors
    /// `TooMany` with the minutes to wait.
    pub async fn limit(&self, bucket: &str, most: i32, window: chrono::TimeDelta) -> Result<()> {
        let tx = self.inner.parts.database.begin().await?;
        let outcome = rate::count(&*tx, bucket, most, window, self.now()).await;
        tx.commit().await?;
        outcome
    }

    /// Notes that the actor looks at something live; see [`live::connected`].
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn beat(&self, actor: &Actor, topic: uuid::Uuid) -> Result<()> {
        let Some(account) = actor.account() else { return Ok(()) };
        let tx = self.inner.parts.database.begin().await?;
        live::beat(&*tx, topic, account, self.now()).await?;
        tx.commit().await
    }

    /// Forgets the tries of a bucket after a success.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn forget(&self, bucket: &str) -> Result<()> {
        let tx = self.inner.parts.database.begin().await?;
        rate::forget(&*tx, bucket).await?;
        tx.commit().await
    }

    /// Whether the policy would allow this, for navigation.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn may(&self, actor: &Actor, permission: Permission, subject: Subject) -> Result<bool> {
        let snapshot = self.inner.parts.database.snapshot().await?;
        let standing = standing::of(&snapshot, actor, subject).await?;
        snapshot.commit().await?;
        Ok(policy::decide(permission, &standing).is_ok())
    }
}

fn replay<C: Command>(first: audit::FirstRun) -> Result<C::Output> {
    if first.command != name_of::<C>() {
        return Err(AppError::refused(
            "key_reused",
            "This form was already used for something else. Please reload the page.",
        ));
    }
    Ok(serde_json::from_value(first.output.unwrap_or(serde_json::Value::Null))?)
}

/// The command's name in the audit log: its type without the path.
fn name_of<C>() -> &'static str {
    let path = std::any::type_name::<C>();
    path.rsplit("::").next().unwrap_or(path)
}
