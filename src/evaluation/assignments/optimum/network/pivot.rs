//! One step of the simplex method: flow around a cycle, and the tree that follows.

use super::{Link, NONE, Network, UNSERVED, u32_of};

/// An arc that is not in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arc {
    Pair(u32, u32),
    /// From an evaluator to the root.
    Room(u32),
}

impl Network {
    /// Sends flow along the arc, forward or back, and closes the cycle through the tree.
    pub(super) fn pivot(&mut self, arc: Arc, forward: bool) {
        let (source, target, own) = match arc {
            Arc::Pair(p, e) => (p as usize, self.proposals + e as usize, 1),
            Arc::Room(e) => (self.proposals + e as usize, self.proposals + self.evaluators, self.room[e as usize]),
        };
        let (first, second) = if forward { (source, target) } else { (target, source) };
        let join = self.join(first, second);
        // The last blocking arc along the cycle, seen from the join, leaves: the tree stays strongly feasible.
        let (mut step, mut leaving) = (own, None);
        let mut node = first;
        while node != join {
            let rest = if self.rises(node) { self.flow(node) } else { self.spare(node) };
            if rest < step {
                (step, leaving) = (rest, Some((node, true)));
            }
            node = self.parent[node] as usize;
        }
        node = second;
        while node != join {
            let rest = if self.rises(node) { self.spare(node) } else { self.flow(node) };
            if rest <= step {
                (step, leaving) = (rest, Some((node, false)));
            }
            node = self.parent[node] as usize;
        }
        if step > 0 {
            self.push(arc, forward, step);
            node = first;
            while node != join {
                self.shift(node, !self.rises(node), step);
                node = self.parent[node] as usize;
            }
            node = second;
            while node != join {
                self.shift(node, self.rises(node), step);
                node = self.parent[node] as usize;
            }
        }
        let Some((out, on_first)) = leaving else { return };
        let (inside, outside) = if on_first { (first, second) } else { (second, first) };
        let link = if matches!(arc, Arc::Pair(..)) { Link::Pair } else { Link::Room };
        self.hang(out, inside, outside, link);
    }

    /// The price a node gets from its parent: its tree arc has no reduced cost.
    pub(super) fn tree_price(&self, node: usize) -> i64 {
        let above = self.price[self.parent[node] as usize];
        let cost = match self.link[node] {
            Link::Pair => {
                let (p, e) = self.pair(node);
                self.cost(p, e)
            }
            Link::Room => 0,
            // More work than an evaluator's most is worse than a proposal that is not served.
            Link::Artificial if node >= self.proposals && self.rising[node] => 4 * UNSERVED,
            Link::Artificial => UNSERVED,
        };
        if self.rises(node) { above - cost } else { above + cost }
    }

    /// Makes a node the first child of another.
    pub(super) fn adopt(&mut self, node: usize, parent: usize) {
        let head = self.child[parent];
        self.next[node] = head;
        self.previous[node] = NONE;
        if head != NONE {
            self.previous[head as usize] = u32_of(node);
        }
        self.child[parent] = u32_of(node);
        self.parent[node] = u32_of(parent);
    }

    fn leave(&mut self, node: usize) {
        let (previous, next) = (self.previous[node], self.next[node]);
        if previous == NONE {
            let parent = self.parent[node] as usize;
            self.child[parent] = next;
        } else {
            self.next[previous as usize] = next;
        }
        if next != NONE {
            self.previous[next as usize] = previous;
        }
    }

    /// Cuts the tree above `out` and hangs the part by `inside` under `outside`.
    fn hang(&mut self, out: usize, inside: usize, outside: usize, link: Link) {
        let (mut node, mut above, mut above_link) = (inside, outside, link);
        loop {
            let (parent, old) = (self.parent[node] as usize, self.link[node]);
            self.leave(node);
            self.adopt(node, above);
            self.link[node] = above_link;
            if node == out {
                break;
            }
            (above, above_link, node) = (node, old, parent);
        }
        let shift = self.tree_price(inside) - self.price[inside];
        let mut node = inside;
        // In order, down first: no list of open nodes is needed.
        loop {
            self.price[node] += shift;
            self.depth[node] = self.depth[self.parent[node] as usize] + 1;
            if self.child[node] != NONE {
                node = self.child[node] as usize;
                continue;
            }
            while node != inside && self.next[node] == NONE {
                node = self.parent[node] as usize;
            }
            if node == inside {
                break;
            }
            node = self.next[node] as usize;
        }
    }

    fn join(&self, mut a: usize, mut b: usize) -> usize {
        while a != b {
            if self.depth[a] >= self.depth[b] {
                a = self.parent[a] as usize;
            } else {
                b = self.parent[b] as usize;
            }
        }
        a
    }

    /// The pair whose arc joins a node to its parent.
    fn pair(&self, node: usize) -> (usize, usize) {
        let parent = self.parent[node] as usize;
        if node < self.proposals { (node, parent - self.proposals) } else { (parent, node - self.proposals) }
    }

    /// Whether the arc above a node runs to the parent.
    fn rises(&self, node: usize) -> bool {
        match self.link[node] {
            Link::Pair => node < self.proposals,
            Link::Room => true,
            Link::Artificial => self.rising[node],
        }
    }

    fn flow(&self, node: usize) -> u32 {
        match self.link[node] {
            Link::Pair => {
                let (p, e) = self.pair(node);
                u32::from(self.held[p].contains(&u32_of(e)))
            }
            Link::Room => self.used[node - self.proposals],
            Link::Artificial => self.artificial[node],
        }
    }

    fn spare(&self, node: usize) -> u32 {
        match self.link[node] {
            Link::Pair => 1 - self.flow(node),
            Link::Room => self.room[node - self.proposals] - self.used[node - self.proposals],
            Link::Artificial => NONE,
        }
    }

    fn shift(&mut self, node: usize, more: bool, step: u32) {
        match self.link[node] {
            Link::Pair => {
                let (p, e) = self.pair(node);
                self.push(Arc::Pair(u32_of(p), u32_of(e)), more, step);
            }
            Link::Room => self.push(Arc::Room(u32_of(node - self.proposals)), more, step),
            Link::Artificial if more => self.artificial[node] += step,
            Link::Artificial => self.artificial[node] -= step,
        }
    }

    fn push(&mut self, arc: Arc, more: bool, step: u32) {
        match (arc, more) {
            (Arc::Pair(p, e), true) => self.held[p as usize].push(e),
            (Arc::Pair(p, e), false) => self.held[p as usize].retain(|held| *held != e),
            (Arc::Room(e), true) => self.used[e as usize] += step,
            (Arc::Room(e), false) => self.used[e as usize] -= step,
        }
    }
}
