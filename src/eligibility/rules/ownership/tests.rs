use super::*;
use entity::types::share::Share;
use std::collections::BTreeSet;

fn firms(count: u32) -> Vec<Party> {
    (1..=count).map(|node| Party::new(node, Kind::Enterprise)).collect()
}

fn tie(holder: u32, held: u32, percent: i32) -> Tie {
    Tie::holding(holder, held, Share::percent(percent))
}

fn set(nodes: &[u32]) -> BTreeSet<Node> {
    nodes.iter().map(|node| Node(*node)).collect()
}

fn in_market(node: u32, market: u32) -> Party {
    Party { markets: BTreeSet::from([Market(market)]), ..Party::new(node, Kind::Enterprise) }
}

#[test]
fn half_of_the_votes_is_no_majority() {
    let graph = Ownership::new(firms(3), vec![tie(1, 2, 50), tie(1, 3, 51)]).unwrap();
    let groups = Groups::of(&graph, Through::EnterprisesOnly);
    assert!(!groups.linked(Node(1), Node(2)) && groups.linked(Node(1), Node(3)));
}

#[test]
fn a_chain_of_five_is_one_group_with_its_path() {
    let ties = (1..5).map(|at| tie(at, at + 1, 60)).collect();
    let groups = Groups::of(&Ownership::new(firms(6), ties).unwrap(), Through::EnterprisesOnly);
    assert_eq!(groups.members(Node(5)), set(&[1, 2, 3, 4, 5]));
    let way: Vec<_> = groups.ways(Node(5)).to(Node(1)).iter().map(|link| (link.from.0, link.to.0)).collect();
    assert_eq!(way, [(5, 4), (4, 3), (3, 2), (2, 1)]);
    assert_eq!(groups.all().len(), 2);
}

#[test]
fn a_circle_of_holdings_ends() {
    let graph = Ownership::new(firms(3), vec![tie(1, 2, 60), tie(2, 3, 60), tie(3, 1, 60)]).unwrap();
    let groups = Groups::of(&graph, Through::PersonsToo);
    assert_eq!(groups.members(Node(1)), set(&[1, 2, 3]));
    assert_eq!(groups.links().len(), 2);
}

#[test]
fn a_group_controls_what_it_only_holds_together() {
    // 1 controls 2; 1 and 2 hold 30 and 25 % of 3, which adds 20 % to their 35 % of 4.
    let ties = vec![tie(1, 2, 80), tie(1, 3, 30), tie(2, 3, 25), tie(3, 4, 20), tie(1, 4, 35)];
    let groups = Groups::of(&Ownership::new(firms(4), ties).unwrap(), Through::EnterprisesOnly);
    assert_eq!(groups.members(Node(4)), set(&[1, 2, 3, 4]));
    assert!(groups.links().iter().any(|link| link.reason == Reason::Jointly(vec![1, 2])));
}

#[test]
fn a_family_links_what_it_controls_only_in_near_markets() {
    let people = [10, 11].map(|node| Party::new(node, Kind::Person));
    let parties = [in_market(1, 1), in_market(2, 2), in_market(3, 9)].into_iter().chain(people).collect();
    let ties = vec![tie(10, 1, 40), tie(11, 1, 40), tie(10, 2, 30), tie(11, 2, 30), tie(10, 3, 100)];
    let graph = Ownership::new(parties, ties).unwrap().with_adjacent(Market(2), Market(1));
    let alone = Groups::of(&graph, Through::PersonsToo);
    assert!(!alone.linked(Node(1), Node(2)), "neither person alone controls 1");

    let graph = graph.acting_jointly(vec![Node(10), Node(11)]).unwrap();
    let family = Groups::of(&graph, Through::PersonsToo);
    assert_eq!(family.members(Node(1)), set(&[1, 2]));
    assert!(!Groups::of(&graph, Through::EnterprisesOnly).linked(Node(1), Node(2)));
}

#[test]
fn a_person_links_through_a_holding_company() {
    // Person 10 owns the holding 3, which owns 1; and owns 2 directly. 1 and 2 share a market.
    let parties = vec![in_market(1, 1), in_market(2, 1), Party::new(3, Kind::Enterprise), Party::new(10, Kind::Person)];
    let ties = vec![tie(10, 3, 100), tie(3, 1, 70), tie(10, 2, 55)];
    let groups = Groups::of(&Ownership::new(parties, ties).unwrap(), Through::PersonsToo);
    assert_eq!(groups.members(Node(2)), set(&[1, 2, 3]));
}

