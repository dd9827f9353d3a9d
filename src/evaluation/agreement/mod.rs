//! Agreement: how far the evaluators of a call see the same thing, and how each of them scores.
//!
//! [`coefficients`] says for the call or a criterion how much of the variation is agreement beyond chance; with
//! intervals by resampling proposals. [`evaluator`] shows one person's severity, spread, distance to co-evaluators,
//! lateness and comments, each with its uncertainty or its count. Figures are shown, never used silently: nothing here
//! changes a score or drops an evaluator. A figure that has no meaning is a reason, never a number.
//!
//! Absent on purpose: a grade for evaluators. Three or twelve reviews cannot carry one.

pub mod api;
pub mod coefficients;
pub mod commands;
pub mod evaluator;
pub mod events;
pub mod figures;
pub mod pages;
pub mod queries;
