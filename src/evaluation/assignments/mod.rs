//! Assignments: who judges which proposal, from the invitation to the answer.
//!
//! The secretariat assigns by hand and sees conflicts before it asks. An expert first reads a summary and the list of
//! partners, and accepts with a declaration signed by name; whoever declares a conflict sees nothing any more.
//! [`optimum`] finds the assignment with the greatest affinity.

pub mod api;
pub mod commands;
pub mod events;
pub mod jobs;
pub mod optimum;
pub mod pages;
pub mod queries;
pub mod rules;
