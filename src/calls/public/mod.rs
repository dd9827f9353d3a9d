//! What everybody may read of a call: the list of calls, one call with its annexes side by side, its calendar.
//!
//! A call that is not public yet is shown to the people who work on it in the same way, with a word about it.
//! Absent on purpose: starting a proposal (proposals) and changing anything.

pub mod api;
pub mod pages;
pub mod queries;
pub mod rules;
