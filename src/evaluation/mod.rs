//! Evaluation: who judges which proposal, by which points, and in which order the proposals come out.

pub mod rankings;
pub mod scores;
