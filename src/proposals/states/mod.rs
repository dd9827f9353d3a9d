//! Moving a part on: the one place its state is written after the submission.
//!
//! Areas to the right (eligibility, evaluation, decisions, agreements) decide when a part moves, inside commands of
//! their own; the row belongs to this area, so it lends them [`commands::advance`]. Absent on purpose: pages, API
//! and commands of its own, because a part never moves without a reason that belongs to one of those areas.

pub mod commands;
