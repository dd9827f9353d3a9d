//! Recusals: sheets that stopped counting because a conflict of interest was found after they were handed in.
//!
//! The sheet stays where it is; every number leaves it out at once, because it counts only sheets that are submitted.
//! What is signed is not changed in silence: a draft ranking is out of date, a fixed one stays, and the secretariat
//! reads what it would have been without the sheet. Absent on purpose: drawing a ranking again by itself.

pub mod api;
pub mod commands;
pub mod events;
pub mod jobs;
pub mod queries;
