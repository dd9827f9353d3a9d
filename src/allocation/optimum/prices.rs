//! Prices of budgets, and the bounds they prove.

use super::{
    core_problem::Core,
    fixed::Fixed,
    problem::{Order, Problem},
};

/// Parts one unit of value is counted in, as a power of two.
const PARTS: u32 = 62;
/// What a whole budget may cost: above, sums would not fit. A lower price proves a weaker bound, never a wrong one.
const DEAREST: i128 = 1 << 103;

/// What one minor unit of each budget is worth, in 2⁻⁶² units of value; never below zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prices(Vec<i128>);

impl Prices {
    pub(super) fn new(budgets: usize) -> Self {
        Self(vec![0; budgets])
    }

    /// Takes over the price of a budget that was looked for in floating point; what is no number is no price.
    pub(super) fn set(&mut self, at: usize, budget: i64, price: f64) {
        let scaled = price * (1_u64 << PARTS) as f64;
        let most = DEAREST / i128::from(budget.max(1));
        self.0[at] = if scaled.is_finite() { (scaled.max(0.0) as i128).min(most) } else { 0 };
    }

    /// A hint of what so much more money in a budget would add to the sum of values, in thousandths of a unit of value;
    /// true near the optimum of the linear relaxation only, where proposals could be taken in part.
    pub fn hint(&self, budget: usize, extra: i64) -> i64 {
        let thousandths = self.0[budget].saturating_mul(i128::from(extra)).saturating_mul(1000) >> PARTS;
        i64::try_from(thousandths).unwrap_or(i64::MAX)
    }

    /// What no set can pass: the budgets at their prices and, of every item, what its value exceeds its price by, if
    /// it does. True for any prices not below zero.
    pub fn bound(&self, problem: &Problem) -> i64 {
        let mut parts: i128 = problem
            .budgets
            .iter()
            .zip(&self.0)
            .map(|(b, price)| i128::from(*b).saturating_mul(*price))
            .fold(0, i128::saturating_add);
        for item in &problem.items {
            let surplus = self.surplus(item.value, item.needs.iter().copied());
            parts = parts.saturating_add(match item.order {
                Order::Free => surplus.max(0),
                Order::Taken => surplus,
                Order::Barred => 0,
            });
        }
        whole(parts)
    }

    fn surplus(&self, value: i64, needs: impl Iterator<Item = (usize, i64)>) -> i128 {
        needs.fold(i128::from(value) << PARTS, |left, (budget, need)| {
            left.saturating_sub(self.0[budget].saturating_mul(i128::from(need)))
        })
    }

    /// The bound of a core with some items decided. No item needs more of a budget than there is, so nothing overflows.
    pub(super) fn prove(&self, core: &Core, fixed: &Fixed, surplus: &mut Vec<i128>) -> i128 {
        let mut parts: i128 = core.budgets.iter().zip(&self.0).map(|(b, price)| i128::from(*b) * price).sum();
        surplus.clear();
        for item in 0..core.items() {
            let paid: i128 = core.needs(item).iter().map(|(budget, need)| self.0[*budget] * i128::from(*need)).sum();
            let over = (i128::from(core.values[item]) << PARTS) - paid;
            surplus.push(over);
            parts += match fixed.get(item) {
                None => over.max(0),
                Some(true) => over,
                Some(false) => 0,
            };
        }
        parts
    }
}

/// The most a set can be worth by a bound in parts, as a multiple of the step all values are multiples of.
pub(super) fn most(parts: i128, step: i64) -> i64 {
    down(whole(parts), step)
}

/// Decides every free item without whose decision this way nothing worth `least` can be found.
pub(super) fn decide(parts: i128, surplus: &[i128], least: i64, fixed: &mut Fixed) {
    let enough = i128::from(least) << PARTS;
    for (item, over) in surplus.iter().enumerate() {
        if fixed.free(item) && parts - over.abs() < enough {
            fixed.set(item, *over > 0);
        }
    }
}

/// The greatest multiple of a step that is not above.
pub(super) fn down(value: i64, step: i64) -> i64 {
    value.div_euclid(step) * step
}

fn whole(parts: i128) -> i64 {
    i64::try_from(parts >> PARTS).unwrap_or(i64::MAX)
}
