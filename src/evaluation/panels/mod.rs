//! Panels: a meeting that discusses proposals one after another, agrees on points, votes, and signs minutes.
//!
//! The secretariat prepares a panel of a call: chair and deputy, members, rules, an agenda of proposals. In the
//! meeting whoever leads calls a proposal up; everybody with a conflict is out of the room for it, with a record. The
//! panel notes, agrees on points and votes; deciding makes its points count before those of a consensus
//! (`agreed_score`). The chair signs the minutes, which are kept letter by letter.
//!
//! One live view is the same for everybody: a stream of server-sent events tells that something changed, never what
//! ([`pages`]); the page is then read anew through the door every page goes through. What changes within a proposal
//! changes the signature of those in the room only, so whoever is out learns neither content nor timing. All state is
//! rows, so several processes show the same and a lost connection loses nothing.
//!
//! States: planned → open ⇄ paused → closed → signed; a proposal waits, is discussed, is decided or deferred
//! ([`rules::states`]). Invariants: one proposal is discussed at a time; nothing is decided below the quorum or while a
//! vote is open; signed minutes never change. Absent on purpose: sound and video, which stay with the conference the
//! panel names as its place.

pub mod api;
pub mod commands;
pub mod events;
pub mod pages;
pub mod print;
pub mod queries;
pub mod rules;
