//! Rows: one file per table, in the order of the funding pipeline, and the values they share with rules.

pub mod types;
