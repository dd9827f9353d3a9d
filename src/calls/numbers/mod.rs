//! The running numbers of proposals in a call, lent to the area that starts proposals.

pub mod commands;
