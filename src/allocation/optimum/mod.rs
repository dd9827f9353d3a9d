//! The best set of proposals under many budgets, with the proof of how good it is.
//!
//! What is maximised is the sum of values (points, or one for each proposal) of the proposals taken, where no budget is
//! passed and every order is kept: what is taken stays, what is barred stays out. This is the multidimensional
//! knapsack problem (Lorie & Savage 1955; Kellerer, Pferschy & Pisinger, Knapsack Problems, 2004, chapter 9).
//! [`best`] branches and bounds. Each bound comes from prices of the budgets: whatever the prices, no set is worth
//! more than the budgets at these prices and, of every proposal, what its value exceeds its price by, if it does
//! (Everett 1963). A linear relaxation in floating point looks for good prices; the bound is then reckoned with them
//! in integers, so that no rounding can make a proof wrong, only weaker.
//!
//! The search is counted in steps and not in seconds, and is the same on every machine. Whenever it ends, it says
//! what it found and what could at most be found; the gap is zero when it is proven to be best.
//!
//! Deliberately absent: ranks, which an optimum does not keep (domain.md 6.4 shows it only as a mirror), names,
//! rows, and the clock.

mod core_problem;
mod filling;
mod fixed;
mod prices;
mod problem;
mod relaxation;
mod search;
mod solution;
#[cfg(test)]
mod tests;

pub use prices::Prices;
pub use problem::{Fault, Item, Order, Problem};
pub use search::{Effort, Progress, best};
pub use solution::Solution;
