//! How a meeting moves, in which order proposals are discussed, and what a vote says.

pub mod order;
pub mod states;
pub mod voting;
