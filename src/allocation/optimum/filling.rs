//! Good sets, fast: what the relaxation takes whole, filled up, and improved by exchanges.

use super::{core_problem::Core, fixed::Fixed, relaxation::Relaxation};

/// More items are not exchanged one by one: it would take longer than the search.
const MOST_EXCHANGED: usize = 1_200;

/// A set of a core's items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set {
    pub taken: Vec<bool>,
    pub value: i64,
    left: Vec<i64>,
}

impl Set {
    /// What is decided, then the items the relaxation takes most of, as long as they fit; none if the decisions do not.
    pub fn filled(core: &Core, fixed: &Fixed, relaxed: &Relaxation) -> Option<Self> {
        let mut set = Self { taken: vec![false; core.items()], value: 0, left: core.budgets.clone() };
        for item in 0..core.items() {
            if fixed.get(item) == Some(true) {
                if !core.fits(item, &set.left) {
                    return None;
                }
                set.take(core, item);
            }
        }
        let mut open: Vec<(f64, f64, usize)> = (0..core.items())
            .filter(|item| fixed.free(*item))
            .map(|item| (relaxed.share(item), relaxed.reduced(item), item))
            .collect();
        open.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(&b.2)));
        for (_, _, item) in open {
            if core.fits(item, &set.left) {
                set.take(core, item);
            }
        }
        Some(set)
    }

    /// The items of a list that are in the core, as far as they fit.
    pub fn of(core: &Core, chosen: &[usize]) -> Self {
        let mut set = Self { taken: vec![false; core.items()], value: 0, left: core.budgets.clone() };
        for item in 0..core.items() {
            if chosen.binary_search(&core.of[item]).is_ok() && core.fits(item, &set.left) {
                set.take(core, item);
            }
        }
        set.improve(core);
        set
    }

    /// Gives one item back and takes others instead, best first, as long as this adds value.
    pub fn improve(&mut self, core: &Core) {
        let mut order: Vec<usize> = (0..core.items()).collect();
        order.sort_unstable_by_key(|item| (std::cmp::Reverse(core.values[*item]), *item));
        self.fill(core, &order);
        if core.items() > MOST_EXCHANGED {
            return;
        }
        while let Some(better) = (0..core.items()).filter(|item| self.taken[*item]).find_map(|out| {
            let mut other = self.clone();
            other.put_back(core, out);
            let others = || order.iter().copied().filter(|item| *item != out);
            // Each item that fits may be the first that comes instead.
            let firsts: Vec<usize> =
                others().filter(|item| !other.taken[*item] && core.fits(*item, &other.left)).collect();
            firsts.into_iter().find_map(|first| {
                let mut tried = other.clone();
                tried.take(core, first);
                for item in others() {
                    if !tried.taken[item] && core.fits(item, &tried.left) {
                        tried.take(core, item);
                    }
                }
                (tried.value > self.value).then_some(tried)
            })
        }) {
            *self = better;
        }
    }

    /// The items in the whole problem, in order.
    pub fn chosen(&self, core: &Core) -> Vec<usize> {
        let own = (0..core.items()).filter(|item| self.taken[*item]).map(|item| core.of[item]);
        let mut all: Vec<usize> = core.taken.iter().copied().chain(own).collect();
        all.sort_unstable();
        all
    }

    fn fill(&mut self, core: &Core, order: &[usize]) {
        for item in order {
            if !self.taken[*item] && core.fits(*item, &self.left) {
                self.take(core, *item);
            }
        }
    }

    fn take(&mut self, core: &Core, item: usize) {
        core.take(item, &mut self.left);
        self.taken[item] = true;
        self.value += core.values[item];
    }

    fn put_back(&mut self, core: &Core, item: usize) {
        core.give_back(item, &mut self.left);
        self.taken[item] = false;
        self.value -= core.values[item];
    }
}
