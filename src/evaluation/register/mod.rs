//! The register: the proposals of a call as its staff find them, and one proposal with everything staff may know.
//!
//! Only what was handed in is in it. Agencies see proposals with a part of theirs; people with a conflict of
//! interest do not see the proposal at all. Acts on many rows (ask an evaluator, remind) run as jobs, each row as a
//! command of its own. Absent on purpose: changing a proposal.

pub mod api;
pub mod jobs;
pub mod pages;
pub mod queries;
