//! Plans: named drafts of who judges what in a call, compared side by side before one becomes invitations.
//!
//! An officer sets how many evaluators a proposal gets, how many proposals an evaluator gets, what must be covered and
//! what affinity weighs. A job finds the best assignment (`assignments::optimum`) and says how good it is at most.
//! Pairs are looked at, locked, added, taken out, or come from a list; another run keeps locks and, for a bonus,
//! most of the rest. Deploying invites through `assignments`; what turned out to be a conflict meanwhile is left out.
//!
//! drafted → computing → ready | failed; ready → deployed, whereupon the other drafts of the call are superseded.
//!
//! Invariants: a task that was given outside a plan is a pair of every plan and is neither moved nor asked twice;
//! a job only writes into the plan that still waits for it; who has a conflict with a proposal sees no pair of it and
//! invites nobody for it.
//!
//! Deliberately absent: deploying without a look, and drafts that are deleted.

pub mod api;
pub mod commands;
pub mod events;
pub mod jobs;
pub mod pages;
pub mod queries;
pub mod rules;
pub mod solving;
