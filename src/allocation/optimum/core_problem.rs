//! The items that are still open, close together.

use super::{
    fixed::Fixed,
    problem::{Order, Problem},
};

/// What is left to decide: the open items that fit at all, and what the budgets have left for them.
#[derive(Debug, Clone)]
pub struct Core {
    /// The items in the whole problem.
    pub of: Vec<usize>,
    pub values: Vec<i64>,
    /// Where the needs of each item begin, and of one more.
    starts: Vec<usize>,
    needs: Vec<(usize, i64)>,
    pub budgets: Vec<i64>,
    /// The items of the whole problem that are taken already, and their value.
    pub taken: Vec<usize>,
    pub sum: i64,
    /// All values are multiples of it.
    pub step: i64,
}

impl Core {
    /// The core of a problem that was checked.
    pub fn new(problem: &Problem) -> Self {
        let with = |order| (0..problem.items.len()).filter(move |i| problem.items[*i].order == order);
        let taken: Vec<usize> = with(Order::Taken).collect();
        let worth = |item: &usize| problem.items[*item].value > 0;
        Self::of(problem, taken, with(Order::Free).filter(worth).collect())
    }

    /// The core that is left when some items are decided.
    pub fn shrunk(&self, problem: &Problem, fixed: &Fixed) -> Self {
        let with =
            |wanted: Option<bool>| (0..self.items()).filter(move |i| fixed.get(*i) == wanted).map(|i| self.of[i]);
        let taken = self.taken.iter().copied().chain(with(Some(true))).collect();
        Self::of(problem, taken, with(None).collect())
    }

    fn of(problem: &Problem, taken: Vec<usize>, open: Vec<usize>) -> Self {
        let left: Vec<i64> =
            problem.left(taken.iter().copied()).into_iter().map(|l| i64::try_from(l).unwrap_or(i64::MAX)).collect();
        let fits = |item: &usize| problem.items[*item].needs.iter().all(|(budget, need)| *need <= left[*budget]);
        let of: Vec<usize> = open.into_iter().filter(fits).collect();
        let mut core = Self {
            values: of.iter().map(|item| problem.items[*item].value).collect(),
            starts: vec![0],
            needs: Vec::new(),
            budgets: left,
            sum: problem.value(taken.iter().copied()),
            step: 0,
            taken,
            of,
        };
        for item in &core.of {
            core.needs.extend_from_slice(&problem.items[*item].needs);
            core.starts.push(core.needs.len());
        }
        core.step = core.values.iter().fold(0, |all, value| gcd(all, *value)).max(1);
        core
    }

    pub fn items(&self) -> usize {
        self.values.len()
    }

    pub fn needs(&self, item: usize) -> &[(usize, i64)] {
        &self.needs[self.starts[item]..self.starts[item + 1]]
    }

    pub fn fits(&self, item: usize, left: &[i64]) -> bool {
        self.needs(item).iter().all(|(budget, need)| *need <= left[*budget])
    }

    pub fn take(&self, item: usize, left: &mut [i64]) {
        self.needs(item).iter().for_each(|(budget, need)| left[*budget] -= need);
    }

    pub fn give_back(&self, item: usize, left: &mut [i64]) {
        self.needs(item).iter().for_each(|(budget, need)| left[*budget] += need);
    }
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}
