//! Groups of enterprises that control links, directly, jointly, over chains, and through natural persons.

use super::{Node, Ownership};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Whether natural persons link enterprises of near markets: they do in the SME test (Recommendation 2003/361/EC, Annex
/// Article 3(3), third subparagraph), not in the single undertaking (Regulation (EU) 2023/2831, Article 2(2)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Through {
    EnterprisesOnly,
    PersonsToo,
}

/// Why two enterprises are linked; numbers are places in [`Ownership::ties`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// One tie gives control.
    Tie(usize),
    /// Members of one group together hold most votes.
    Jointly(Vec<usize>),
    /// The same persons control both, and both are in near markets.
    Persons(Vec<Node>),
}

/// One link of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub from: Node,
    pub to: Node,
    pub reason: Reason,
}

/// Which enterprises belong together, and through which links.
#[derive(Debug, Clone)]
pub struct Groups {
    parent: BTreeMap<Node, Node>,
    links: Vec<Link>,
}

/// The shortest ways from one enterprise to the others of its group.
#[derive(Debug, Clone)]
pub struct Ways<'a> {
    from: Node,
    before: BTreeMap<Node, &'a Link>,
}

impl Ways<'_> {
    /// The links that lead to an enterprise, each read in this direction; none when it is not in the group.
    pub fn to(&self, to: Node) -> Vec<Link> {
        let (mut path, mut at) = (Vec::new(), to);
        while at != self.from {
            let Some(link) = self.before.get(&at) else { return Vec::new() };
            let back = if link.from == at { link.to } else { link.from };
            path.push(Link { from: back, to: at, reason: link.reason.clone() });
            at = back;
        }
        path.reverse();
        path
    }
}

impl Groups {
    /// Joins until nothing more is linked, so that neither the order of ties nor a circle matters.
    pub fn of(graph: &Ownership, through: Through) -> Self {
        let enterprises = graph.parties().filter(|party| party.is_enterprise()).map(|party| (party.node, party.node));
        let mut groups = Self { parent: enterprises.collect(), links: Vec::new() };
        for (at, tie) in graph.ties().iter().enumerate() {
            if groups.parent.contains_key(&tie.holder) && graph.controls(tie, through) {
                groups.join(tie.holder, tie.held, || Reason::Tie(at));
            }
        }
        let circles = if through == Through::PersonsToo { circles(graph) } else { Vec::new() };
        loop {
            let joined = groups.join_joint_holders(graph);
            let linked = circles.iter().any(|circle| groups.join_through(graph, circle));
            if !joined && !linked {
                return groups;
            }
        }
    }

    /// Whether the two are linked, or the same.
    pub fn linked(&self, one: Node, other: Node) -> bool {
        self.parent.contains_key(&one) && self.parent.contains_key(&other) && self.head(one) == self.head(other)
    }

    /// Everybody linked with an enterprise, itself included.
    pub fn members(&self, of: Node) -> BTreeSet<Node> {
        self.parent.keys().copied().filter(|node| self.linked(of, *node)).collect()
    }

    /// All groups, those of one member included, in the order of their first members.
    pub fn all(&self) -> Vec<BTreeSet<Node>> {
        let mut by_head: BTreeMap<Node, BTreeSet<Node>> = BTreeMap::new();
        for node in self.parent.keys() {
            by_head.entry(self.head(*node)).or_default().insert(*node);
        }
        let mut all: Vec<_> = by_head.into_values().collect();
        all.sort();
        all
    }

    /// The links that made the groups: just enough of them.
    pub fn links(&self) -> &[Link] {
        &self.links
    }

