//! A call as a file: JSON by a documented schema, so that calls can be written by hand, kept, compared and moved.
//!
//! [`mod@read`] names every mistake at once with its place and line; [`write()`] gives the one form a call has in a
//! file, so that a call read and written again is the same file. The calls of 2016 and 2017 are shipped
//! ([`shipped`]); values their published texts do not state carry a mark saying so.

pub mod api;
pub mod commands;
pub mod events;
pub mod file;
mod places;
pub mod queries;
pub mod read;
pub mod schema;
pub mod shipped;

pub use file::{AgencyRef, AnnexFile, CallFile, write};
pub use read::{Mistake, read};
pub use schema::SCHEMA;

#[cfg(test)]
mod tests;
