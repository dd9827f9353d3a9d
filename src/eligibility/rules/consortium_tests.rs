use super::*;
use entity::types::money::Currency;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn member(country: &str, class: Option<Class>, costs: i64) -> Participant {
    let money = |whole: i64| Money::new(whole * 100, Currency::Eur);
    Participant {
        country: country.parse().unwrap(),
        agency: Some(AnnexClass::Funding),
        lead: false,
        class,
        group: None,
        costs: money(costs),
        subcontracting: money(0),
        cluster: false,
        label: None,
    }
}

fn found(terms: &[Term], participants: &[Participant]) -> Vec<Finding> {
    check(terms, &Consortium { participants, months: 24, on: day("2017-10-31") })
}

fn codes(terms: &[Term], participants: &[Participant]) -> Vec<&'static str> {
    found(terms, participants).iter().map(|finding| finding.code).collect()
}

/// Eurostars 3 (domain.md 2.1): two independent entities of two countries, SMEs with half of the costs, nobody and no
/// country above 70 %, led by an SME, at most 36 months.
fn eurostars() -> Vec<Term> {
    let rules = [
        Rule::MinParticipants { least: 2 },
        Rule::MinCountries { least: 2 },
        Rule::MinShareOfSmes { least: Share::percent(50) },
        Rule::MaxShareOfParticipant { most: Share::percent(70) },
        Rule::MaxShareOfCountry { most: Share::percent(70) },
        Rule::LeadIsSme,
        Rule::Duration { least: 1, most: 36 },
    ];
    rules.into_iter().map(Term::new).collect()
}

#[test]
fn a_good_consortium_breaks_nothing() {
    let lead = Participant { lead: true, ..member("SE", Some(Class::Small), 70) };
    assert_eq!(codes(&eurostars(), &[lead, member("DK", None, 30)]), Vec::<&str>::new());
}

#[test]
fn everything_broken_is_told_at_once() {
    let lead = Participant { lead: true, group: Some(1), ..member("SE", Some(Class::NotSme), 71) };
    let other = Participant { group: Some(1), ..member("SE", Some(Class::Small), 29) };
    assert_eq!(
        codes(&eurostars(), &[lead, other]),
        [
            "too_few_participants",
            "too_few_countries",
            "smes_share_too_small",
            "participant_share_too_great",
            "country_share_too_great",
            "lead_is_no_sme",
        ]
    );
}

#[test]
fn shares_are_exact() {
    let terms = [Term::new(Rule::MaxShareOfParticipant { most: Share::percent(70) })];
    let cents = |minor| Participant { costs: Money::new(minor, Currency::Eur), ..member("SE", None, 0) };
    assert_eq!(codes(&terms, &[cents(700_000_000), cents(300_000_000)]), Vec::<&str>::new());
    let over = found(&terms, &[cents(700_000_001), cents(299_999_999)]);
    assert_eq!(over[0].figure("share"), Some(Value::BasisPoints(7_001)));
    assert_eq!(over[0].subject, Subject::Participant(0));
    // Without subcontracting the SME has 40 of 90.
    let sme = Participant { subcontracting: Money::new(1_000, Currency::Eur), ..member("SE", Some(Class::Micro), 50) };
    let half = [Term::new(Rule::MinShareOfSmes { least: Share::percent(50) })];
    assert_eq!(found(&half, &[sme, member("DK", None, 50)])[0].figure("share"), Some(Value::BasisPoints(4_444)));
}

#[test]
fn funding_countries_and_smes_of_each_country() {
    let guest = Participant { agency: Some(AnnexClass::Cooperation), ..member("DE", Some(Class::Small), 1) };
    let list = [member("DK", Some(Class::Micro), 1), guest, member("DK", Some(Class::Medium), 1)];
    let terms = [
        Term::new(Rule::MinFundingCountries { least: 2 }),
        Term { only_warns: true, ..Term::new(Rule::MinSmesPerCountry { least: 2 }) },
        Term::new(Rule::MinCountriesOf { countries: vec!["DK".parse().unwrap(), "NO".parse().unwrap()], least: 1 }),
        Term::new(Rule::MinSmes { least: 4 }),
    ];
    let found = found(&terms, &list);
    let told: Vec<_> = found.iter().map(|one| (one.severity, one.code)).collect();
    assert_eq!(
        told,
        [
            (Severity::Blocks, "too_few_funding_countries"),
            (Severity::Blocks, "too_few_smes"),
            (Severity::Warns, "too_few_smes_of_country"),
        ]
    );
    assert_eq!(found[2].subject, Subject::Country("DE".parse().unwrap()));
}

