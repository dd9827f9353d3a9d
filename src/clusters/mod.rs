//! Clusters: organisations that speak for many companies, their members and their management labels.
//!
//! [`rules`] holds the dates of labels.

pub mod rules;
