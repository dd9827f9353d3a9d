//! Clusters: which organisations belong to one, and its management labels.
//!
//! A membership list comes by hand or from a table; an import is shown line by line before it is applied.
//! Labels carry their dates; [`rules`] says how they are renewed. Absent on purpose: the labels' benchmarking
//! itself, which its owners do elsewhere.

pub mod commands;
pub mod events;
pub mod member_row;
pub mod pages;
pub mod queries;
pub mod rules;
