//! Walks over the graph: circles, chains, persons, the public hand, consolidation, periods.

use super::super::super::ownership::{Investor, Market};
use super::*;
use std::collections::BTreeSet;

/// What was found, but for the note that no second period is known.
fn codes(assessment: &Assessment) -> Vec<&'static str> {
    assessment.findings.iter().map(|finding| finding.code).filter(|code| *code != "one_period_known").collect()
}

#[test]
fn a_circle_of_three_counts_each_once() {
    assert_eq!(staff(firms(3), vec![tie(1, 2, 60), tie(2, 3, 60), tie(3, 1, 60)], &[10, 20, 40]), 7_000);
    // Cross-holdings below control: the greater counts, once.
    assert_eq!(staff(firms(2), vec![tie(1, 2, 30), tie(2, 1, 45)], &[10, 100]), 5_500);
}

#[test]
fn a_chain_of_five_is_told_as_a_path() {
    let ties: Vec<_> = (1..5).map(|at| tie(at + 1, at, 70)).collect();
    let graph = Ownership::new(firms(5), ties).unwrap();
    let list: Vec<_> = (1..=5).map(|node| accounts(node, i64::from(node) * 20, 5, 5)).collect();
    let found = assessed(&graph, &list);
    assert_eq!(found.class, Some(Class::NotSme));
    assert_eq!(found.binding.map(|b| b.measure), Some(Measure::Headcount));
    let heaviest = found.heaviest.unwrap();
    assert_eq!(heaviest.node, Node(5));
    assert_eq!(heaviest.path.iter().map(|step| step.to.0).collect::<Vec<_>>(), [2, 3, 4, 5]);
}

#[test]
fn holdings_of_linked_holders_count_together() {
    // 2 controls 3; they hold 15 and 12 % of 1.
    let ties = vec![tie(2, 3, 80), tie(2, 1, 15), tie(3, 1, 12)];
    assert_eq!(staff(firms(3), ties, &[10, 100, 100]), 1_000 + 5_400);
    let apart = vec![tie(2, 1, 15), tie(3, 1, 12)];
    assert_eq!(staff(firms(3), apart, &[10, 100, 100]), 1_000);
}

#[test]
fn a_quarter_makes_a_partner_and_the_greater_of_capital_and_votes_counts() {
    let split = Tie { capital: Share::percent(20), ..tie(2, 1, 30) };
    assert_eq!(staff(firms(2), vec![split], &[10, 100]), 4_000);
    let below = Tie::holding(2, 1, Share::from_basis_points(2_499));
    assert_eq!(staff(firms(2), vec![below], &[10, 100]), 1_000);
    assert_eq!(staff(firms(2), vec![tie(2, 1, 25)], &[10, 100]), 3_500);
}

#[test]
fn a_public_investor_is_favoured_and_the_public_hand_is_not() {
    let with = |kind| {
        let parties = vec![Party::new(1, Kind::Enterprise), Party::new(2, kind)];
        let graph = Ownership::new(parties, vec![tie(2, 1, 25)]).unwrap();
        assessed(&graph, &[accounts(1, 5, 1, 1), accounts(2, 900, 90, 90)])
    };
    let town = |millions: i64, inhabitants| {
        Kind::Investor(Investor::LocalAuthority { budget: euro(millions * 1_000_000), inhabitants })
    };
    for kind in [Kind::Investor(Investor::PublicInvestmentCorporation), town(9, 4_999)] {
        let found = with(kind);
        assert_eq!((found.class, found.independence), (Some(Class::Micro), Independence::Autonomous));
    }
    for kind in [Kind::PublicBody, town(10, 4_999), town(9, 5_000)] {
        let found = with(kind);
        assert_eq!((found.class, codes(&found)), (Some(Class::NotSme), vec!["public_bodies_hold_a_quarter"]));
    }
}

#[test]
fn public_bodies_count_jointly_and_through_what_they_control() {
    // The state holds 15 % directly, and all of 3, which holds 10 %.
    let parties =
        vec![Party::new(1, Kind::Enterprise), Party::new(2, Kind::PublicBody), Party::new(3, Kind::Enterprise)];
    let graph = Ownership::new(parties.clone(), vec![tie(2, 1, 15), tie(2, 3, 100), tie(3, 1, 10)]).unwrap();
    let found = assessed(&graph, &[accounts(1, 5, 1, 1)]);
    assert_eq!(found.public.share(), 2_500);
    assert_eq!(found.class, Some(Class::NotSme));
    let graph = Ownership::new(parties, vec![tie(2, 1, 15), tie(2, 3, 50), tie(3, 1, 10)]).unwrap();
    assert_eq!(assessed(&graph, &[accounts(1, 5, 1, 1)]).class, Some(Class::Micro));
}

