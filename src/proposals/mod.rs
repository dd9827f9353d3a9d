//! Proposals: a consortium's joint project and its national parts, from the first draft to the submitted version.
//!
//! [`rules`] says what a part needs before it may be submitted and how it moves on afterwards.

pub mod rules;
pub mod states;
