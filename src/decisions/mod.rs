//! Decisions: each agency's answer to each part, kept pending until all are released at once.
//!
//! The scenario adopted for the fixed ranking ([`crate::allocation`]) proposes an outcome for every part; proposals
//! below a threshold, or whose remaining parts break the consortium rule, are not in it. Officers change amounts,
//! reasons and conditions of their own parts, one by one or many alike. Each agency then confirms its list: the
//! confirmation holds for the decisions as they stood, a later change of one takes it back. When all agencies have
//! confirmed, the secretariat releases: parts move, mails are written, letters and evaluation summaries are printed,
//! signed in the name of the officer who confirmed.
//!
//! Invariants: what an agency funds never exceeds its budget and what the adopted pot adds; a part that asks for no money gets none and takes part;
//! nothing of a pending decision is seen by applicants; letters and addresses are seen by the own agency, the
//! secretariat and auditors; what is confirmed or released is what was shown; a released decision does not change.
//! Absent on purpose: redress and conditions with dates, which come with the law of grants.

pub mod api;
pub mod commands;
pub mod events;
pub mod jobs;
pub mod letters;
pub mod pages;
pub mod queries;
pub mod reserve;
pub mod rules;
pub mod stranded;
pub mod walk;
