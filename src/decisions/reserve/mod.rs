//! Reserve lists: what waits for money of an agency after the release, and what moves up when a grant is declined.
//!
//! Whoever applies declines a grant before its agreement has dates, once, with a reason and a signature. The walk of the
//! adopted scenario then runs again around everything that is settled: grants that stand keep their money, declined and
//! rejected parts take none. What it funds now and did not before is proposed to the agencies; each officer awards the
//! own part from the reserve list, with a letter and a mail as at the release.
//!
//! Invariants: nobody loses a grant by somebody else's decline; nothing is awarded that is not next, whose place has
//! expired, or that the budget does not hold. Deliberately absent: moving somebody up by hand.

pub mod api;
pub mod commands;
pub mod events;
pub mod pages;
pub mod queries;
