//! Signals of conflicts of interest as pure functions over values.
//!
//! [`Conflicts::new`] knows the pool against all organisations once, through indexes of normalised keys;
//! [`Conflicts::of`] then gives what stands between the pool and one proposal.

mod deciding;
mod directory;
mod findings;
mod mail;
mod names;
mod numbers;
mod ownership;
mod parties;
mod search;

#[cfg(test)]
mod tests;

pub use deciding::{Decided, decide};
pub use findings::{Finding, Kind, Rule, Side, Strength};
pub use mail::{address, domain, is_public, registrable};
pub use names::{Likeness, Name, fold, likeness, person};
pub use numbers::number;
pub use ownership::{Ownership, Path};
pub use parties::{Contact, Employment, Link, Organisation, Past, Person, Proposal, Seat, Standing};
pub use search::Conflicts;
