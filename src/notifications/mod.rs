//! Mails: from the order in an event to the reader, and who wants which how fast.
//!
//! The kernel writes a mail's row in the transaction of what happened, one for each person. The
//! [`worker`] claims due rows, several at once, and hands them to the mail server; a failure that may pass
//! is tried again after a growing pause for two days, one that will not is `Failed` and stands on the
//! administrators' overview, from where it can be sent again. Without a mail server every mail is `Kept`:
//! in the demo everybody, otherwise the administrators, read such mail at `/mailbox`.
//!
//! Each mail leaves **at least once**: a process that dies, or a connection that breaks, after the server
//! took the mail and before the row says so, makes the same mail leave again when its lock ends, five
//! minutes later. It carries the same Message-ID then, by which mail programs know it for the same.
//!
//! Mails of a class a person wants daily are `Held` and combined into one by the job
//! `notifications.digest`; receipts, decisions and account security always go at once. Absent on purpose:
//! open and click tracking, attachments (mails link to files), and the text of mails in the
//! administrators' log, because it may hold one-time links.

pub mod api;
pub mod commands;
pub mod events;
pub mod pages;
pub mod queries;
pub mod rules;
pub mod transport;
pub mod worker;
