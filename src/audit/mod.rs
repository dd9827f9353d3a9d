//! The activity log as people read it, and what must always be true.
//!
//! The kernel writes the log; nothing here does. Auditors and administrators read all of it, the secretariat
//! what belongs to its calls; a proposal that was never submitted, and one the reader has a conflict with,
//! are left out. Applicants read what their own team did in their proposal's history. Every entry carries
//! the digest of the one before it: the page `/admin/log/verify` and `fairway check` read the whole chain.
//! [`invariants`] are questions to the database whose answer must be empty.

pub mod api;
pub mod invariants;
pub mod pages;
pub mod queries;
pub mod rules;
