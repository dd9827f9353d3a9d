//! Clusters: which organisations belong to one, and its management labels.
//!
//! A membership list comes by hand or from a table ([`members`]); [`labels`] carry their dates. Absent on purpose:
//! the labels' benchmarking itself, which its owners do elsewhere.

pub mod api;
pub mod labels;
pub mod members;
pub mod pages;
