//! Scores: one evaluator's points and comment for each criterion of one proposal.
//!
//! A sheet is saved while it is written, by its owner alone, under the version of its task, and handed in when every
//! criterion has points and words. A criterion may have parts: then points and comment are given to each of them, kept
//! under `criterion.part`, and the criterion has their exact mean. Where the call says so, an evaluator abstains from a
//! criterion with a reason; it is then not missing and weighs nothing in the sheet's own total.
//!
//! Staff read a sheet after it was handed in, other evaluators of the proposal as far as the call shows sheets to them.
//! What is given back is kept as a version. Comments go to the applicant after the decision; the private note stays
//! with the panel. Sheets can be written in a table or in a form without a connection, which never overwrite what was
//! changed meanwhile. Absent on purpose: consensus and discussion.

pub mod api;
pub mod commands;
pub mod events;
pub mod pages;
pub mod queries;
pub mod rules;
mod table;
