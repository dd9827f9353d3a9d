use super::*;
use chrono::NaiveDate;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn organisation(name: &str, country: &str) -> Organisation {
    Organisation { names: vec![name.into()], country: Some(country.into()), ..Organisation::default() }
}

fn employed(name: &str) -> Person {
    Person { employers: vec![Employment { name: name.into(), ..Employment::default() }], ..Person::default() }
}

/// What one evaluator has against a proposal of these organisations.
fn ties(person: Person, organisations: &[Organisation]) -> Vec<(Kind, Strength)> {
    let parties = (0..organisations.len()).collect();
    let proposal = Proposal { parties, people: Vec::new() };
    found(Rule::usual(day("2026-11-24")), person, organisations, proposal)
}

fn found(rule: Rule, person: Person, organisations: &[Organisation], proposal: Proposal) -> Vec<(Kind, Strength)> {
    let conflicts = Conflicts::new(rule, organisations, &[], &[], &[person], vec![proposal]);
    conflicts.of(0).into_iter().map(|finding| (finding.kind, finding.strength)).collect()
}

#[test]
fn employers_bar_as_surely_as_their_names_agree() {
    let wind = [organisation("Nordwind Energi ApS", "DK")];
    for (name, country, expected) in [
        ("Nordwind Energi", "DK", vec![(Kind::Employer, Strength::Barring)]),
        ("NORDWIND ENERGI A/S", "DK", vec![(Kind::Employer, Strength::Barring)]),
        ("Nordwind Energi GmbH", "DE", vec![(Kind::Employer, Strength::Likely)]),
        ("Nordwind Enregi", "DK", vec![(Kind::Employer, Strength::Likely)]),
        ("Nordwind Enregi", "DE", vec![(Kind::Employer, Strength::Hint)]),
        ("Nordwind Energi Group", "DK", vec![(Kind::Employer, Strength::Likely)]),
        ("Nordwind Marine", "DK", vec![]),
    ] {
        let mut person = employed(name);
        person.employers[0].country = Some(country.into());
        assert_eq!(ties(person, &wind), expected, "{name}");
    }
}

#[test]
fn time_heals() {
    let wind = [organisation("Nordwind Energi ApS", "DK")];
    for (until, expected) in [
        ("2026-11-24", vec![(Kind::Employer, Strength::Barring)]),
        ("2026-11-23", vec![(Kind::PastEmployer, Strength::Likely)]),
        ("2023-11-24", vec![(Kind::PastEmployer, Strength::Likely)]),
        ("2023-11-23", vec![]),
    ] {
        let mut person = employed("Nordwind Energi");
        person.employers[0].until = Some(day(until));
        assert_eq!(ties(person, &wind), expected, "{until}");
    }
}

#[test]
fn numbers_outweigh_names() {
    let mut wind = organisation("Nordwind Energi ApS", "DK");
    wind.numbers = vec!["12 34 56 78".into()];
    let mut person = employed("Quite another name");
    person.employers[0].number = Some("DK12345678".into());
    assert_eq!(ties(person.clone(), &[wind.clone()]), [(Kind::Employer, Strength::Barring)]);
    person.employers[0].number = Some("FI12345678".into());
    assert_eq!(ties(person, &[wind]), []);
}

#[test]
fn mail_tells_the_employer_unless_everybody_has_it() {
    let mut wind = organisation("Nordwind", "DK");
    wind.domains = vec!["https://www.nordwind.dk".into(), "gmail.com".into()];
    wind.people = vec![Contact { name: "Eva Berg".into(), email: Some("eva@consult.dk".into()), address: None }];
    let with = |email: &str| Person { emails: vec!["a@gmail.com".into(), email.into()], ..Person::default() };
    let of = |email: &str| ties(with(email), &[wind.clone()]);

    assert_eq!(of("a@lab.nordwind.dk"), [(Kind::MailDomain, Strength::Barring)]);
    assert_eq!(of("a@blindnordwind.dk"), []);
    assert_eq!(of("ole@consult.dk"), [(Kind::MailDomain, Strength::Likely)]);
    assert_eq!(of("EVA@consult.dk"), [(Kind::SamePerson, Strength::Barring), (Kind::MailDomain, Strength::Likely)]);
    let crowd: Vec<Organisation> = (0..9).map(|_| wind.clone()).collect();
    assert!(ties(with("a@nordwind.dk"), &crowd).iter().all(|tie| *tie == (Kind::MailDomain, Strength::Hint)));
}

#[test]
fn seats_clusters_and_boards_of_clusters() {
    let mut wind = organisation("Nordwind", "DK");
    wind.clusters = vec!["Cluster for Baltic Wind Energy (CBWE)".into()];
    let seat = |name: &str, standing| Person {
        seats: vec![Seat { name: name.into(), standing, ..Seat::default() }],
        ..Person::default()
    };
    let of = |person| ties(person, &[wind.clone()]);

    assert_eq!(of(seat("Nordwind A/S", Standing::Board)), [(Kind::Seat, Strength::Barring)]);
    assert_eq!(of(seat("Nordwind A/S", Standing::Member)), [(Kind::Seat, Strength::Likely)]);
    assert_eq!(of(seat("CBWE", Standing::Board)), [(Kind::ClusterBoard, Strength::Likely)]);
    assert_eq!(of(seat("CBWE", Standing::Member)), []);
    let member = Person { clusters: vec!["Baltic Wind Energy, Cluster for".into()], ..Person::default() };
    assert_eq!(of(member), [(Kind::SameCluster, Strength::Likely)]);
    assert_eq!(of(employed("Cluster for Baltic Wind Energy")), [(Kind::SameCluster, Strength::Likely)]);
}

