//! The indicators of a call: what awarded parts promised together, and what they have reached so far.

pub mod api;
pub mod pages;
pub mod queries;
pub mod rules;
