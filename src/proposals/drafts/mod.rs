//! Drafts: starting a proposal and answering the questions of its call.
//!
//! An answer is kept as it was typed, also when it is too long or incomplete; nothing is checked before a section
//! is marked as complete. Two people who write in one section only meet when they change the same question, and
//! then neither text is lost. Absent on purpose: submission, which has a feature of its own.

pub mod api;
pub mod commands;
pub mod events;
pub mod pages;
pub mod queries;
pub mod rules;
