//! Rankings: the proposals of a call in the order of their weighted totals, with every reason for their place.
//!
//! The secretariat draws a ranking from the submitted sheets as often as it wants; each draft has a number and
//! replaces the one before. The panel's chair fixes one by signature: its digest is kept, the call is ranked, and
//! every eligible part stands above or below the thresholds. Absent on purpose: moving a proposal by hand.

pub mod api;
pub mod commands;
pub mod events;
pub mod pages;
pub mod queries;
pub mod rules;
