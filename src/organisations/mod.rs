//! Organisations: SMEs, clusters, agencies, research bodies and the people in them.
//!
//! A person registers an organisation and becomes its manager, is invited by a manager, or asks to join and
//! is accepted. The last manager cannot leave. Agencies are named by the files of calls. Managers state who owns the
//! organisation, because owners matter for conflicts of interest. Absent on purpose: yearly figures, which come with
//! the test of enterprise size.

pub mod api;
pub mod commands;
pub mod events;
pub mod pages;
pub mod queries;
pub mod rules;
