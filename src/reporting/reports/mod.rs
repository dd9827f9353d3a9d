//! Reports of awarded parts: due → draft → submitted → accepted, or returned with points and submitted again.
//!
//! The schedule comes from the agreement; reminders go out 30, 14 and 3 days before a report is due. Accepting
//! the final report closes the part. Absent on purpose: claims, evidence and payments.

pub mod api;
pub mod commands;
pub mod events;
pub mod jobs;
pub mod pages;
pub mod queries;
pub mod rules;
mod stored;
