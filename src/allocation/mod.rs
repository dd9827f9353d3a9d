//! Allocation: from a signed ranking to money under every agency's own budget.
//!
//! A scenario is one named way down the ranking: a strategy with its settings, computed from what the call, the ranking
//! and the parts say at that moment. That input is kept letter by letter with its digest, so that anybody can compute
//! the scenario again; a newer ranking or a part that was withdrawn marks it out of date. Walks are computed at once;
//! the optimum is searched in the background and says how good it is. Scenarios are compared side by side, and one is
//! adopted with signed minutes: `decisions` are proposed from it.
//!
//! drafted → computing → computed → adopted; drafted, computed → set aside.
//!
//! Invariants: of one ranking one scenario is adopted; neither the optimum, which breaks the order of ranks, nor a
//! scenario with budgets other than those of the call can be adopted; who signs sees every proposal of the ranking; for
//! who has a conflict of interest a proposal was never handed in, in every list, sum and curve.
//!
//! Deliberately absent: amounts changed by hand, which are the agencies' decisions.

pub mod api;
pub mod commands;
pub mod events;
pub mod jobs;
pub mod optimum;
pub mod pages;
pub mod print;
pub mod queries;
pub mod rules;
