//! Writers stand in a queue, and those who wait together are committed together.
//!
//! A commit waits for the disk, often longer than the command it ends. So a command runs in a savepoint of a
//! transaction it shares with those who already wait behind it, and its caller is told of success only when that
//! transaction has been committed (group commit: DeWitt et al. 1984, "Implementation techniques for main memory
//! database systems"). A command that is refused, or whose caller has gone, is undone alone.

#![expect(clippy::disallowed_methods, reason = "this is the one place that begins and ends savepoints")]

use super::error::{AppError, Result};
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr};
use std::{future::Future, ops::Deref, sync::Arc, time::Duration};
use tokio::{
    runtime::Handle,
    sync::{Mutex, OwnedMutexGuard, watch},
    time::timeout,
};

/// Most commands that share a commit, so that the first of them is not kept waiting.
const MOST: usize = 32;
/// How long somebody waits for their turn.
const PATIENCE: Duration = Duration::from_secs(15);

/// The queue; its lock goes to those who ask in the order they asked.
#[derive(Clone)]
pub(super) struct Queue {
    turn: Turn,
    write: DatabaseConnection,
}

type Turn = Arc<Mutex<Option<Shared>>>;

/// The open transaction.
struct Shared {
    transaction: DatabaseTransaction,
    write: DatabaseConnection,
    /// Tells those who wait what became of it.
    outcome: watch::Sender<Option<std::result::Result<(), DbErr>>>,
    commands: usize,
}

impl Shared {
    /// Commits, and tells everybody.
    async fn close(self) {
        let outcome = self.transaction.commit().await;
        if outcome.is_err() {
            renew(&self.write).await;
        }
        self.outcome.send_replace(Some(outcome));
    }

    /// Gives up: the database has undone the transaction by itself, as SQLite does when the disk is full.
    async fn lose(self, error: DbErr) {
        drop(self.transaction);
        renew(&self.write).await;
        self.outcome.send_replace(Some(Err(error)));
    }
}

/// SQLite's connection counts its open transactions, and is wrong for good when the database ended one by itself:
/// another takes its place.
async fn renew(write: &DatabaseConnection) {
    if write.get_database_backend() != DbBackend::Sqlite {
        return;
    }
    match write.get_sqlite_connection_pool().acquire().await {
        Ok(connection) => _ = connection.close().await,
        Err(error) => tracing::error!(%error, "the connection that writes could not be replaced"),
    }
}

/// One command's share of the transaction. Dropped without a commit, it is undone.
pub(super) struct Write {
    /// Nothing after the end.
    turn: Option<OwnedMutexGuard<Option<Shared>>>,
}

impl Queue {
    pub fn new(write: DatabaseConnection) -> Self {
        Self { turn: Turn::default(), write }
    }

    /// Waits for the turn and joins the open transaction, or the one that `open` begins.
    ///
    /// # Errors
    /// `Busy` when the queue is too long; whatever `open` says.
    pub async fn join<F>(&self, open: impl FnOnce() -> F) -> Result<Write>
    where
        F: Future<Output = Result<DatabaseTransaction>>,
    {
        let mut turn = timeout(PATIENCE, self.turn.clone().lock_owned()).await.map_err(|_| AppError::Busy)?;
        if let Some(full) = turn.take_if(|shared| shared.commands >= MOST) {
            full.close().await;
        }
        if turn.is_none() {
            let (transaction, write) = (open().await?, self.write.clone());
            *turn = Some(Shared { transaction, write, outcome: watch::Sender::new(None), commands: 0 });
            // Behind those who wait already, before those who come now.
            let turn = self.turn.clone();
            tokio::spawn(async move {
                if let Some(shared) = turn.lock_owned().await.take() {
                    shared.close().await;
                }
            });
        }
        if let Some(shared) = turn.as_mut() {
            shared.transaction.execute_unprepared("SAVEPOINT command").await?;
            shared.commands += 1;
        }
        Ok(Write { turn: Some(turn) })
    }
}

impl Write {
    /// Lets the next one go on, and waits until the disk has it.
    ///
    /// # Errors
    /// When it could not be kept: nothing of it is there then.
    pub async fn commit(mut self) -> Result<()> {
        let Some(mut turn) = self.turn.take() else { return Err(AppError::Busy) };
        // A task of its own, because a caller who goes away must not leave the savepoint half released.
        let released = tokio::spawn(async move {
            let shared = turn.as_ref().ok_or(AppError::Busy)?;
            let outcome = shared.outcome.subscribe();
            match shared.transaction.execute_unprepared("RELEASE SAVEPOINT command").await {
                Ok(_) => Ok(outcome),
                Err(error) => {
                    if let Some(shared) = turn.take() {
                        shared.lose(error.clone()).await;
                    }
                    Err(AppError::from(error))
                }
            }
        });
        let mut outcome = released.await.map_err(|_| AppError::Busy)??;
        let told = outcome.wait_for(Option::is_some).await.map_err(|_| AppError::Busy)?;
        told.clone().unwrap_or(Ok(())).map_err(AppError::from)
    }
}

impl Deref for Write {
    type Target = DatabaseTransaction;
    fn deref(&self) -> &DatabaseTransaction {
        let shared = self.turn.as_ref().and_then(|turn| turn.as_ref());
        &shared.expect("only the end takes it, and with it the whole value").transaction
    }
}

impl Drop for Write {
    fn drop(&mut self) {
        let Some(mut turn) = self.turn.take() else { return };
        let Ok(runtime) = Handle::try_current() else {
            // The program ends: whoever shared the transaction is not told of success.
            *turn = None;
            return;
        };
        runtime.spawn(async move {
            let Some(shared) = turn.as_ref() else { return };
            let undone = async {
                shared.transaction.execute_unprepared("ROLLBACK TO SAVEPOINT command").await?;
                shared.transaction.execute_unprepared("RELEASE SAVEPOINT command").await
            };
            if let Err(error) = undone.await
                && let Some(shared) = turn.take()
            {
                shared.lose(error).await;
            }
        });
    }
}
