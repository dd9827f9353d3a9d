//! Fairway: joint calls of funding agencies for clusters and their SMEs.
//!
//! Invariants of the house: only `kernel` begins or ends a transaction; only the worker talks to the
//! world; rules do no I/O; only the owning area writes a table; no feature knows a role; the clock is a
//! parameter; nothing is deleted, it is withdrawn.

pub mod kernel;

pub mod api;
pub mod web;

pub mod audit;
pub mod documents;
pub mod jobs;
pub mod lists;
pub mod notifications;

pub mod accounts;
pub mod organisations;

pub mod clusters;

pub mod calls;

pub mod proposals;

pub mod eligibility;

pub mod evaluation;

pub mod allocation;

pub mod decisions;

pub mod agreements;

pub mod reporting;

pub mod aid;

pub mod demo;
pub mod overview;

pub mod cli;
pub mod config;
pub mod server;
