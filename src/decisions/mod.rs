//! Decisions: each agency's answer to each part, kept pending until all are released at once.
//!
//! From a fixed ranking the walk down the list ([`crate::allocation`]) proposes an outcome for every part;
//! officers change amounts, reasons and conditions of their own parts; the preview shows every letter and who
//! will newly see what; the release moves the parts, writes the mails and orders the letters as PDF.
//!
//! Invariants: what an agency funds never exceeds its budget; nothing of a pending decision is seen by
//! applicants; a released decision does not change. Absent on purpose: redress and conditions with dates,
//! which come with the law of grants.

pub mod api;
pub mod commands;
pub mod events;
pub mod jobs;
pub mod letters;
pub mod pages;
pub mod queries;
pub mod rules;
pub mod walk;
