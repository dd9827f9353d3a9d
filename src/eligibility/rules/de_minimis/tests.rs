use super::super::{
    finding::{Value, passes},
    ownership::{Control, Kind, Node, Ownership, Party, Tie},
};
use super::*;
use chrono::NaiveDate;
use entity::types::{
    country::Country,
    money::{Currency, Money},
    share::Share,
};
use std::collections::{BTreeMap, BTreeSet};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn euro(whole: i64) -> Money {
    Money::new(whole * 100, Currency::Eur)
}

fn state(code: &str) -> Country {
    code.parse().unwrap()
}

fn award(on: &str, to: u32, amount: i64) -> Award {
    Award {
        granted_on: day(on),
        state: state("LT"),
        to: Node(to),
        amount: euro(amount),
        rules: Rules::General,
        trade: Trade::Other,
    }
}

/// Judges a new award to enterprise 1, alone, in Lithuania.
fn judged(earlier: &[Award], on: &str, amount: i64) -> Judgement {
    let undertaking = BTreeSet::from([Node(1)]);
    let fiscal = FiscalYear::default();
    let holder = Holder { undertaking: &undertaking, state: state("LT"), trade: Trade::Other, fiscal };
    judge(earlier, &award(on, 1, amount), &holder).unwrap()
}

fn codes(judgement: &Judgement) -> Vec<&'static str> {
    judgement.findings.iter().map(|finding| finding.code).collect()
}

#[test]
fn the_ceiling_itself_is_covered_and_a_euro_more_falls_out_whole() {
    let earlier = [award("2024-05-02", 1, 270_000)];
    assert!(judged(&earlier, "2025-01-10", 30_000).covered);
    let over = judged(&earlier, "2025-01-10", 30_001);
    assert_eq!((over.covered, codes(&over)), (false, vec!["over_ceiling_falls_out_whole"]));
    let found = &over.findings[0];
    assert_eq!(found.figure("left"), Some(Value::Money(euro(30_000))));
    assert_eq!(found.figure("over"), Some(Value::Money(euro(1))));
    assert_eq!(found.figure("fits_from"), Some(Value::Day(day("2027-05-03"))));
    assert_eq!(found.source.to_string(), "Regulation (EU) 2023/2831, Article 3(7)");
}

#[test]
fn more_than_the_ceiling_never_fits() {
    let never = judged(&[], "2025-01-10", 300_001);
    assert_eq!((never.covered, never.findings[0].figure("fits_from")), (false, None));
}

#[test]
fn rolling_years_look_back_to_the_same_day() {
    for (granted, on, counts) in [
        ("2021-03-15", "2024-03-15", true),
        ("2021-03-15", "2024-03-16", false),
        ("2024-02-29", "2027-02-28", true),
        ("2024-02-29", "2027-03-01", false),
        ("2021-02-28", "2024-02-28", true),
        ("2021-02-28", "2024-02-29", false),
        // What is granted later does not count yet.
        ("2024-06-02", "2024-06-01", false),
        // What was granted under the earlier regulation counts in the new window.
        ("2023-12-31", "2026-12-31", true),
        ("2023-12-31", "2027-01-01", false),
    ] {
        let used = judged(&[award(granted, 1, 100)], on, 1).room.used;
        assert_eq!(used, euro(if counts { 100 } else { 0 }), "{granted} on {on}");
    }
}

#[test]
fn a_case_is_judged_by_the_law_of_its_grant_date() {
    let earlier = [award("2021-01-02", 1, 150_000)];
    // 200 000 over three fiscal years: 2021 still counts on the last day of 2023.
    let old = judged(&earlier, "2023-12-31", 60_000);
    assert!(!old.covered);
    assert_eq!(old.room.law.act, "Regulation (EU) No 1407/2013");
    assert_eq!(codes(&old), ["over_ceiling_falls_out_whole", "later_law_would_cover"]);
    // Under both laws on the next day: 300 000, and 2 January 2021 is within three years to the day.
    let new = judged(&earlier, "2024-01-01", 60_000);
    assert_eq!((new.covered, new.room.ceiling, new.room.used), (true, euro(300_000), euro(150_000)));
    // Nobody knows the law before 2014 or after the grace.
    let undertaking = BTreeSet::from([Node(1)]);
    let fiscal = FiscalYear::default();
    let holder = Holder { undertaking: &undertaking, state: state("LT"), trade: Trade::Other, fiscal };
    let on = |text| room(&[], &holder, day(text)).map(|room| room.ceiling);
    assert_eq!(on("2013-12-31"), Err(Fault::NoLaw(day("2013-12-31"))));
    assert_eq!(on("2014-01-01"), Ok(euro(200_000)));
    assert_eq!(on("2031-06-30"), Ok(euro(300_000)));
    assert_eq!(on("2031-07-01"), Err(Fault::NoLaw(day("2031-07-01"))));
    assert_eq!(codes(&judged(&[], "2031-01-01", 1)), ["in_grace_after_expiry"]);
}

