//! Who holds what of whom: the graph that the SME test (Recommendation 2003/361/EC, Annex Articles 3 and 6) and the
//! single undertaking of de minimis aid (Regulation (EU) 2023/2831, Article 2(2)) are both read from.
//!
//! Parties are enterprises, natural persons, public bodies and the investors the Recommendation favours; a tie says
//! what one holds of another. [`Groups`] joins what control links, over any chain and through any circle.
//!
//! Deliberately absent: names, dates and figures; the graph is that of the day of judgement.

mod control;
mod graph;
#[cfg(test)]
mod tests;

pub use control::{Groups, Link, Reason, Through, Ways, persons_in_control};
pub use graph::{Control, Fault, Investor, Kind, Market, Node, Ownership, Party, Tie};
