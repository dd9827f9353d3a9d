//! Agreements: the dates of an awarded part, from which its reports follow.
//!
//! Setting the dates the first time starts the part (awarded → contracted) and orders the report schedule of
//! the call; changing them later moves the reports that are not handed in yet. Absent on purpose: signing,
//! payment plans and change requests, which come with the law of grants.

pub mod api;
pub mod commands;
pub mod events;
pub mod pages;
pub mod queries;
pub mod rules;