#[test]
fn labels_are_judged_on_the_day() {
    let cluster = |label| Participant { cluster: true, label, ..member("DK", None, 1) };
    let list = [
        cluster(Some((LabelLevel::Gold, day("2017-10-31")))),
        cluster(Some((LabelLevel::Silver, day("2017-10-30")))),
        cluster(Some((LabelLevel::Bronze, day("2019-01-01")))),
        cluster(None),
        member("DK", None, 1),
    ];
    let terms = [Term::new(Rule::Label { least: LabelLevel::Silver })];
    let found = found(&terms, &list);
    let told: Vec<_> = found.iter().map(|one| (one.code, one.subject.clone())).collect();
    assert_eq!(
        told,
        [
            ("label_expired", Subject::Participant(1)),
            ("label_too_low", Subject::Participant(2)),
            ("label_missing", Subject::Participant(3)),
        ]
    );
}

#[test]
fn currencies_do_not_mix_and_projects_have_their_time() {
    let krona = Participant { costs: Money::new(1, Currency::Sek), ..member("SE", None, 0) };
    let terms = [
        Term::new(Rule::MaxShareOfCountry { most: Share::percent(70) }),
        Term::new(Rule::Duration { least: 12, most: 18 }),
    ];
    assert_eq!(codes(&terms, &[krona, member("DK", None, 1)]), ["costs_in_several_currencies", "project_too_long"]);
}

#[test]
fn rules_are_data() {
    let text = r#"[{"rule":"min_funding_countries","least":2},{"rule":"label","least":"bronze","only_warns":true}]"#;
    let terms: Vec<Term> = serde_json::from_str(text).unwrap();
    assert_eq!(terms[1], Term { only_warns: true, ..Term::new(Rule::Label { least: LabelLevel::Bronze }) });
    let denmark = Term { country: "DK".parse().ok(), ..terms[1].clone() };
    assert_eq!(serde_json::from_str::<Term>(&serde_json::to_string(&denmark).unwrap()).unwrap(), denmark);
    assert!(serde_json::from_str::<Vec<Term>>(r#"[{"rule":"min_luck","least":2}]"#).is_err());
}

/// The bronze strand of Denmark in 2013 (domain.md 1.3): three Danish SMEs, a bronze label.
#[test]
fn an_agency_asks_only_its_own() {
    let denmark: Country = "DK".parse().unwrap();
    let annex: AnnexTerms = serde_json::from_str(
        r#"{"class":"funding","currency":"DKK","rate":"0.1344","intensity":"50","min_smes":3,"label":"bronze",
            "deadline":{"local":"2013-05-31T12:00:00","zone":"Europe/Copenhagen"}}"#,
    )
    .unwrap();
    let call: ConsortiumTerms =
        serde_json::from_str(r#"{"min_parts":2,"min_countries":2,"min_funding_countries":2}"#).unwrap();
    let terms = [of_call(&call, Months { min: 12, max: 24 }), of_annex(denmark, &annex)].concat();
    let abroad = Participant { cluster: true, ..member("SE", None, 1) };
    let cluster = Participant { cluster: true, ..member("DK", None, 1) };
    let found = found(&terms, &[abroad.clone(), cluster, member("DK", Some(Class::Micro), 1)]);
    let told: Vec<_> = found.iter().map(|one| (one.code, one.subject.clone())).collect();
    assert_eq!(told, [("too_few_smes", Subject::Country(denmark)), ("label_missing", Subject::Participant(1))]);
    assert_eq!(codes(&of_annex(denmark, &annex), &[abroad]), Vec::<&str>::new());
}
