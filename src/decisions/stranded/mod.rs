//! Stranded proposals: parts their own agencies could pay, in proposals that fail elsewhere (domain.md 6.2).
//!
//! After the release the coordinator of such a proposal says once, with a reason and a signature, what the consortium
//! does: go on with the parts that can be paid, pay the missing part itself, name another partner within the days the
//! call gives, or withdraw. The agencies read the answer beside their reserve lists and act on it with their own
//! decisions; what withdraws no longer moves up.
//!
//! Deliberately absent: a change of parts by the answer itself, which is an agreement of the agencies.

pub mod api;
pub mod commands;
pub mod events;
pub mod pages;
pub mod queries;
pub mod rules;
