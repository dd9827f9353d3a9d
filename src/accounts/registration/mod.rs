//! Making an account, proving its address, changing and replacing its password.
//!
//! Whether an address has an account is told to nobody but its owner: every form answers the same, and the
//! mail says the rest. Links hold for a day, once. Absent on purpose: signing in by a link.

pub mod api;
pub mod commands;
pub mod events;
pub mod pages;
pub mod queries;
