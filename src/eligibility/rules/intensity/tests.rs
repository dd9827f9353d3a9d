use super::super::{finding::Value, sme::Class};
use super::*;
use chrono::NaiveDate;
use entity::types::{
    money::{Currency, Money},
    share::Share,
    terms::Basis,
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn euro(whole: i64) -> Money {
    Money::new(whole * 100, Currency::Eur)
}

fn award(key: Key, class: Class, costs: i64, grant: i64) -> Award {
    Award {
        key,
        class,
        facts: Facts::default(),
        costs: euro(costs),
        grant: euro(grant),
        already: euro(0),
        granted_on: day("2025-03-01"),
        conditions: Conditions {
            applied_on: day("2025-01-10"),
            started_on: None,
            in_difficulty: false,
            recovery_open: false,
            operating_years: None,
        },
    }
}

fn codes(award: &Award) -> Vec<&'static str> {
    check(award).iter().map(|finding| finding.code).collect()
}

#[test]
fn shares_follow_article_and_size() {
    let area = |area| Facts { area, ..Facts::default() };
    let smes = |percent| Facts { borne_by_smes: Some(Share::percent(percent)), ..Facts::default() };
    let none = Facts::default();
    let interreg = Facts { interreg: true, ..none };
    let trained = Facts { disadvantaged: true, ..none };
    for (key, class, facts, share) in [
        (Key::SmeInvestment, Class::Micro, none, Ok(20)),
        (Key::SmeInvestment, Class::Medium, none, Ok(10)),
        (Key::SmeInvestment, Class::NotSme, none, Err(Refused::Size)),
        (Key::Consultancy, Class::Medium, none, Ok(50)),
        (Key::Fairs, Class::NotSme, none, Err(Refused::Size)),
        (Key::Territorial, Class::NotSme, interreg, Ok(80)),
        (Key::TerritorialSmall, Class::Small, none, Err(Refused::NotInterreg)),
        (Key::ClusterInvestment, Class::NotSme, area(Area::A), Ok(65)),
        (Key::ClusterInvestment, Class::NotSme, area(Area::C), Ok(55)),
        (Key::ClusterOperation, Class::NotSme, area(Area::A), Ok(50)),
        (Key::InnovationAdvice, Class::Small, none, Ok(100)),
        (Key::Process, Class::NotSme, smes(30), Ok(15)),
        (Key::Process, Class::NotSme, smes(29), Err(Refused::TooFewSmes)),
        (Key::Training, Class::Small, trained, Ok(70)),
        (Key::Training, Class::Medium, trained, Ok(70)),
        (Key::Training, Class::NotSme, trained, Ok(60)),
    ] {
        let found = article(key, day("2025-01-01")).unwrap().share(class, &facts);
        assert_eq!(found, share.map(Share::percent), "{key:?} {class:?}");
    }
}

#[test]
fn a_cent_over_the_share_is_found() {
    let exact = award(Key::Consultancy, Class::Small, 1_001, 500);
    assert_eq!(codes(&exact), Vec::<&str>::new());
    let over = Award { grant: Money::new(50_051, Currency::Eur), ..exact };
    let found = check(&over);
    assert_eq!((found[0].code, found[0].figure("share")), ("over_intensity", Some(Value::BasisPoints(5_001))));
    assert_eq!(found[0].source.to_string(), "Regulation (EU) No 651/2014, Article 18");
}

#[test]
fn thresholds_changed_in_july_2023() {
    let at = |on, grant| codes(&Award { granted_on: day(on), ..award(Key::Fairs, Class::Small, 9_000_000, grant) });
    assert_eq!(at("2023-06-30", 2_000_001), ["over_notification_threshold", "award_is_published"]);
    assert_eq!(at("2023-07-01", 2_200_000), ["award_is_published"]);
    assert_eq!(at("2023-06-30", 500_000), Vec::<&str>::new());
    let spent = Award { already: euro(2_150_000), ..award(Key::Fairs, Class::Small, 200_000, 100_000) };
    assert_eq!(codes(&spent), ["over_notification_threshold"]);
    assert_eq!(article(Key::Fairs, day("2023-07-01")).unwrap().basis, Basis::Sourced);
    assert_eq!(article(Key::Fairs, day("2014-06-30")), None);
    assert_eq!(article(Key::TerritorialSmall, day("2021-07-31")), None);
}

#[test]
fn the_regulation_ends_with_a_grace() {
    let at = |on| codes(&Award { granted_on: day(on), ..award(Key::Consultancy, Class::Small, 100, 50) });
    assert_eq!(at("2026-12-31"), Vec::<&str>::new());
    assert_eq!(at("2027-06-30"), ["in_grace_after_expiry"]);
    assert_eq!(at("2027-07-01"), ["article_not_in_force"]);
}

#[test]
fn advice_has_a_cap_over_three_years() {
    let advice = Award { already: euro(200_000), ..award(Key::InnovationAdvice, Class::Small, 20_000, 20_000) };
    assert_eq!(codes(&advice), Vec::<&str>::new());
    assert_eq!(codes(&Award { already: euro(200_001), ..advice }), ["over_cap"]);
}

#[test]
fn conditions_of_all_aid_are_found_at_once() {
    let plain = award(Key::ClusterOperation, Class::NotSme, 100, 50);
    let conditions = Conditions {
        started_on: Some(plain.conditions.applied_on),
        in_difficulty: true,
        recovery_open: true,
        operating_years: Some(11),
        ..plain.conditions
    };
    assert_eq!(
        codes(&Award { conditions, ..plain }),
        [
            "started_before_application",
            "undertaking_in_difficulty",
            "recovery_order_open",
            "operating_aid_over_ten_years",
        ]
    );
}

#[test]
fn aids_on_the_same_costs_stay_within_the_greatest_limit() {
    let aid = |percent, amount| Measure {
        support: Support::Aid { most: Share::percent(percent), amount: None },
        amount: euro(amount),
    };
    let of = |support, amount| Measure { support, amount: euro(amount) };
    let found = |measures: &[Measure]| {
        together(euro(1_000), measures, 3).unwrap().iter().map(|finding| finding.code).collect::<Vec<_>>()
    };
    assert_eq!(found(&[aid(50, 300), aid(20, 200)]), Vec::<&str>::new());
    assert_eq!(found(&[aid(50, 300), aid(20, 201)]), ["aids_over_limit"]);
    assert_eq!(found(&[aid(50, 400), of(Support::DeMinimis, 100)]), Vec::<&str>::new());
    assert_eq!(found(&[aid(50, 400), of(Support::DeMinimis, 101)]), ["aid_and_de_minimis_over_limit"]);
    assert_eq!(found(&[aid(50, 500), of(Support::DeMinimisAtLarge, 900)]), Vec::<&str>::new());
    assert_eq!(found(&[of(Support::DeMinimis, 1_000)]), Vec::<&str>::new());
    assert_eq!(found(&[of(Support::DeMinimis, 1_001)]), ["costs_paid_twice"]);
    let union = of(Support::Union { most: Share::percent(70) }, 300);
    assert_eq!(found(&[aid(50, 400), union]), Vec::<&str>::new());
    assert_eq!(found(&[aid(50, 401), union]), ["union_and_state_over_limit"]);
    let fixed = Support::Aid { most: Share::ZERO, amount: Some(euro(600)) };
    assert_eq!(found(&[of(fixed, 350), aid(50, 250)]), Vec::<&str>::new());
    assert!(together(euro(1), &[Measure { support: fixed, amount: Money::new(1, Currency::Sek) }], 0).is_err());
}
