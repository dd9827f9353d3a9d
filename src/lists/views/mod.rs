//! Saved views: the filters and order of a list under a name, each for the person who saved it.
//!
//! A view is the query part of an address; what the list no longer knows is left out when it is opened.
//! Saving under a name that is taken replaces that view. Absent on purpose: views shared between people.

pub mod api;
pub mod commands;
pub mod events;
pub mod pages;
pub mod queries;