#[test]
fn business_angels_are_favoured_below_their_limit() {
    let angel = |node| Party::new(node, Kind::Investor(Investor::BusinessAngel));
    let parties = vec![Party::new(1, Kind::Enterprise), angel(2), angel(3)];
    let with = |one, other| {
        let invested = |holder, money| Tie { invested: Some(euro(money)), ..tie(holder, 1, 20) };
        let graph = Ownership::new(parties.clone(), vec![invested(2, one), invested(3, other)]).unwrap();
        assessed(&graph, &[accounts(1, 5, 1, 1)])
    };
    let below = with(1_000_000, 249_999);
    assert_eq!((codes(&below), below.favoured.len()), (vec![], 2));
    assert_eq!(codes(&with(1_000_000, 250_000)), ["business_angels_at_limit"]);
}

#[test]
fn persons_link_enterprises_in_near_markets() {
    let firm = |node, market| Party { markets: BTreeSet::from([Market(market)]), ..Party::new(node, Kind::Enterprise) };
    let with = |market| {
        let parties = vec![firm(1, 1), firm(2, market), Party::new(3, Kind::Person)];
        staff(parties, vec![tie(3, 1, 100), tie(3, 2, 51)], &[10, 20])
    };
    assert_eq!((with(1), with(2)), (3_000, 1_000));
}

#[test]
fn consolidated_accounts_are_not_counted_twice() {
    let graph = Ownership::new(firms(3), vec![tie(2, 1, 100), tie(2, 3, 100)]).unwrap();
    let whole = Accounts { includes: vec![Node(1), Node(3)], ..accounts(2, 90, 9, 9) };
    let found = assessed(&graph, &[accounts(1, 10, 1, 1), whole, accounts(3, 30, 3, 3)]);
    assert_eq!(found.periods[0].total.staff(), 9_000);
    let case = Case { graph: &graph, enterprise: Node(1), accounts: &[], on: day("2025-06-01") };
    assert_eq!(declaration(&case, &found).unwrap().rows.iter().filter(|row| row.consolidated).count(), 1);
}

#[test]
fn missing_figures_leave_the_class_open() {
    let graph = Ownership::new(firms(2), vec![tie(2, 1, 60)]).unwrap();
    let found = assessed(&graph, &[accounts(1, 5, 1, 1)]);
    assert_eq!((found.class, codes(&found)), (None, vec!["figures_missing"]));
    assert_eq!(found.findings[0].subject, super::super::super::finding::Subject::Party(Node(2)));
}

#[test]
fn growth_gets_two_periods_and_a_new_owner_none() {
    let alone = Ownership::new(firms(2), vec![]).unwrap();
    let grown = [accounts(1, 260, 60, 60), in_year(2023, accounts(1, 200, 40, 40)), accounts(2, 300, 70, 70)];
    let found = assessed(&alone, &grown);
    assert_eq!((found.class, codes(&found)), (Some(Class::Medium), vec!["ceiling_crossed_once"]));

    let bought = Ownership::new(firms(2), vec![tie(2, 1, 80)]).unwrap();
    let steady = [accounts(1, 20, 4, 4), accounts(2, 300, 70, 70)];
    let both: Vec<_> = steady.iter().cloned().chain(steady.iter().cloned().map(|one| in_year(2023, one))).collect();
    assert_eq!(assessed(&bought, &both).class, Some(Class::NotSme));
    assert_eq!(assessed(&alone, &both).class, Some(Class::Small));
}

#[test]
fn a_gap_of_years_starts_anew() {
    let graph = Ownership::new(firms(1), vec![]).unwrap();
    let list = [accounts(1, 260, 60, 60), in_year(2021, accounts(1, 20, 4, 4))];
    let found = assessed(&graph, &list);
    assert_eq!((found.class, found.periods.len()), (Some(Class::NotSme), 1));
    assert_eq!(found.findings[0].code, "one_period_known");
}

#[test]
fn a_new_enterprise_is_judged_by_its_estimate() {
    let graph = Ownership::new(firms(1), vec![]).unwrap();
    let estimate = Accounts { estimated: true, closed_on: day("2025-12-31"), ..accounts(1, 3, 1, 1) };
    let found = assessed(&graph, &[estimate]);
    assert_eq!((found.class, codes(&found)), (Some(Class::Micro), vec!["figures_estimated"]));
}

#[test]
fn the_drawing_marks_every_tie() {
    let mut parties = firms(4);
    parties[3] = Party::new(4, Kind::Investor(Investor::VentureCapital));
    parties.push(Party::new(5, Kind::Person));
    let ties = vec![tie(2, 1, 30), tie(1, 3, 90), tie(4, 1, 40), tie(5, 1, 10)];
    let graph = Ownership::new(parties, ties).unwrap();
    let list: Vec<_> = (1..=3).map(|node| accounts(node, 5, 1, 1)).collect();
    let picture = drawing(&graph, Node(1), &assessed(&graph, &list));
    let marks: Vec<_> = picture.edges.iter().map(|edge| edge.mark).collect();
    assert_eq!(marks, [Mark::Partner, Mark::Linked, Mark::Favoured, Mark::Idle]);
    assert_eq!(picture.nodes[1], (Node(2), Some((Role::Partner, 3_000))));
}
