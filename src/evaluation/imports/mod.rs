//! Lists of evaluators from a file: members of the pool are brought up to date, others are invited to it.
//!
//! An uploaded list becomes a plan that is kept for a day, for the person who made it: the page shows what exactly
//! would change, and that plan is what is applied, or nothing when the pool changed meanwhile. Rows that cannot be used
//! are listed with their reason and hold up nobody else. Nobody joins by being on a list: whoever is not in the pool
//! gets an invitation, and finds what the list says in the form that accepts it. Lists and what they say of people who
//! did not answer are taken away when their time is over.
//!
//! Absent on purpose: curricula and calendars, which are their owners' own to write.

pub mod api;
pub mod commands;
pub mod events;
pub mod jobs;
pub mod pages;
pub mod queries;
pub mod rules;