#[test]
fn owners_are_found_through_others() {
    let names = ["Holding", "Nordwind Parent", "Nordwind Blades", "Sister Towers"];
    let all: Vec<Organisation> = names.iter().map(|name| organisation(name, "DK")).collect();
    let link = |owner, owned, share| Link { owner, owned, share: Some(share) };
    let links = [link(0, 1, 10_000), link(1, 2, 8_000), link(0, 3, 3_000), link(2, 0, 100)];
    let proposals = vec![Proposal { parties: vec![2], ..Proposal::default() }];
    let rule = Rule::usual(day("2026-11-24"));
    let people = [employed("Nordwind Parent"), employed("Holding A/S"), employed("Sister Towers")];
    let found = Conflicts::new(rule, &all, &links, &[], &people, proposals).of(0);
    let said: Vec<_> = found.iter().map(|f| (f.evaluator, f.strength, f.path.clone())).collect();
    assert!(found.iter().all(|f| f.kind == Kind::Ownership));
    assert_eq!(
        said,
        [
            (0, Strength::Barring, vec![1, 2]),
            (1, Strength::Barring, vec![0, 1, 2]),
            (2, Strength::Hint, vec![3, 0, 1, 2]),
        ]
    );
}

#[test]
fn rivals_are_those_who_take_part_elsewhere_in_the_call() {
    let all = [organisation("Nordwind", "DK"), organisation("Fresh Fish", "NO")];
    let proposal = |party| Proposal { parties: vec![party], ..Proposal::default() };
    let rule = Rule::usual(day("2026-11-24"));
    let conflicts = Conflicts::new(rule, &all, &[], &[], &[employed("Nordwind")], vec![proposal(0), proposal(1)]);

    assert_eq!(conflicts.of(0)[0].kind, Kind::Employer);
    let rival = &conflicts.of(1)[0];
    assert_eq!((rival.kind, rival.side, rival.met.as_str()), (Kind::Rival, Side::Whole, "Nordwind"));
    assert_eq!(conflicts.between(1, 0).len(), 1);
}

#[test]
fn earlier_proposals_count_for_some_years() {
    let past = |on: &str| Past {
        code: "FW-1".into(),
        on: Some(day(on)),
        organisations: vec![0],
        people: vec![Contact { name: "Berg, Eva".into(), ..Contact::default() }],
    };
    let person = Person { names: vec!["Eva Berg".into()], ..Person::default() };
    let all = [organisation("Nordwind", "DK")];
    for (on, expected) in [("2021-11-24", 1), ("2021-11-23", 0)] {
        let proposals = vec![Proposal { parties: vec![0], ..Proposal::default() }];
        let rule = Rule::usual(day("2026-11-24"));
        let found = Conflicts::new(rule, &all, &[], &[past(on)], std::slice::from_ref(&person), proposals).of(0);
        assert_eq!(found.iter().filter(|f| f.kind == Kind::PastProposal && f.met == "FW-1").count(), expected, "{on}");
    }
}

#[test]
fn declared_interests_people_and_families() {
    let contact = Contact { name: "Ole Berg".into(), email: None, address: Some("Havnegade 7, 8000 Aarhus".into()) };
    let proposal = Proposal { parties: vec![0], people: vec![contact] };
    let of =
        |person| found(Rule::usual(day("2026-11-24")), person, &[organisation("Nordwind", "DK")], proposal.clone());
    let interested = |name: &str| Person { interests: vec![name.into()], ..Person::default() };

    assert_eq!(of(interested("Nordwind ApS")), [(Kind::Declared, Strength::Barring)]);
    assert_eq!(of(interested("Berg, Ole")), [(Kind::Declared, Strength::Barring)]);
    let eva =
        Person {
            names: vec!["Eva Berg".into()], address: Some("havnegade 7, 8000 Århus".into()), ..Person::default()
        };
    assert_eq!(of(eva.clone()), [(Kind::FamilyName, Strength::Hint)]);
    assert_eq!(of(Person { address: None, ..eva }), []);
}

#[test]
fn countries_count_where_the_call_says_so() {
    let all = [organisation("Nordwind", "DK")];
    let dane = Person { countries: vec!["dk".into()], ..Person::default() };
    let proposal = Proposal { parties: vec![0], ..Proposal::default() };
    let mut rule = Rule::usual(day("2026-11-24"));
    assert_eq!(found(rule.clone(), dane.clone(), &all, proposal.clone()), []);
    rule.same_country = Some(Strength::Barring);
    assert_eq!(found(rule, dane, &all, proposal), [(Kind::SameCountry, Strength::Barring)]);
}