#[test]
fn fiscal_years_follow_the_undertaking() {
    let earlier = [award("2020-06-30", 1, 200_000)];
    let undertaking = BTreeSet::from([Node(1)]);
    let left = |month, on: &str| {
        let fiscal = FiscalYear::from_month(month).unwrap();
        let holder = Holder { undertaking: &undertaking, state: state("LT"), trade: Trade::Other, fiscal };
        room(&earlier, &holder, day(on)).unwrap().left
    };
    assert_eq!((left(1, "2022-12-31"), left(1, "2023-01-01")), (euro(0), euro(200_000)));
    // A fiscal year from July: the award is in that of 2019, which is out from 1 July 2022.
    assert_eq!((left(7, "2022-06-30"), left(7, "2022-07-01")), (euro(0), euro(200_000)));
    assert_eq!(FiscalYear::from_month(13), None);
}

#[test]
fn road_freight_had_half_the_ceiling_until_2023() {
    let undertaking = BTreeSet::from([Node(1)]);
    let fiscal = FiscalYear::default();
    let holder = Holder { undertaking: &undertaking, state: state("LT"), trade: Trade::RoadFreight, fiscal };
    let ceiling = |on| room(&[], &holder, day(on)).unwrap().ceiling;
    assert_eq!((ceiling("2023-12-31"), ceiling("2024-01-01")), (euro(100_000), euro(300_000)));
    // Activities apart: what was granted for others leaves the road its own ceiling, within the general one.
    let road = Award { trade: Trade::RoadFreight, ..award("2023-02-01", 1, 30_000) };
    let left = |other| room(&[road, award("2023-01-01", 1, other)], &holder, day("2023-06-01")).unwrap().left;
    assert_eq!((left(90_000), left(110_000)), (euro(70_000), euro(60_000)));
}

#[test]
fn every_member_state_has_its_own_ceiling_and_general_interest_aid_its_own() {
    let elsewhere = Award { state: state("LV"), ..award("2024-03-01", 1, 300_000) };
    let post = Award { rules: Rules::GeneralInterest, ..award("2024-03-01", 1, 300_000) };
    let farm = Award { rules: Rules::Agriculture, ..award("2024-03-01", 1, 20_000) };
    let found = judged(&[elsewhere, post, farm], "2024-06-01", 280_000);
    assert_eq!((found.covered, found.room.used), (true, euro(20_000)));
    assert_eq!(codes(&found), ["general_interest_aid_apart"]);
}

#[test]
fn the_outlook_tells_what_is_freed_when() {
    let undertaking = BTreeSet::from([Node(1), Node(2)]);
    let fiscal = FiscalYear::default();
    let holder = Holder { undertaking: &undertaking, state: state("LT"), trade: Trade::Other, fiscal };
    let earlier = [
        award("2024-09-01", 1, 100_000),
        award("2022-05-10", 2, 60_000),
        award("2022-05-10", 1, 40_000),
        award("2022-05-10", 3, 99_000),
    ];
    let seen = outlook(&earlier, &holder, day("2025-01-01")).unwrap();
    let lines: Vec<_> = seen.iter().map(|one| (one.on, one.awards.clone(), one.frees, one.left)).collect();
    assert_eq!(
        lines,
        [
            (day("2025-05-11"), vec![1, 2], euro(100_000), Some(euro(200_000))),
            (day("2027-09-02"), vec![0], euro(100_000), Some(euro(300_000))),
        ]
    );
    // An award of fiscal year 2021 would leave on 1 January 2024, but the new law of that day keeps it to its own day.
    let seen = outlook(&[award("2021-11-11", 1, 5_000)], &holder, day("2023-06-01")).unwrap();
    assert_eq!(seen[0].on, day("2024-11-12"));
    // One of January 2021 is out under the new law before 2024 is a month old.
    let seen = outlook(&[award("2021-01-05", 1, 5_000)], &holder, day("2023-06-01")).unwrap();
    assert_eq!(seen[0].on, day("2024-01-06"));
}

