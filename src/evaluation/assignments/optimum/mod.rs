//! The best assignment of evaluators to proposals, with the proof of how good it is.
//!
//! What is maximised is the sum of affinities over all pairs, where each proposal gets the evaluators it wants, each
//! evaluator a load between least and most, no conflicted pair is used and every lock is kept. Without further rules
//! this is a flow, and [`best`] returns its exact optimum. Needs (a language, an expertise, somebody from outside),
//! circles of which at most one may sit on a proposal (an organisation), and a floor for the worst-served proposal
//! are kept exactly too; there the solution comes with a bound, and its gap is zero when it is proven to be best.
//! [`fair`] first raises the floor as far as it can, then the total. [`Alternatives`] says what a pair is worth: what
//! is lost without it, and who would come instead. [`Figures`] are what drafts are compared by.
//!
//! Everything is in whole millionths, counted in steps and not in seconds, and the same on every machine. Affinities
//! lie dense in memory, four bytes a pair, twice while searching.
//!
//! Deliberately absent: where affinities come from, why a pair fits, names, rows, and the clock.

mod alternatives;
mod best_set;
mod exchange;
mod fair;
mod figures;
mod network;
mod penalties;
mod problem;
mod progress;
mod refusal;
mod search;
mod solution;
mod terms;
#[cfg(test)]
mod tests;

pub use alternatives::{Alternatives, NextBest};
pub use fair::{Fair, fair};
pub use figures::Figures;
pub use problem::{FORBIDDEN, LARGEST, Load, Need, Pair, Problem};
pub use progress::{Progress, Stage, Watch};
pub use refusal::{Fault, Refusal, Rule};
pub use search::{Effort, best, best_above};
pub use solution::{Solution, bound_at};
