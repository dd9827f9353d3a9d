//! Roles given by administrators: for the platform, one call or one agency; and locking accounts.
//!
//! Absent on purpose: roles that follow from work, and any way for administrators to see proposals.

pub mod api;
pub mod commands;
pub mod events;
pub mod invite;
pub mod invite_pages;
pub mod pages;
pub mod queries;
pub mod rules;