#[test]
fn amounts_must_be_in_euro() {
    let krona = Award { amount: Money::new(100, Currency::Sek), ..award("2024-02-01", 1, 0) };
    let undertaking = BTreeSet::from([Node(1)]);
    let fiscal = FiscalYear::default();
    let holder = Holder { undertaking: &undertaking, state: state("LT"), trade: Trade::Other, fiscal };
    assert_eq!(room(&[krona], &holder, day("2024-03-01")), Err(Fault::Amount(0)));
    assert_eq!(judge(&[], &krona, &holder), Err(Fault::Amount(0)));
}

#[test]
fn a_single_undertaking_knows_control_only() {
    let mut parties: Vec<_> = (1..=6).map(|node| Party::new(node, Kind::Enterprise)).collect();
    parties.extend([Party::new(8, Kind::Person), Party::new(9, Kind::PublicBody)]);
    let tie = |holder, held, percent| Tie::holding(holder, held, Share::percent(percent));
    let board = Tie { control: Some(Control::Board), ..tie(2, 3, 10) };
    let ties = vec![tie(1, 2, 51), board, tie(3, 4, 49), tie(8, 1, 100), tie(8, 5, 100), tie(9, 6, 100)];
    let found = undertaking(&Ownership::new(parties, ties).unwrap(), Node(3));
    assert_eq!(found.members, BTreeSet::from([Node(1), Node(2), Node(3)]));
    assert_eq!((found.links.len(), found.findings.len()), (2, 1));
    assert_eq!(found.findings[0].code, "person_controls_several_undertakings");
}

#[test]
fn a_merger_adds_and_a_split_follows_activities_then_equity() {
    let awards = [award("2024-02-01", 1, 100_000), award("2024-03-01", 2, 50_000), award("2025-03-01", 2, 7)];
    let merger = Succession::Merger { on: day("2025-01-01"), of: vec![Node(1), Node(2)], into: Node(3) };
    let heirs = [(4, 200), (5, 100)].map(|(node, equity)| Heir { node: Node(node), equity }).to_vec();
    let split =
        Succession::Split { on: day("2025-06-01"), of: Node(3), heirs, by_activity: BTreeMap::from([(1, Node(5))]) };
    let both = [split, merger];
    let at = |on| {
        carried(&awards, &both, day(on))
            .iter()
            .map(|c| (c.from, c.award.to.0, c.award.amount.minor))
            .collect::<Vec<_>>()
    };
    assert_eq!(at("2024-12-31"), [(0, 1, 10_000_000), (1, 2, 5_000_000), (2, 2, 700)]);
    assert_eq!(at("2025-01-01"), [(0, 3, 10_000_000), (1, 3, 5_000_000), (2, 2, 700)]);
    // Two thirds and one third of 100 000, to the cent.
    assert_eq!(at("2025-06-01"), [(0, 4, 6_666_667), (0, 5, 3_333_333), (1, 5, 5_000_000), (2, 2, 700)]);
}

