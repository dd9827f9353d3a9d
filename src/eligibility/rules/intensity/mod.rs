//! How much of which costs may be paid under which article of the GBER, Regulation (EU) No 651/2014, and what may come
//! together on the same costs (domain.md 3.3).
//!
//! [`Article`]s are data with dates: the text in force since Regulation (EU) 2023/1315, and before it the amounts of the
//! text of 2014, for cases granted then. [`check`] judges one award, [`together`] what meets on the same costs.
//!
//! Deliberately absent: eligible costs line by line, aid schemes without identifiable costs, areas' maps, and articles
//! no call of clusters uses.

mod articles;
mod award;
mod cumulation;
#[cfg(test)]
mod tests;

pub use articles::{Area, Article, Facts, Key, Per, Refused, article};
pub use award::{Award, Conditions, check};
pub use cumulation::{Measure, Support, together};

use super::finding::Source;

const ACT: &str = "Regulation (EU) No 651/2014";

const fn gber(place: &'static str) -> Source {
    Source::new(ACT, place)
}