    /// The links that lead from one enterprise to all others of its group.
    pub fn ways(&self, from: Node) -> Ways<'_> {
        let mut beside: BTreeMap<Node, Vec<&Link>> = BTreeMap::new();
        for link in &self.links {
            beside.entry(link.from).or_default().push(link);
            beside.entry(link.to).or_default().push(link);
        }
        let mut before: BTreeMap<Node, &Link> = BTreeMap::new();
        let mut queue = VecDeque::from([from]);
        while let Some(at) = queue.pop_front() {
            for link in beside.get(&at).into_iter().flatten() {
                let next = if link.from == at { link.to } else { link.from };
                if next != from && !before.contains_key(&next) {
                    before.insert(next, link);
                    queue.push_back(next);
                }
            }
        }
        Ways { from, before }
    }

    fn head(&self, node: Node) -> Node {
        let mut at = node;
        while let Some(up) = self.parent.get(&at).copied().filter(|up| *up != at) {
            at = up;
        }
        at
    }

    fn join(&mut self, from: Node, to: Node, reason: impl FnOnce() -> Reason) -> bool {
        let (one, other) = (self.head(from), self.head(to));
        if one == other || !self.parent.contains_key(&to) {
            return false;
        }
        self.parent.insert(one.max(other), one.min(other));
        // Short ways up keep long chains quick.
        self.parent.insert(from, one.min(other));
        self.parent.insert(to, one.min(other));
        self.links.push(Link { from, to, reason: reason() });
        true
    }

    /// Linked enterprises that only together hold most votes of another control it through one another.
    fn join_joint_holders(&mut self, graph: &Ownership) -> bool {
        let mut held: BTreeMap<(Node, Node), Vec<usize>> = BTreeMap::new();
        for (at, tie) in graph.ties().iter().enumerate() {
            if self.parent.contains_key(&tie.holder) && !self.linked(tie.holder, tie.held) {
                held.entry((self.head(tie.holder), tie.held)).or_default().push(at);
            }
        }
        let mut any = false;
        for ((_, to), ties) in held {
            let votes: i64 = ties.iter().map(|at| i64::from(graph.ties()[*at].votes.basis_points())).sum();
            let greatest = ties.iter().copied().max_by_key(|at| graph.ties()[*at].votes);
            if let Some(greatest) = greatest.filter(|_| votes > 5_000) {
                any |= self.join(graph.ties()[greatest].holder, to, || Reason::Jointly(ties));
            }
        }
        any
    }

    fn join_through(&mut self, graph: &Ownership, circle: &BTreeSet<Node>) -> bool {
        let controlled: Vec<Node> = controlled(graph, circle).into_iter().collect();
        let mut any = false;
        for (at, one) in controlled.iter().enumerate() {
            for other in &controlled[at + 1..] {
                if !self.linked(*one, *other) && graph.near(*one, *other) {
                    any |= self.join(*one, *other, || Reason::Persons(circle.iter().copied().collect()));
                }
            }
        }
        any
    }
}

/// Natural persons, alone or acting jointly, and every enterprise they control.
pub fn persons_in_control(graph: &Ownership) -> Vec<(BTreeSet<Node>, BTreeSet<Node>)> {
    circles(graph).into_iter().map(|circle| (circle.clone(), controlled(graph, &circle))).collect()
}

/// What a circle of persons controls, directly and through what it controls.
fn controlled(graph: &Ownership, circle: &BTreeSet<Node>) -> BTreeSet<Node> {
    let mut controlled = BTreeSet::new();
    loop {
        let mut votes: BTreeMap<Node, i64> = BTreeMap::new();
        for tie in graph.ties() {
            if circle.contains(&tie.holder) || controlled.contains(&tie.holder) {
                let whole =
                    if graph.controls(tie, Through::PersonsToo) { 10_000 } else { i64::from(tie.votes.basis_points()) };
                *votes.entry(tie.held).or_default() += whole;
            }
        }
        let new: BTreeSet<Node> = votes.into_iter().filter(|(_, sum)| *sum > 5_000).map(|(node, _)| node).collect();
        if new.is_subset(&controlled) {
            return controlled;
        }
        controlled.extend(new);
    }
}

/// Natural persons alone, or those who act jointly together.
fn circles(graph: &Ownership) -> Vec<BTreeSet<Node>> {
    let mut circles: Vec<BTreeSet<Node>> = Vec::new();
    let alone = graph.parties().filter(|party| party.is_person()).map(|party| BTreeSet::from([party.node]));
    for mut circle in graph.circles().iter().map(|circle| circle.iter().copied().collect()).chain(alone) {
        circles.retain(|known| {
            let apart = known.is_disjoint(&circle);
            if !apart {
                circle.extend(known);
            }
            apart
        });
        circles.push(circle);
    }
    circles
}
