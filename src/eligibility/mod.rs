//! Eligibility: an officer of the home agency checks a part, a second officer confirms (domain.md 6.1, four eyes).
//!
//! The rules' own findings come first; the officer answers a list made of the call's and the annex's terms, gives a
//! verdict with reasons and proposes it. A colleague confirms it, and only then does the part move and its team hear
//! of it, or returns it with a note. A part has one check; earlier versions are in the activity log.
//!
//! Absent on purpose: completion requests, complaints and waivers.

pub mod api;
pub mod commands;
pub mod events;
pub mod pages;
pub mod queries;
pub mod rules;
