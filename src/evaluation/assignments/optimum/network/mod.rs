//! Transport from proposals to evaluators at least cost, by the network simplex method.
//!
//! Nodes are proposals, evaluators and a root that collects what evaluators take beyond their least load. A pair is
//! an arc of capacity one. Artificial arcs to the root carry what cannot be served, at a cost above all else, so that
//! every state of the network is a flow and a changed cost continues from the last tree. The tree is kept strongly
//! feasible, which rules out cycling. Sources: Ahuja, Magnanti & Orlin 1993, chapter 11; Cunningham 1976; Király &
//! Kovács 2012 for the block pricing. Pairs left out of a proposal's list of candidates are priced before the end:
//! the result is optimal over all pairs, and the prices prove it.
//!
//! A pivot costs at most O(proposals + evaluators), a full pricing O(proposals × evaluators); the number of pivots
//! has no polynomial bound but grows little faster than the number of nodes in practice.

mod pivot;
mod pricing;
mod witness;

use super::progress::{Stopped, Watch};

/// A pair that carries nothing and must never.
pub const NEVER: i32 = i32::MIN;
/// A pair that must carry.
pub const ALWAYS: i32 = i32::MAX;
/// What keeping a broken order costs: above every sum of affinities along a path.
const ORDER: i64 = 1 << 42;
/// What leaving a place empty costs: above every sum of broken orders along a path.
const UNSERVED: i64 = 1 << 58;
const NONE: u32 = u32::MAX;
/// Blocks of candidates a round is made of.
const BLOCKS: usize = 16;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Link {
    Pair,
    Room,
    Artificial,
}

/// A flow with its tree and prices.
#[derive(Debug, Clone)]
pub struct Network {
    proposals: usize,
    evaluators: usize,
    /// Worth of each pair, row by row; [`NEVER`] and [`ALWAYS`] are orders.
    worth: Vec<i32>,
    always: Vec<(u32, u32)>,
    /// Evaluators each proposal holds, unordered.
    held: Vec<Vec<u32>>,
    /// Places above the least load, and how many are used.
    room: Vec<u32>,
    used: Vec<u32>,
    /// Flow on each node's artificial arc, and whether it runs to the root.
    artificial: Vec<u32>,
    rising: Vec<bool>,
    parent: Vec<u32>,
    link: Vec<Link>,
    depth: Vec<u32>,
    price: Vec<i64>,
    child: Vec<u32>,
    next: Vec<u32>,
    previous: Vec<u32>,
    /// Evaluators priced at every round, for each proposal.
    candidates: Vec<Vec<u32>>,
    /// Arcs that gained when last looked at, and how many more may be taken before it is filled again.
    short: Vec<(pivot::Arc, bool)>,
    minor: usize,
    /// Where the next round begins, and how many pairs it looks at.
    row: usize,
    block: usize,
}

impl Network {
    /// A network in which nothing is served yet.
    pub fn new(evaluators: usize, worth: Vec<i32>, wanted: &[u32], least: &[u32], room: &[u32]) -> Self {
        let proposals = wanted.len();
        let nodes = proposals + evaluators;
        let root = nodes;
        let mut network = Self {
            proposals,
            evaluators,
            candidates: Vec::new(),
            short: Vec::new(),
            minor: 0,
            block: 0,
            always: Vec::new(),
            held: vec![Vec::new(); proposals],
            room: room.to_vec(),
            used: vec![0; evaluators],
            artificial: wanted.iter().chain(least).copied().collect(),
            rising: (0..nodes).map(|v| v < proposals || least[v - proposals] == 0).collect(),
            parent: vec![u32_of(root); nodes + 1],
            link: vec![Link::Artificial; nodes + 1],
            depth: vec![1; nodes + 1],
            price: vec![0; nodes + 1],
            child: vec![NONE; nodes + 1],
            next: vec![NONE; nodes + 1],
            previous: vec![NONE; nodes + 1],
            worth,
            row: 0,
        };
        network.parent[root] = NONE;
        network.depth[root] = 0;
        for node in 0..nodes {
            network.adopt(node, root);
        }
        let most = wanted.iter().copied().max().unwrap_or(0) as usize;
        network.candidates = (0..proposals).map(|p| network.best(p, (8 * most).max(48))).collect();
        network.block = (network.candidates.iter().map(Vec::len).sum::<usize>() / BLOCKS).max(1500);
        network.reprice();
        network
    }

