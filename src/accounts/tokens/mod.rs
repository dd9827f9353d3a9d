//! API tokens: keys for programs, shown once, kept as a hash, with the right to read or also to write.

pub mod api;
pub mod commands;
pub mod events;
pub mod pages;
pub mod queries;
