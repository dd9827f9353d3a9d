//! Conflicts of interest: what people state, what data show, and what an officer decides about it.
//!
//! Everybody who judges in a call or runs it is compared with every organisation, company and named person of every
//! part of every proposal ([`screening`]), when a call closes, when a profile or an interest changes, once a day, and by
//! hand. What is found is evidence, not a verdict: a kind, a strength and the two texts that met, so that an officer
//! confirms or dismisses it with a trail and the evaluator's own signed declaration stands beside it. Strengths:
//! *barring* keeps somebody from being asked until an officer dismisses it, *likely* must be looked at before inviting,
//! a *hint* is shown. What counts, for how many years and how strongly, is the call's [`rules::Rule`]. A confirmed
//! finding is a `conflict`: the proposal does not exist for that person any more, tasks are taken, and a sheet that was
//! handed in is kept and counts nowhere.
//!
//! Sources: an evaluator who manages, is employed or contracted by a party is barred (domain.md 2.5, DIH); an expert
//! evaluates neither own proposals nor their rivals (domain.md 2.5, EXPERT2); a quarter of an enterprise makes a partner
//! and more than half a linked enterprise (Recommendation 2003/361/EC, Annex, Article 3).
//!
//! Invariants: the same values give the same findings in the same order; a finding names what met on both sides; looking
//! again keeps every decision, and other data make another finding; links of ownership may run in circles.
//!
//! Deliberately absent: looking anything up outside the platform, and deciding.

pub mod api;
pub mod commands;
pub mod events;
pub mod jobs;
pub mod pages;
pub mod queries;
pub mod rules;
pub mod screening;
