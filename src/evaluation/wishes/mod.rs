//! Wishes: what evaluators of a call would like to judge, before anybody is asked.
//!
//! From accepting to evaluate until the call's plan is deployed, they see number, title, summary and partners of each
//! proposal, as much as an invitation would tell, and say which they would like, can, or would rather not judge. A
//! proposal they are too close to does not exist for them. Wishes are a term of affinity (`affinity`) and are counted
//! where drafts are compared (`plans`).
//!
//! Deliberately absent: declaring a conflict here, for which one's own interests are the place (`conflicts`).

pub mod api;
pub mod commands;
pub mod events;
pub mod pages;
pub mod queries;
pub mod rules;
