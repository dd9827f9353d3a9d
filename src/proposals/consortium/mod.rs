//! The consortium: partner organisations, the people who work on each part, who does which section until when.
//!
//! A partner joins by a link that is answered, never by opening it; every part is worked on by its own people, and
//! the coordinator's part holds the joint sections together. What was never handed in is its owners' own: a partner
//! who leaves takes the draft of its part along.

pub mod api;
pub mod commands;
pub mod events;
pub mod jobs;
pub mod pages;
pub mod queries;
pub mod rules;
