//! A call's way from draft to archive: the agencies approve their annexes, the secretariat announces, the clock
//! opens and closes, eligibility being settled starts the evaluation.
//!
//! While a call is with the agencies its own terms rest: whoever wants to change them takes it back, and all
//! approvals with it. After the announcement changes are corrigenda. Absent on purpose: fixing the ranking and
//! releasing the decisions; those areas move the call by [`commands::step`] in their own commands.

pub mod api;
pub mod commands;
pub mod events;
pub mod jobs;
pub mod queries;
pub mod rules;