#[test]
fn export_aid_is_asked_of_every_line() {
    let line = |purpose, answers| Line { purpose, sector: Sector::Other, answers };
    let fair = line(Purpose::TradeFair, Answers::NO);
    let shop = line(Purpose::SalesAbroad, Answers { network: Some(true), ..Answers::NO });
    let denied = line(Purpose::SalesAbroad, Answers::NO);
    let open = line(Purpose::StudyTrip, Answers { running: None, ..Answers::NO });
    let farm = Line { sector: Sector::PrimaryAgriculture, ..fair };
    let found = screen(&[fair, shop, denied, open, farm], day("2025-01-01"));
    let told: Vec<_> = found.iter().map(|one| (one.code, one.subject.clone())).collect();
    use super::super::finding::Subject::Line as At;
    assert_eq!(
        told,
        [
            ("distribution_network_abroad", At(1)),
            ("looks_like_a_distribution_network", At(2)),
            ("export_question_open", At(3)),
            ("primary_agriculture", At(4)),
        ]
    );
    assert_eq!(found[0].source.to_string(), "Regulation (EU) 2023/2831, Article 1(1)(e)");
    assert!(passes(&screen(&[fair], day("2020-01-01"))));
    let before = screen(&[shop], day("2020-01-01"));
    assert_eq!(before[0].source.to_string(), "Regulation (EU) No 1407/2013, Article 1(1)(d)");
}

#[test]
fn a_service_is_worth_what_it_costs_less_than_its_price() {
    assert_eq!(equivalent::of_service(euro(1_200), euro(300)), Some(euro(900)));
    assert_eq!(equivalent::of_service(euro(100), euro(300)), Some(euro(0)));
    assert_eq!(equivalent::of_service(euro(1), Money::new(1, Currency::Sek)), None);
    let parts = equivalent::of_joint_service(Money::new(1_000, Currency::Eur), 3);
    assert_eq!(parts.iter().map(|money| money.minor).collect::<Vec<_>>(), [334, 333, 333]);
    assert_eq!(equivalent::of_joint_service(euro(1), 0), []);
}

#[test]
fn instalments_are_discounted_to_the_grant() {
    let rate = Share::percent(5);
    let worth = |list: &[(&str, i64)]| {
        let list: Vec<_> = list.iter().map(|(on, amount)| (day(on), euro(*amount))).collect();
        equivalent::of_instalments(day("2025-01-01"), rate, &list).map(|money| money.minor)
    };
    assert_eq!(worth(&[("2025-01-01", 1_000)]), Some(100_000));
    assert_eq!(worth(&[("2026-01-01", 1_050)]), Some(100_000));
    // 1 000 / 1.05², rounded up.
    assert_eq!(worth(&[("2027-01-01", 1_000)]), Some(90_703));
    // Half a year, 181 days: 1 000 / (1 + 0.05 × 181 / 365).
    assert_eq!(worth(&[("2025-07-01", 1_000), ("2024-12-01", 1)]), Some(97_581 + 100));
    assert_eq!(worth(&[]), None);
}

#[test]
fn the_outlook_is_what_asking_every_day_would_tell() {
    let undertaking = BTreeSet::from([Node(1)]);
    for month in [1, 4, 7, 12] {
        let fiscal = FiscalYear::from_month(month).unwrap();
        let holder = Holder { undertaking: &undertaking, state: state("LT"), trade: Trade::Other, fiscal };
        let earlier: Vec<_> = (0..40)
            .map(|at: u32| {
                let on = day("2019-02-28") + chrono::Days::new(u64::from(at * 53 % 1_900));
                Award { granted_on: on, ..award("2019-01-01", 1, i64::from(at) * 100 + 100) }
            })
            .collect();
        for on in ["2021-06-30", "2022-12-31", "2023-12-31", "2024-02-29"] {
            let on = day(on);
            let known: Vec<_> = earlier.iter().copied().filter(|award| award.granted_on <= on).collect();
            let mut used = room(&known, &holder, on).unwrap().used;
            let mut asked = Vec::new();
            for next in on.iter_days().skip(1).take(1_200) {
                let now = room(&known, &holder, next).unwrap();
                if now.used != used {
                    asked.push((next, Money::new(used.minor - now.used.minor, Currency::Eur), Some(now.left)));
                    used = now.used;
                }
            }
            let told = outlook(&earlier, &holder, on).unwrap();
            let told: Vec<_> = told.iter().map(|one| (one.on, one.frees, one.left)).collect();
            // Under the new law awards may come back that the old one had let go, never those that count on the day.
            let comes_back = asked.iter().any(|(_, freed, _)| freed.minor < 0);
            if !comes_back {
                assert_eq!(told, asked, "fiscal year from month {month}, on {on}");
            }
        }
    }
}
