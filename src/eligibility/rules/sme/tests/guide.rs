//! The worked examples of the Commission's User guide to the SME definition (2020), with figures of our own.

use super::super::super::ownership::Investor;
use super::*;

fn investors(of: &[(u32, Investor)]) -> Vec<Party> {
    let kind = |node| {
        let found = of.iter().find(|(known, _)| *known == node);
        found.map_or(Kind::Enterprise, |(_, investor)| Kind::Investor(*investor))
    };
    (1..=4).map(|node| Party::new(node, kind(node))).collect()
}

/// Everybody has 100 persons, so that what counts is the sum of percentages.
const HUNDREDS: [i64; 4] = [100, 100, 100, 100];

#[test]
fn partners_count_by_their_share() {
    // B holds 25 % of A; A holds 33 % of C and 49 % of D.
    let ties = vec![tie(2, 1, 25), tie(1, 3, 33), tie(1, 4, 49)];
    assert_eq!(staff(firms(4), ties, &HUNDREDS), 20_700);
}

#[test]
fn linked_enterprises_count_whole() {
    // A holds 51 % of C and all of D; B holds 60 % of A.
    let ties = vec![tie(1, 3, 51), tie(1, 4, 100), tie(2, 1, 60)];
    assert_eq!(staff(firms(4), ties, &HUNDREDS), 40_000);
}

#[test]
fn what_is_linked_to_a_partner_counts_with_it() {
    // B is a partner with 38 %; C holds 60 % of B, and B 100 % of D.
    let ties = vec![tie(2, 1, 38), tie(3, 2, 60), tie(2, 4, 100)];
    assert_eq!(staff(firms(4), ties, &HUNDREDS), 21_400);
}

#[test]
fn a_partner_of_a_partner_does_not_count() {
    let ties = vec![tie(2, 1, 38), tie(3, 2, 40), tie(2, 4, 30)];
    assert_eq!(staff(firms(4), ties, &HUNDREDS), 13_800);
}

#[test]
fn favoured_investors_apart_do_not_count() {
    // B (university) 25 %, C 30 %, D (institutional investor) 25 %.
    let parties = investors(&[(2, Investor::University), (4, Investor::Institutional)]);
    let ties = vec![tie(2, 1, 25), tie(3, 1, 30), tie(4, 1, 25)];
    assert_eq!(staff(parties, ties, &HUNDREDS), 13_000);
}

#[test]
fn favoured_investors_linked_to_each_other_lose_the_favour_with_a_majority() {
    // B (university) 25 %, C 25 %, D (public investment corporation) 30 %; D controls B: together 55 %.
    let parties = investors(&[(2, Investor::University), (4, Investor::PublicInvestmentCorporation)]);
    let ties = vec![tie(2, 1, 25), tie(3, 1, 25), tie(4, 1, 30), tie(4, 2, 60)];
    assert_eq!(staff(parties, ties, &HUNDREDS), 32_500);
}

#[test]
fn the_status_over_three_years_is_as_the_guide_tabulates() {
    use Class::{Medium as Sme, NotSme as Not};
    // Two years before, the year before, the reference year; then the status.
    for (years, status) in [
        ([Not, Not, Sme], Not),
        ([Not, Sme, Sme], Sme),
        ([Sme, Sme, Not], Sme),
        ([Sme, Not, Sme], Sme),
        ([Sme, Not, Not], Not),
        ([Not, Sme, Not], Not),
        ([Sme, Sme, Sme], Sme),
        ([Not, Not, Not], Not),
    ] {
        assert_eq!(over_periods(&years).last(), Some(&status), "{years:?}");
    }
}

#[test]
fn every_ceiling_has_its_own_two_periods() {
    use Class::{Medium, Micro, NotSme, Small};
    assert_eq!(over_periods(&[Small, Medium, NotSme]), [Small, Small, Medium]);
    assert_eq!(over_periods(&[Micro, NotSme, Micro, NotSme]), [Micro; 4]);
    assert_eq!(over_periods(&[NotSme, Micro, Micro, Small]), [NotSme, NotSme, Micro, Micro]);
    assert_eq!(over_periods(&[]), []);
}
