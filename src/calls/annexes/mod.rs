//! What each agency pays in a call, and on which terms: its annex.
//!
//! The agency and the secretariat write it; the agency approves it. A change takes an approval back. Once the call
//! is public the same pages lead to a corrigendum. Absent on purpose: approving (publishing) and what is left of
//! the budget (allocation).

pub mod api;
pub mod commands;
pub mod events;
pub mod pages;
pub mod queries;
