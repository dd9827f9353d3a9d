//! What is asked: items with a value and what they need of each budget.

/// The largest value of one item and the largest budget; beyond, proofs could leave the range of their numbers.
const LARGEST_VALUE: i64 = 1 << 32;
const LARGEST_BUDGET: i64 = 1 << 56;
/// The most items and budgets; beyond, the first relaxation alone would take minutes.
const MOST_ITEMS: usize = 5_000;
const MOST_BUDGETS: usize = 100;

/// What is decided about an item before the search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    Free,
    /// Is in every set: an award that is signed.
    Taken,
    /// Is in no set: declined, or below a threshold.
    Barred,
}

/// One proposal as the search sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Not below zero.
    pub value: i64,
    /// Budget and amount above zero; each budget once.
    pub needs: Vec<(usize, i64)>,
    pub order: Order,
}

/// A choice to be made: the items and the budgets in minor units, each in its own currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub items: Vec<Item>,
    pub budgets: Vec<i64>,
}

/// What is asked contradicts itself before anything is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("There are more items or budgets than can be searched at once.")]
    TooMany,
    #[error("Item {item} has a value or a need that is negative or too large.")]
    Item { item: usize },
    #[error("Item {item} names a budget twice or one that does not exist.")]
    Needs { item: usize },
    #[error("Budget {budget} is negative or too large.")]
    Budget { budget: usize },
    #[error("What must be taken passes budget {budget} by {missing}.")]
    TakenAboveBudget { budget: usize, missing: i64 },
}

impl Problem {
    /// Whether the whole can be understood.
    ///
    /// # Errors
    /// The first thing that cannot.
    pub fn check(&self) -> Result<(), Fault> {
        if self.items.len() > MOST_ITEMS || self.budgets.len() > MOST_BUDGETS {
            return Err(Fault::TooMany);
        }
        if let Some(budget) = self.budgets.iter().position(|b| !(0..=LARGEST_BUDGET).contains(b)) {
            return Err(Fault::Budget { budget });
        }
        for (at, item) in self.items.iter().enumerate() {
            let sizes = item.needs.iter().all(|(_, need)| (1..=LARGEST_BUDGET).contains(need));
            if !sizes || !(0..=LARGEST_VALUE).contains(&item.value) {
                return Err(Fault::Item { item: at });
            }
            let known = item.needs.iter().all(|(budget, _)| *budget < self.budgets.len());
            let twice = item.needs.iter().enumerate().any(|(i, (b, _))| item.needs[..i].iter().any(|(a, _)| a == b));
            if !known || twice {
                return Err(Fault::Needs { item: at });
            }
        }
        let taken = self.items.iter().enumerate().filter(|(_, item)| item.order == Order::Taken).map(|(i, _)| i);
        match self.left(taken).into_iter().enumerate().find(|(_, left)| *left < 0) {
            None => Ok(()),
            Some((budget, left)) => {
                Err(Fault::TakenAboveBudget { budget, missing: i64::try_from(-left).unwrap_or(i64::MAX) })
            }
        }
    }

    /// What the budgets have left when these items are taken; below zero where they do not suffice.
    pub fn left(&self, chosen: impl IntoIterator<Item = usize>) -> Vec<i128> {
        let mut left: Vec<i128> = self.budgets.iter().map(|b| i128::from(*b)).collect();
        for item in chosen {
            for (budget, need) in &self.items[item].needs {
                left[*budget] -= i128::from(*need);
            }
        }
        left
    }

    /// The sum of values.
    pub fn value(&self, chosen: impl IntoIterator<Item = usize>) -> i64 {
        chosen.into_iter().map(|item| self.items[item].value).sum()
    }
}
