//! The two handles to the database: `read` cannot write, `write` is one queue.
//!
//! SQLite: eight read-only connections and one writer that begins IMMEDIATE, because several writers
//! fail at once with "database is locked". PostgreSQL: one pool; writers queue on an advisory lock (see
//! `Database::begin`), readers get a read-only snapshot.

#![expect(clippy::disallowed_methods, reason = "this is the one place that opens the database and begins transactions")]

use super::{
    error::Result,
    queue::{Queue, Write},
};
use anyhow::Context;
use migration::{Migrator, MigratorTrait};
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, IsolationLevel,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use std::path::Path;
use std::time::Duration;

/// The key of the advisory lock that puts writers in a queue on PostgreSQL.
const WRITERS: &str = "SELECT pg_advisory_xact_lock(7201)";
const MIGRATORS: &str = "SELECT pg_advisory_xact_lock(7202)";

#[derive(Clone)]
pub struct Database {
    read: DatabaseConnection,
    write: DatabaseConnection,
    queue: Queue,
}

impl Database {
    /// Opens a `sqlite:` or `postgres:` address.
    ///
    /// # Errors
    /// When the address is of another kind or the database cannot be reached.
    pub async fn open(url: &str) -> anyhow::Result<Self> {
        if url.starts_with("sqlite:") {
            let write = sea_orm::Database::connect(sqlite(url, false)).await.context("opening the SQLite database")?;
            let read = sea_orm::Database::connect(sqlite(url, true)).await.context("opening the SQLite database")?;
            return Ok(Self { read, queue: Queue::new(write.clone()), write });
        }
        if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            let mut options = ConnectOptions::new(url);
            options.max_connections(12).acquire_timeout(Duration::from_secs(15)).sqlx_logging(false);
            let pool = sea_orm::Database::connect(options).await.context("connecting to PostgreSQL")?;
            return Ok(Self { read: pool.clone(), queue: Queue::new(pool.clone()), write: pool });
        }
        anyhow::bail!("the database address must begin with sqlite: or postgres:, not “{url}”")
    }

    /// The address of a SQLite file.
    pub fn sqlite_url(file: &Path) -> String {
        format!("sqlite://{}?mode=rwc", file.display())
    }

    /// Tells somebody of every statement: tests count them.
    pub fn observe(&mut self, told: impl Fn() + Clone + Send + Sync + 'static) {
        let also = told.clone();
        self.read.set_metric_callback(move |_| told());
        self.write.set_metric_callback(move |_| also());
    }

    pub fn backend(&self) -> DbBackend {
        self.write.get_database_backend()
    }

    /// Brings the tables up to date; several processes may start at once.
    ///
    /// # Errors
    /// When a migration fails.
    pub async fn migrate(&self) -> anyhow::Result<()> {
        if self.backend() == DbBackend::Postgres {
            let lock = self.write.begin().await?;
            lock.execute_unprepared(MIGRATORS).await?;
            Migrator::up(&self.write, None).await?;
            lock.commit().await?;
        } else {
            Migrator::up(&self.write, None).await?;
        }
        Ok(())
    }

    /// Whether the tables are up to date; nothing is made by asking.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn is_migrated(&self) -> anyhow::Result<bool> {
        Ok(Migrator::get_pending_migrations_read_only(&self.write).await?.is_empty())
    }

    /// Begins a command's share of the one write transaction there is at a time. Writers queue up, so a command
    /// reads what it will change without other commands in between, on both databases alike, and the audit chain
    /// has one order. Commands are milliseconds long; work that takes longer is a job of many commands.
    ///
    /// # Errors
    /// `Busy` when the queue is too long.
    pub(super) async fn begin(&self) -> Result<Write> {
        self.queue.join(|| self.open_for_writing()).await
    }

    async fn open_for_writing(&self) -> Result<DatabaseTransaction> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let transaction = self.write.begin_with_options(options).await?;
        if self.backend() == DbBackend::Postgres {
            transaction.execute_unprepared(WRITERS).await?;
        }
        Ok(transaction)
    }

    /// Begins a snapshot that cannot write.
    ///
    /// # Errors
    /// `Busy` when no connection is free in time.
    pub(super) async fn snapshot(&self) -> Result<DatabaseTransaction> {
        let postgres = self.backend() == DbBackend::Postgres;
        let options = TransactionOptions {
            isolation_level: postgres.then_some(IsolationLevel::RepeatableRead),
            access_mode: postgres.then_some(AccessMode::ReadOnly),
            sqlite_transaction_mode: None,
        };
        Ok(self.read.begin_with_options(options).await?)
    }

    /// The handle for maintenance (backup, checks, bench), outside of commands.
    pub fn maintenance(&self) -> &DatabaseConnection {
        &self.write
    }

    /// # Errors
    /// When the connections cannot be closed.
    pub async fn close(self) -> anyhow::Result<()> {
        self.read.close().await?;
        self.write.close().await?;
        Ok(())
    }
}

fn sqlite(url: &str, read_only: bool) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(if read_only { 8 } else { 1 })
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(15))
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |options| {
            let options = options
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(5))
                .pragma("journal_mode", "WAL")
                .pragma("synchronous", "FULL")
                .pragma("cache_size", "-65536")
                .pragma("mmap_size", "268435456")
                .pragma("temp_store", "memory")
                .statement_cache_capacity(400);
            if read_only { options.pragma("query_only", "1") } else { options }
        });
    options
}
