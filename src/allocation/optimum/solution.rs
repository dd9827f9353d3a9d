//! What a search found, and how good it is proven to be.

use super::prices::Prices;

/// A set of items within all budgets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solution {
    /// The items, in order.
    pub chosen: Vec<usize>,
    /// The sum of their values.
    pub value: i64,
    /// What no set can pass; equal to the value when it is proven to be best.
    pub bound: i64,
    /// What the linear relaxation alone proves, rounded down.
    pub relaxed: i64,
    /// The prices of the budgets in the linear relaxation: hints of where money is short.
    pub prices: Prices,
    /// Parts of the search that were looked at, and the steps they took.
    pub nodes: u64,
    pub steps: u64,
}

impl Solution {
    /// What a better set could at most add.
    pub fn gap(&self) -> i64 {
        self.bound - self.value
    }

    /// Whether no set is worth more.
    pub fn proven(&self) -> bool {
        self.gap() == 0
    }
}
