//! The affinity of an evaluator and a proposal in millionths.
//!
//! [`Call::new`] reads all texts once; [`Call::values`] then gives one proposal against the whole pool, [`Call::best`]
//! its nearest evaluators and [`Call::explain`] the reasons of one pair.

mod call;
mod corpus;
mod fixed;
mod index;
mod keywords;
mod taxonomy;
mod weights;
mod words;

#[cfg(test)]
mod tests;

pub use call::{Affinity, Call, Evaluator, Expertise, Part, Proposal, Reason};
pub use corpus::{Corpus, Read, Text};
pub use index::{Index, SharedWord};
pub use taxonomy::nearness;
pub use weights::{CountryRule, Term, Terms, WeightRefusal, Weights, Wish, WishValues};
pub use words::{Language, Reader};

/// The greatest affinity, and the greatest value of every term.
pub const MILLION: i64 = 1_000_000;
