//! The pool of evaluators: people with their fields, languages and capacity.
//!
//! The secretariat invites by mail; whoever accepts writes a profile and can be asked to judge proposals from then
//! on. The profile is the expert's own; the secretariat may correct it and let somebody rest. Absent on purpose:
//! contracts and fees of experts.

pub mod api;
pub mod commands;
pub mod events;
pub mod pages;
pub mod queries;
pub mod rules;
