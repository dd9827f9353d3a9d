//! Rankings: the proposals of a call in the order of their weighted totals, with every reason for their place.
//!
//! The secretariat draws a ranking from the submitted sheets as often as it wants; each draft has a number and
//! replaces the one before. The panel's chair fixes one by signature: its text and digest are kept, the call is
//! ranked, and every eligible part stands above or below the thresholds. Until decisions are released the chair may
//! sign a new version with a reason; the old one stays readable, marked as replaced.
//!
//! A call ranks by totals as given, or by the expected ranks of a calibration when it said so before it opened. Where
//! it said so as well, a lottery with a public seed draws among the proposals the points cannot tell apart.
//! Absent on purpose: moving a proposal by hand.

pub mod api;
pub mod commands;
pub mod events;
pub mod pages;
pub mod print;
pub mod queries;
pub mod rules;
