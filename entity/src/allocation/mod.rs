//! Rows of the allocation of money.

pub mod scenario;
