//! Proposals: a consortium's joint project and its national parts, from the first draft to the submitted version.
//!
//! [`rules`] says what a part needs before it may be submitted and how it moves on afterwards, [`drafts`] starts
//! and answers, a [`place`] is the joint proposal or one of its parts.

pub mod attachments;
pub mod consortium;
pub mod dossier;
pub mod drafts;
pub mod letters;
pub mod parts;
pub mod place;
pub mod readers;
pub mod reading;
pub mod rules;
pub mod states;
pub mod submission;

pub use place::Place;
