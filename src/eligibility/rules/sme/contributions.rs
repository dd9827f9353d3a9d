//! Whose figures count, for how much, and through which path (Annex Articles 3(2), 3(3) and 6).

use super::super::{
    finding::{Finding, Subject, Value},
    ownership::{Groups, Investor, Kind, Node, Ownership, Reason, Ways},
};
use super::annex;
use entity::types::money::{Currency, Money};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The enterprise in question.
    Own,
    Linked,
    /// A partner, or linked to one.
    Partner,
}

/// What the enterprise is called in the declaration (Annex Article 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Independence {
    Autonomous,
    Partner,
    Linked,
}

/// Why one step of a path leads on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    Linked(Reason),
    /// 25 % or more, without control; in basis points.
    Partner(i64),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub from: Node,
    pub to: Node,
    pub why: Why,
}

/// One enterprise whose figures count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contribution {
    pub node: Node,
    pub role: Role,
    /// For how much, in basis points.
    pub share: i64,
    /// From the enterprise in question to this one.
    pub path: Vec<Step>,
}

/// All that counts, and all that would but for a favour.
#[derive(Debug, Clone, Default)]
pub struct Counted {
    /// The enterprise itself first, then the linked, then partners.
    pub list: Vec<Contribution>,
    /// Favoured investors that hold 25 % or more.
    pub favoured: BTreeSet<Node>,
    pub findings: Vec<Finding>,
}

impl Counted {
    pub fn independence(&self) -> Independence {
        match self.list.iter().map(|one| one.role).filter(|role| *role != Role::Own).min() {
            Some(Role::Linked) => Independence::Linked,
            Some(_) => Independence::Partner,
            None => Independence::Autonomous,
        }
    }
}

/// One way in which an outside group touches the own one.
#[derive(Debug, Default)]
struct Touch {
    capital: i64,
    votes: i64,
    /// Whether every holder is a favoured investor.
    favoured: bool,
    holders: BTreeSet<Node>,
    /// The ends of the greatest single tie: inside, outside.
    ends: Option<(i64, Node, Node)>,
}

/// A quarter, in basis points.
const QUARTER: i64 = 2_500;

/// Finds partners immediately up- or downstream of any member of the own group. Holdings of linked holders count
/// together (Article 3(2)); a group that touches the own one in several ways counts once, for the greatest share, as
/// the Annex says of cross-holdings (Article 6(2)).
pub fn counted(graph: &Ownership, groups: &Groups, own: Node) -> Counted {
    let mut counted = Counted::default();
    let members = groups.members(own);
    let ways = groups.ways(own);
    for node in std::iter::once(own).chain(members.iter().copied().filter(|node| *node != own)) {
        let role = if node == own { Role::Own } else { Role::Linked };
        counted.list.push(Contribution { node, role, share: 10_000, path: linked_path(&ways, node) });
    }
    let all = groups.all();
    let place: BTreeMap<Node, usize> =
        all.iter().enumerate().flat_map(|(at, group)| group.iter().map(move |node| (*node, at))).collect();
    let mut partners: BTreeMap<usize, Vec<(i64, Node, Node)>> = BTreeMap::new();
    for ((group, _, _), touch) in touches(graph, &members, &place) {
        let share = touch.capital.max(touch.votes);
        let Some((_, inside, outside)) = touch.ends.filter(|_| share >= QUARTER) else { continue };
        if touch.favoured {
            counted.favoured.extend(touch.holders);
        } else {
            partners.entry(group).or_default().push((share, inside, outside));
        }
    }
    for (group, touching) in partners {
        let Some((share, inside, outside)) = touching.iter().copied().max_by_key(|(share, ..)| *share) else {
            continue;
        };
        if touching.len() > 1 {
            let subject = Subject::Party(outside);
            let found = Finding::warns("partner_in_several_ways", subject, annex("Article 6(2)"));
            counted.findings.push(found.with("share", Value::BasisPoints(share)));
        }
        let beyond = (all[group].len() > 1).then(|| groups.ways(outside));
        for node in &all[group] {
            let mut path = linked_path(&ways, inside);
            path.push(Step { from: inside, to: outside, why: Why::Partner(share) });
            path.extend(beyond.iter().flat_map(|ways| linked_path(ways, *node)));
            counted.list.push(Contribution { node: *node, role: Role::Partner, share, path });
        }
    }
    angels(graph, &members, &mut counted);
    counted
}

fn linked_path(ways: &Ways<'_>, to: Node) -> Vec<Step> {
    let steps = ways.to(to).into_iter();
    steps.map(|link| Step { from: link.from, to: link.to, why: Why::Linked(link.reason) }).collect()
}

/// By outside group, direction (upstream is true) and the one that is held.
fn touches(
    graph: &Ownership,
    members: &BTreeSet<Node>,
    place: &BTreeMap<Node, usize>,
) -> BTreeMap<(usize, bool, Node), Touch> {
    let mut touches: BTreeMap<(usize, bool, Node), Touch> = BTreeMap::new();
    for tie in graph.ties() {
        let up = !members.contains(&tie.holder);
        if up != members.contains(&tie.held) {
            continue;
        }
        let (inside, outside) = if up { (tie.held, tie.holder) } else { (tie.holder, tie.held) };
        let Some(group) = place.get(&outside) else { continue };
        let fresh = || Touch { favoured: up, ..Touch::default() };
        let touch = touches.entry((*group, up, tie.held)).or_insert_with(fresh);
        touch.capital += i64::from(tie.capital.basis_points());
        touch.votes += i64::from(tie.votes.basis_points());
        touch.favoured &= up && graph.favours(tie);
        touch.holders.insert(tie.holder);
        let size = i64::from(tie.share().basis_points());
        if touch.ends.is_none_or(|(greatest, ..)| size > greatest) {
            touch.ends = Some((size, inside, outside));
        }
    }
    touches
}

/// Business angels are natural persons and add no figures; at the limit of their favour somebody must ask through which
/// enterprises they invest.
fn angels(graph: &Ownership, members: &BTreeSet<Node>, counted: &mut Counted) {
    for held in members {
        let is_angel =
            |node| graph.party(node).is_some_and(|party| party.kind == Kind::Investor(Investor::BusinessAngel));
        let ties: Vec<_> = graph.ties().iter().filter(|tie| tie.held == *held && is_angel(tie.holder)).collect();
        let share: i64 = ties.iter().map(|tie| i64::from(tie.share().basis_points())).sum();
        if share < QUARTER {
            continue;
        }
        if ties.iter().all(|tie| graph.favours(tie)) {
            counted.favoured.extend(ties.iter().map(|tie| tie.holder));
            continue;
        }
        let source = annex("Article 3(2)(a)");
        let mut found = Finding::warns("business_angels_at_limit", Subject::Party(*held), source)
            .with("share", Value::BasisPoints(share));
        if let Some(cents) = graph.angels_invested(*held).and_then(|cents| i64::try_from(cents).ok()) {
            found = found.with("invested", Money::new(cents, Currency::Eur));
        }
        counted.findings.push(found);
    }
}
