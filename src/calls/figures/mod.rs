//! How a call goes, in numbers: drafts and submitted parts with their sums per agency, never a name.

pub mod api;
pub mod pages;
pub mod queries;
pub mod rules;
