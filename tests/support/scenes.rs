//! Situations tests begin in, one file per area.

pub mod proposals;
