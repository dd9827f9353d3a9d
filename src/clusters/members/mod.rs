//! Which organisations belong to a cluster: one by one, or from a list.
//!
//! An uploaded list becomes a plan that is kept here for a day, for the person who made it: the page shows what
//! exactly would change, and that plan is what is applied, or nothing when the members or the register changed
//! meanwhile. Rows that cannot be used are listed with their reason and hold up nobody else.

pub mod api;
pub mod commands;
pub mod events;
pub mod pages;
pub mod queries;
pub mod rules;
pub mod table;
