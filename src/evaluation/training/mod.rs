//! Training: a proposal evaluators practise on before they judge, with the panel's answer.
//!
//! The joint secretariat writes it or takes it from a proposal of an archived call, with its applicants' permission,
//! and gives the panel's points and comments. Evaluators of the call score it on the same sheet; once submitted, they
//! see the panel's answer beside theirs and how the others scored, without names. A call may require it before the
//! first sheet is written. Nothing of it counts in a ranking.
//!
//! Absent on purpose: a mark for evaluators. What they make of the difference is theirs.

pub mod api;
pub mod commands;
pub mod events;
pub mod pages;
pub mod queries;
pub mod rules;
