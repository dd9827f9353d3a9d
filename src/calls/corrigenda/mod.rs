//! Changes to a public call: each one with its reason, both versions side by side, and a mail to every applicant.
//!
//! The secretariat corrects the call's own terms, each agency's officers its annex, because the money is theirs. A
//! corrigendum is public at once and never changed itself; a mistake in one is mended by the next. Absent on
//! purpose: changes after closing, and taking away anything that answers may already refer to.

pub mod api;
pub mod commands;
pub mod events;
pub mod pages;
pub mod queries;
pub mod rules;
