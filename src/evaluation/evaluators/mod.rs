//! The pool of evaluators: people with their fields, languages and capacity.
//!
//! The secretariat invites by mail; whoever accepts writes a profile and can be asked to judge proposals from then
//! on: fields of a taxonomy with levels, keywords, curriculum, languages, countries, places and hours, days away. The
//! profile is the expert's own; the secretariat may correct it, record until when the contract holds, and let somebody
//! rest. Two years after the last call a profile is erased, or earlier when its owner asks; scores stay under a
//! pseudonym. What is compared with proposals is read by [`queries::profiles`]. Absent on purpose: fees of experts.

pub mod api;
pub mod commands;
pub mod events;
pub mod jobs;
pub mod pages;
pub mod queries;
pub mod rules;
