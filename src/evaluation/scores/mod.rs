//! Scores: one evaluator's points and comment for each criterion of one proposal.
//!
//! A sheet is saved while it is written, by its owner alone, under the version of its task, and handed in when every
//! criterion has points and words. Nobody but staff reads another's sheet, and staff only after it was handed in.
//! Comments go to the applicant after the decision; the private note stays with the panel. Absent on purpose:
//! consensus and discussion.

pub mod api;
pub mod commands;
pub mod events;
pub mod pages;
pub mod queries;
pub mod rules;
