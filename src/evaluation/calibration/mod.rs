//! Calibration: what the points say about the proposals once the evaluators' severity is taken into account.
//!
//! A call's raw totals mix two things: how good a proposal is and who happened to judge it. The mixed model
//! `score = μ + θ_proposal + ν_evaluator + ε` takes them apart (Heyard et al. 2022, doi 10.1080/2330443X.2022.2086190;
//! mixed models since Henderson 1975) and says how sure it is. Two routes lead to the same figures and check each
//! other: [`model::reml`] estimates the variances and predicts the effects, [`model::gibbs`] draws from the posterior
//! and so knows ranks and their intervals. [`model::zone`] names the proposals whose order the points cannot tell,
//! and [`rules::lottery`] draws among them so that anyone can redo it.
//!
//! Nothing here decides: figures are shown beside the raw totals, and only a call that said so before it opened lets
//! them, or a lottery, order proposals. Absent on purpose: per-evaluator z-scores and slopes. With three or five
//! reviews each they do harm (Spearman with the truth 0.855 against 0.886 on the synthetic set A).
//!
//! The statistics live in `model`, because rules hold no float; ranks and draws that bind live in `rules`.

pub mod api;
pub mod commands;
pub mod events;
pub mod figures;
pub mod jobs;
pub mod model;
pub mod pages;
pub mod queries;
pub mod rules;
