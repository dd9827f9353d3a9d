//! The public hand: from 25 % of capital or votes on, an enterprise is no SME (Annex Article 3(4)).

use super::super::ownership::{Groups, Kind, Node, Ownership, Through};
use std::collections::{BTreeMap, BTreeSet};

/// What public bodies control of an enterprise, directly or through what they control, jointly or alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PublicShare {
    /// Basis points.
    pub capital: i64,
    pub votes: i64,
    /// Through whom, the direct holders.
    pub holders: Vec<Node>,
}

impl PublicShare {
    pub fn share(&self) -> i64 {
        self.capital.max(self.votes)
    }

    /// Whether it is too much.
    pub fn excludes(&self) -> bool {
        self.share() >= 2_500
    }

    /// Favoured investors do not count, even public ones, unless they are linked with the enterprise.
    pub fn of(graph: &Ownership, groups: &Groups, enterprise: Node) -> Self {
        let hands = hands(graph);
        let mut share = Self::default();
        let mut holders = BTreeSet::new();
        for tie in graph.ties().iter().filter(|tie| tie.held == enterprise) {
            let linked = groups.linked(tie.holder, enterprise);
            let public = graph.party(tie.holder).is_some_and(|party| party.public);
            if hands.contains(&tie.holder) && (linked || !graph.favours(tie)) || public && linked {
                share.capital += i64::from(tie.capital.basis_points());
                share.votes += i64::from(tie.votes.basis_points());
                holders.insert(tie.holder);
            }
        }
        share.holders = holders.into_iter().collect();
        share
    }
}

/// Public bodies and what they control, over any chain.
fn hands(graph: &Ownership) -> BTreeSet<Node> {
    let body = |kind| match kind {
        Kind::PublicBody => true,
        Kind::Investor(investor) => !investor.favoured(),
        Kind::Enterprise | Kind::Person => false,
    };
    let mut hands: BTreeSet<Node> = graph.parties().filter(|party| body(party.kind)).map(|party| party.node).collect();
    loop {
        let mut votes: BTreeMap<Node, i64> = BTreeMap::new();
        for tie in graph.ties().iter().filter(|tie| hands.contains(&tie.holder)) {
            let whole =
                if graph.controls(tie, Through::PersonsToo) { 10_000 } else { i64::from(tie.votes.basis_points()) };
            *votes.entry(tie.held).or_default() += whole;
        }
        let before = hands.len();
        hands.extend(votes.into_iter().filter(|(_, sum)| *sum > 5_000).map(|(node, _)| node));
        if hands.len() == before {
            return hands;
        }
    }
}
