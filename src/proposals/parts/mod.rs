//! The parts of a proposal: companies, activities, costs and financing, targets, contact and signatory.
//!
//! What is typed is kept although it may break a rule of the home agency; the rules are shown beside the numbers
//! while people type, and stand in the way only when the part is submitted. Absent on purpose: letters, documents
//! and submission, which have features of their own.

pub mod api;
pub mod commands;
pub mod events;
pub mod pages;
pub mod queries;
pub mod rules;
