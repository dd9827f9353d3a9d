//! Scores: one evaluator's points and comment for each criterion of one proposal.

pub mod rules;
