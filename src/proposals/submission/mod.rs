//! Submission: what stands against handing a part in, the frozen version with its receipt, and taking it back.
//!
//! A submitted version is a document that never changes: its canonical JSON gives the checksum on the receipt, and
//! anybody who holds the document or the receipt can have it confirmed without an account. Reopening a part ends its
//! version and hands the next one in as a new document. Absent on purpose: a way to submit after the home agency's
//! deadline, for anybody.

pub mod about;
pub mod api;
pub mod bundle;
pub mod check;
pub mod commands;
pub mod content;
pub mod events;
pub mod links;
mod mails;
pub mod pages;
pub mod queries;
pub mod reading;
pub mod receipt;
pub mod rules;