#[test]
fn a_quiet_investor_is_presumed_without_influence() {
    let fund = Party::new(2, Kind::Investor(Investor::VentureCapital));
    let parties = vec![Party::new(1, Kind::Enterprise), fund];
    let quiet = Tie { control: Some(Control::Dominance), ..tie(2, 1, 40) };
    let linked = |tie: Tie| {
        let graph = Ownership::new(parties.clone(), vec![tie]).unwrap();
        Groups::of(&graph, Through::PersonsToo).linked(Node(1), Node(2))
    };
    assert!(!linked(quiet));
    assert!(linked(Tie { manages: true, ..quiet }));
    assert!(linked(Tie { control: Some(Control::Board), ..quiet }));
}

#[test]
fn a_public_owner_links_nobody() {
    let mut parties = firms(2);
    parties.push(Party::new(9, Kind::PublicBody));
    let graph = Ownership::new(parties, vec![tie(9, 1, 100), tie(9, 2, 100)]).unwrap();
    assert!(!Groups::of(&graph, Through::PersonsToo).linked(Node(1), Node(2)));
}

#[test]
fn what_cannot_be_is_refused() {
    let refused = |ties| Ownership::new(firms(3), ties).unwrap_err();
    assert_eq!(refused(vec![tie(1, 1, 10)]), Fault::Itself(Node(1)));
    assert_eq!(refused(vec![tie(1, 7, 10)]), Fault::Unknown(Node(7)));
    assert_eq!(refused(vec![tie(1, 3, 60), tie(2, 3, 50)]), Fault::MoreThanWhole(Node(3)));
    assert_eq!(refused(vec![tie(1, 3, 101)]), Fault::NoShare { holder: Node(1), held: Node(3) });
    let person = vec![Party::new(1, Kind::Enterprise), Party::new(2, Kind::Person)];
    assert_eq!(Ownership::new(person, vec![tie(1, 2, 10)]).unwrap_err(), Fault::CannotBeHeld(Node(2)));
}

/// Numbers that look like chance and are the same on every machine.
struct Sequence(u64);

impl Sequence {
    fn below(&mut self, most: u64) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((self.0 >> 33) % most).unwrap()
    }
}

/// The definition itself, step by step: merge any two groups of which one holds most votes of a member of the other.
fn by_definition(count: u32, ties: &[Tie]) -> Vec<BTreeSet<Node>> {
    let mut groups: Vec<BTreeSet<Node>> = (1..=count).map(|node| set(&[node])).collect();
    let controls = |one: &BTreeSet<Node>, other: &BTreeSet<Node>| {
        other.iter().any(|held| {
            let mine = ties.iter().filter(|tie| tie.held == *held && one.contains(&tie.holder));
            mine.map(|tie| tie.votes.basis_points()).sum::<i32>() > 5_000
        })
    };
    loop {
        let pairs = (0..groups.len()).flat_map(|a| (0..groups.len()).map(move |b| (a, b)));
        let found = pairs.filter(|(a, b)| a != b).find(|(a, b)| controls(&groups[*a], &groups[*b]));
        let Some((a, b)) = found else {
            groups.sort();
            return groups;
        };
        let moved = groups[b].clone();
        groups[a].extend(moved);
        groups.remove(b);
    }
}

#[test]
fn groups_are_as_defined_whatever_the_graph_and_the_order_of_ties() {
    let mut chance = Sequence(7);
    let mut linked = 0;
    for _ in 0..400 {
        let count = 3 + chance.below(8);
        let mut ties = Vec::new();
        for held in 1..=count {
            let mut rest = 100;
            for _ in 0..chance.below(4) {
                let holder = 1 + chance.below(count.into());
                let percent = i32::try_from(chance.below(70)).unwrap().min(rest);
                if holder != held {
                    rest -= percent;
                    ties.push(tie(holder, held, percent));
                }
            }
        }
        let expected = by_definition(count, &ties);
        linked += usize::from(expected.len() < count as usize);
        for _ in 0..3 {
            let graph = Ownership::new(firms(count), ties.clone()).unwrap();
            let groups = Groups::of(&graph, Through::EnterprisesOnly);
            assert_eq!(groups.all(), expected, "{ties:?}");
            assert_eq!(groups.links().len(), count as usize - expected.len());
            for node in &groups.members(Node(1)) {
                let way = groups.ways(Node(1)).to(*node);
                assert_eq!(way.last().map_or(Node(1), |link| link.to), *node);
            }
            let at = chance.below(ties.len().max(1) as u64) as usize;
            if !ties.is_empty() {
                ties.rotate_left(at);
            }
        }
    }
    assert!(linked > 100, "{linked}");
}
