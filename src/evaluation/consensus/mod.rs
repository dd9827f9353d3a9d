//! Consensus: when the evaluators of a proposal see different things, and whose points then count.
//!
//! A call says before it opens what counts as divergence and what follows from it: a third review, or a meeting of
//! those who gave the points. It also says whether an outlier's points count, and whether some criteria may stay below
//! a threshold when enough others reach it (domain.md 2.6). All of it is exact: points and totals are whole numbers,
//! means are compared without being divided.
//!
//! Thresholds per criterion and overall, weighted totals and ties are `rankings::rules`. Absent on purpose: points
//! made by the machine. A consensus score is what people agree on.

pub mod rules;
