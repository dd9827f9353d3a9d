//! Branch and bound: the best bound first, and from there straight down.

use super::{
    core_problem::Core,
    filling::Set,
    fixed::Fixed,
    prices::{self, Prices},
    problem::{Fault, Problem},
    relaxation::Relaxation,
    solution::Solution,
};
use std::{cmp::Ordering, collections::BinaryHeap};

/// How long to search: counted, not timed, so that the result is the same on every machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// A thousand cells of the relaxation's table each; a million takes two or three seconds.
    pub steps: u64,
}

impl Effort {
    /// Some seconds on the smallest machine.
    pub const USUAL: Self = Self { steps: 1_000_000 };
}

/// What is known while the search runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub steps: u64,
    pub found: i64,
    pub bound: i64,
}

/// Cells of the table that make one step.
const STEP: u64 = 1000;
/// Of a hundred steps so many go to the proof; the others to something better, if that fails.
const PROOF: u64 = 70;
/// How many doubtful items are searched then.
const KERNELS: [usize; 2] = [60, 120];
/// How far from whole a share is still taken for whole.
const WHOLE: f64 = 1e-6;
/// Open parts of the search that are kept; beyond, the search ends and says what it knows.
const MOST_OPEN: usize = 1_000_000;

/// The set of the greatest value, or the best that was found with the effort, with its bound.
///
/// `start` is a set to begin with, such as what strict skip funds; what of it does not fit is left out.
/// `tell` is told every few milliseconds how far the search is, and says whether to go on.
///
/// # Errors
/// When the problem cannot be understood or its orders pass a budget.
pub fn best(
    problem: &Problem,
    start: &[usize],
    effort: Effort,
    tell: &mut dyn FnMut(Progress) -> bool,
) -> Result<Solution, Fault> {
    problem.check()?;
    let core = Core::new(problem);
    let mut first: Vec<usize> = start.to_vec();
    first.sort_unstable();
    let set = Set::of(&core, &first);
    let found = Found { value: core.sum + set.value, chosen: set.chosen(&core) };
    let mut search = Search {
        problem,
        effort,
        tell,
        found,
        prices: Prices::new(problem.budgets.len()),
        cells: 0,
        nodes: 0,
        target: 0,
        limit: 0,
        stopped: false,
    };
    let (bound, relaxed) = search.run(&core);
    let Search { found, prices, cells, nodes, .. } = search;
    Ok(Solution {
        chosen: found.chosen,
        value: found.value,
        bound: bound.max(found.value),
        relaxed,
        prices,
        nodes,
        steps: cells / STEP,
    })
}

struct Found {
    value: i64,
    chosen: Vec<usize>,
}

struct Search<'a> {
    problem: &'a Problem,
    effort: Effort,
    tell: &'a mut dyn FnMut(Progress) -> bool,
    found: Found,
    prices: Prices,
    cells: u64,
    nodes: u64,
    /// What a set must be worth to be looked for now.
    target: i64,
    /// The steps after which the search for it ends, and whether it was ended by whoever watches.
    limit: u64,
    stopped: bool,
}

/// A part of the search that is open: what is decided, and what it can at most hold.
struct Node {
    bound: i64,
    depth: u32,
    id: u64,
    fixed: Fixed,
}

/// What a part of the search came to.
enum End {
    /// Nothing that was asked for is left in it.
    Searched,
    /// The effort was used up; what it can at most still hold.
    Open(i64),
}

