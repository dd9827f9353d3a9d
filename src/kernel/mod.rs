//! What makes a read and a write safe: one transaction per command with its audit line, mails and jobs
//! inside; one policy table; time and chance as parameters. It may read rows to learn who is who, and
//! knows no funding rule.
//!
//! Deliberately absent: a way to write without an event, to read without a permission, or to talk to
//! the world (mail, files, network) from inside a transaction.

pub mod access;
pub mod app;
pub mod audit;
pub mod clock;
pub mod data_classes;
pub mod database;
mod dump;
pub mod error;
pub mod event;
pub mod kept;
pub mod live;
pub mod mail;
pub mod outbox;
pub mod paging;
pub mod passwords;
mod queue;
mod rate;
pub mod rescue;
pub mod secret;
pub mod tx;

pub use access::{actor::Actor, permission::Permission, subject::Subject};
pub use app::{App, Command, Query};
pub use dump::TableFile;
pub use error::{AppError, Result};
pub use tx::{Done, Leave, Snapshot, Tx};
