//! What a drawing of the graph shows: who counts for how much, and what each tie means.

use super::super::ownership::{Groups, Node, Ownership, Through};
use super::{assess::Assessment, contributions::Role};
use entity::types::share::Share;
use std::collections::BTreeMap;

/// What a tie means for the enterprise in question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mark {
    /// Inside a group of linked enterprises.
    Linked,
    /// Makes a partner of the enterprise's group.
    Partner,
    /// Would, but the holder is a favoured investor.
    Favoured,
    /// Held by the public hand, and counted against the 25 %.
    Public,
    /// Changes nothing.
    Idle,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    pub holder: Node,
    pub held: Node,
    /// The greater of capital and votes.
    pub share: Share,
    pub mark: Mark,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawing {
    /// Every party, with its role and the share its figures count for, as far as they count.
    pub nodes: Vec<(Node, Option<(Role, i64)>)>,
    pub edges: Vec<Edge>,
}

/// The drawing of an assessed enterprise.
pub fn drawing(graph: &Ownership, enterprise: Node, assessment: &Assessment) -> Drawing {
    let groups = Groups::of(graph, Through::PersonsToo);
    let roles: BTreeMap<Node, (Role, i64)> =
        assessment.contributions.iter().map(|one| (one.node, (one.role, one.share))).collect();
    let partner = |one: Node| roles.get(&one).is_some_and(|(role, _)| *role == Role::Partner);
    let own = |one: Node| groups.linked(one, enterprise);
    let edges = graph.ties().iter().map(|tie| {
        let (holder, held) = (tie.holder, tie.held);
        let counts = roles.contains_key(&holder) || roles.contains_key(&held);
        let mark = if held == enterprise && assessment.public.holders.contains(&holder) {
            Mark::Public
        } else if groups.linked(holder, held) && counts {
            Mark::Linked
        } else if own(held) && assessment.favoured.contains(&holder) {
            Mark::Favoured
        } else if own(holder) && partner(held) || own(held) && partner(holder) {
            Mark::Partner
        } else {
            Mark::Idle
        };
        Edge { holder, held, share: tie.share(), mark }
    });
    let nodes = graph.parties().map(|party| (party.node, roles.get(&party.node).copied()));
    Drawing { nodes: nodes.collect(), edges: edges.collect() }
}