impl Search<'_> {
    /// Searches for ever less: first for what the relaxation says is possible at best, then for a little less, until
    /// something is found or all that is better than what was found has been searched. The higher what is asked for,
    /// the more items a bound decides. The bound of the whole, and of the relaxation.
    fn run(&mut self, core: &Core) -> (i64, i64) {
        let mut relaxation = Relaxation::new(core);
        let none = Fixed::none(core.items());
        relaxation.solve(&none);
        self.prices = relaxation.prices();
        let mut surplus = Vec::new();
        let parts = self.prices.prove(core, &none, &mut surplus);
        let relaxed = core.sum + prices::most(parts, 1);
        let top = core.sum + prices::most(parts, core.step);
        self.try_filling(core, &none, &relaxation);
        self.dive(core, &mut relaxation);
        self.cells += relaxation.work;
        let (mut bound, mut below) = (top, core.step);
        self.limit = self.effort.steps / 100 * PROOF;
        while self.found.value < bound {
            self.target = (top - below).max(self.found.value + 1);
            let target = self.target;
            let mut fixed = none.clone();
            prices::decide(parts, &surplus, self.least(core), &mut fixed);
            if fits(core, &fixed)
                && let End::Open(open) = self.part(core.shrunk(self.problem, &fixed))
            {
                self.kernels(core, &surplus);
                return (bound.min(open.max(target - 1)), relaxed);
            }
            // All from the target on was searched; what was found there is the best.
            bound = self.found.value.max(core.sum + prices::down(target - 1 - core.sum, core.step));
            below *= 2;
        }
        (bound, relaxed)
    }

    /// Nothing was proven: looks for something better among the items about which the prices are least sure, with the
    /// others as the prices say (Balas & Zemel 1980).
    fn kernels(&mut self, core: &Core, surplus: &[i128]) {
        let mut order: Vec<usize> = (0..core.items()).collect();
        order.sort_unstable_by_key(|item| (surplus[*item].abs(), *item));
        self.target = 0;
        let rest = self.effort.steps.saturating_sub(self.cells / STEP);
        for doubtful in KERNELS {
            let mut fixed = Fixed::none(core.items());
            order.iter().skip(doubtful).for_each(|item| fixed.set(*item, surplus[*item] > 0));
            if fits(core, &fixed) && !self.stopped && rest > 0 {
                self.limit = self.cells / STEP + rest / KERNELS.len() as u64;
                self.part(core.shrunk(self.problem, &fixed));
            }
        }
    }

    /// Shrinks a core as long as bounds decide items, then branches.
    fn part(&mut self, mut core: Core) -> End {
        let mut surplus = Vec::new();
        loop {
            let mut relaxation = Relaxation::new(&core);
            let mut fixed = Fixed::none(core.items());
            relaxation.solve(&fixed);
            let parts = relaxation.prices().prove(&core, &fixed, &mut surplus);
            let bound = prices::most(parts, core.step);
            self.try_filling(&core, &fixed, &relaxation);
            self.dive(&core, &mut relaxation);
            self.cells += relaxation.work;
            if bound < self.least(&core) {
                return End::Searched;
            }
            prices::decide(parts, &surplus, self.least(&core), &mut fixed);
            if (0..core.items()).all(|item| fixed.free(item)) {
                return self.branch(&core, bound);
            }
            if !fits(&core, &fixed) {
                return End::Searched;
            }
            core = core.shrunk(self.problem, &fixed);
        }
    }

    /// What a set of the core must be worth at least to be what is asked for, and better than what was found.
    fn least(&self, core: &Core) -> i64 {
        let better = (self.found.value + 1).max(self.target) - core.sum;
        prices::down(better + core.step - 1, core.step)
    }

    fn try_filling(&mut self, core: &Core, fixed: &Fixed, relaxation: &Relaxation) {
        let Some(mut set) = Set::filled(core, fixed, relaxation) else { return };
        if core.sum + set.value > self.found.value {
            set.improve(core);
            self.found = Found { value: core.sum + set.value, chosen: set.chosen(core) };
        }
    }

    /// Rounds one item after the other, to have something good before anything is decided.
    fn dive(&mut self, core: &Core, relaxation: &mut Relaxation) {
        let mut fixed = Fixed::none(core.items());
        while let Some((item, _)) = relaxation.doubtful(&fixed, WHOLE) {
            fixed.set(item, relaxation.share(item) > 0.5);
            if !fits(core, &fixed) {
                fixed.set(item, false);
            }
            bar_unfit(core, &mut fixed);
            relaxation.solve(&fixed);
            self.try_filling(core, &fixed, relaxation);
        }
    }

    /// Searches a core as far as the effort goes.
    fn branch(&mut self, core: &Core, bound: i64) -> End {
        let mut relaxation = Relaxation::new(core);
        let mut surplus = Vec::new();
        let mut heap = BinaryHeap::from([Node { bound, depth: 0, id: 0, fixed: Fixed::none(core.items()) }]);
        let mut ids = 0;
        while let Some(node) = heap.pop() {
            if node.bound < self.least(core) {
                break;
            }
            let (mut bound, mut fixed, mut depth) = (node.bound, node.fixed, node.depth);
            let told = self.nodes;
            loop {
                let spent = self.cells + relaxation.work;
                let ended = spent / STEP >= self.limit || heap.len() >= MOST_OPEN;
                self.stopped |= self.nodes == told && told.is_multiple_of(16) && !self.go_on(core, spent, node.bound);
                if ended || self.stopped {
                    self.cells = spent;
                    return End::Open(core.sum + bound.max(heap.peek().map_or(bound, |open| open.bound)));
                }
                self.nodes += 1;
                if !fits(core, &fixed) {
                    break;
                }
                bar_unfit(core, &mut fixed);
                relaxation.solve(&fixed);
                let parts = relaxation.prices().prove(core, &fixed, &mut surplus);
                bound = bound.min(prices::most(parts, core.step));
                if bound < self.least(core) {
                    break;
                }
                self.try_filling(core, &fixed, &relaxation);
                if bound < self.least(core) {
                    break;
                }
                prices::decide(parts, &surplus, self.least(core), &mut fixed);
                let open = |item: &usize| fixed.free(*item);
                let next = relaxation.doubtful(&fixed, WHOLE).or_else(|| {
                    // All is whole, yet nothing is proved: any open item will do, the most doubtful first.
                    let item = (0..core.items()).filter(open).min_by_key(|item| (surplus[*item].abs(), *item))?;
                    Some((item, relaxation.share(item) > 0.5))
                });
                let Some((item, up)) = next else {
                    // Decisions may have been added since the last relaxation.
                    self.try_filling(core, &fixed, &relaxation);
                    break;
                };
                depth += 1;
                let mut other = fixed.clone();
                other.set(item, !up);
                ids += 1;
                heap.push(Node { bound, depth, id: ids, fixed: other });
                fixed.set(item, up);
            }
        }
        self.cells += relaxation.work;
        End::Searched
    }

    fn go_on(&mut self, core: &Core, cells: u64, bound: i64) -> bool {
        (self.tell)(Progress { steps: cells / STEP, found: self.found.value, bound: core.sum + bound })
    }
}

fn fits(core: &Core, fixed: &Fixed) -> bool {
    left(core, fixed).iter().all(|left| *left >= 0)
}

/// Bars every free item that no longer fits.
fn bar_unfit(core: &Core, fixed: &mut Fixed) {
    let left = left(core, fixed);
    for item in 0..core.items() {
        if fixed.free(item) && !core.fits(item, &left) {
            fixed.set(item, false);
        }
    }
}

fn left(core: &Core, fixed: &Fixed) -> Vec<i64> {
    let mut left = core.budgets.clone();
    (0..core.items()).filter(|item| fixed.get(*item) == Some(true)).for_each(|item| core.take(item, &mut left));
    left
}

impl Ord for Node {
    /// The best bound first, then the deepest, then the oldest.
    fn cmp(&self, other: &Self) -> Ordering {
        self.bound.cmp(&other.bound).then(self.depth.cmp(&other.depth)).then(other.id.cmp(&self.id))
    }
}

impl PartialOrd for Node {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Node {}