    /// Finds the flow of highest worth, from the present one.
    ///
    /// # Errors
    /// When the watcher stops it; the network stays usable.
    pub fn solve(&mut self, watch: &mut Watch<'_>) -> Result<(), Stopped> {
        let mut pivots = 0_u64;
        while let Some((arc, forward)) = self.entering() {
            self.pivot(arc, forward);
            pivots += 1;
            if pivots.is_multiple_of(1024) {
                watch.step()?;
            }
        }
        watch.step()
    }

    /// Changes what pairs of one proposal are worth; call [`Self::reprice`] after the last change.
    pub fn set(&mut self, proposal: usize, evaluator: usize, worth: i32) {
        let at = proposal * self.evaluators + evaluator;
        let pair = (u32_of(proposal), u32_of(evaluator));
        if self.worth[at] == ALWAYS {
            self.always.retain(|other| *other != pair);
        }
        if worth == ALWAYS {
            self.always.push(pair);
        }
        self.worth[at] = worth;
    }

    /// Computes all prices anew from the tree.
    pub fn reprice(&mut self) {
        let root = self.proposals + self.evaluators;
        let mut open = vec![u32_of(root)];
        while let Some(node) = open.pop() {
            let mut child = self.child[node as usize];
            while child != NONE {
                self.price[child as usize] = self.tree_price(child as usize);
                open.push(child);
                child = self.next[child as usize];
            }
        }
    }

    /// Evaluators of a proposal, unordered.
    pub fn held(&self, proposal: usize) -> &[u32] {
        &self.held[proposal]
    }

    /// Evaluators worth looking at, for each proposal.
    pub fn candidates(&self) -> &[Vec<u32>] {
        &self.candidates
    }

    /// What a place at an evaluator is worth to the whole: above zero only when full, below only at the least load.
    pub fn place(&self, evaluator: usize) -> i64 {
        -self.price[self.proposals + evaluator]
    }

    /// Whether everybody is served, every order is kept, and no forbidden pair is used.
    pub fn is_served(&self) -> bool {
        self.artificial.iter().all(|flow| *flow == 0)
            && self.always.iter().all(|(p, e)| self.held[*p as usize].contains(e))
            && (0..self.proposals).all(|p| self.held[p].iter().all(|e| self.worth(p, *e as usize) != NEVER))
    }

    fn worth(&self, proposal: usize, evaluator: usize) -> i32 {
        self.worth[proposal * self.evaluators + evaluator]
    }

    fn cost(&self, proposal: usize, evaluator: usize) -> i64 {
        match self.worth(proposal, evaluator) {
            NEVER => ORDER,
            ALWAYS => -ORDER,
            worth => -i64::from(worth),
        }
    }

    /// The evaluators of highest worth for a proposal, as many as asked.
    fn best(&self, proposal: usize, count: usize) -> Vec<u32> {
        let row = &self.worth[proposal * self.evaluators..][..self.evaluators];
        let mut order: Vec<u32> = (0..u32_of(self.evaluators)).filter(|e| row[*e as usize] != NEVER).collect();
        let key = |e: &u32| (std::cmp::Reverse(row[*e as usize]), *e);
        if order.len() > count {
            order.select_nth_unstable_by_key(count, key);
            order.truncate(count);
        }
        order.sort_unstable_by_key(key);
        order
    }
}

/// Counts of nodes fit into 32 bits: a dense table of more could not be held.
fn u32_of(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(NONE)
}
