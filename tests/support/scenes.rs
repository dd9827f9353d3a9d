//! Situations tests begin in, one file per area.

pub mod awards;
pub mod calls;
pub mod evaluation;
pub mod panels;
pub mod proposals;
