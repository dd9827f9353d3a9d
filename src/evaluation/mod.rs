//! Evaluation: who judges which proposal, by which points, and in which order the proposals come out.

pub mod affinity;
pub mod agreement;
pub mod api;
pub mod assignments;
pub mod calibration;
pub mod conflicts;
pub mod consensus;
pub mod evaluators;
pub mod exact;
pub mod imports;
pub mod judged;
pub mod pages;
pub mod panels;
pub mod plans;
pub mod rankings;
pub mod recruitment;
pub mod recusals;
pub mod register;
pub mod rules;
pub mod scores;
pub mod training;
pub mod wishes;
