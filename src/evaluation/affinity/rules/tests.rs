use super::*;
use std::collections::BTreeMap;

fn evaluator(texts: &[&str], keywords: &[&str], tags: &[(&str, u8)]) -> Evaluator {
    Evaluator {
        expertise: tags.iter().map(|(tag, level)| Expertise { tag: (*tag).into(), level: *level }).collect(),
        keywords: keywords.iter().map(|k| (*k).into()).collect(),
        texts: texts.iter().map(|text| Text::of([*text])).collect(),
        languages: vec!["en".into(), "da".into()],
        countries: vec!["DK".into()],
    }
}

fn proposal(text: &str, tags: &[&str]) -> Proposal {
    Proposal {
        tags: tags.iter().map(|t| (*t).into()).collect(),
        text: Text::of([text]),
        languages: vec!["EN".into()],
        countries: vec!["DK".into(), "LT".into()],
    }
}

fn call(terms: Terms) -> Call {
    let evaluators = vec![
        evaluator(
            &["Offshore wind turbines and their foundations", "Blades of wind turbines"],
            &["wind turbine", "blade"],
            &[("energy/wind", 5)],
        ),
        evaluator(&["Cold chains for fresh fish and seafood"], &["fish"], &[("food/fish", 4)]),
        Evaluator::default(),
    ];
    let proposals = vec![
        proposal("New foundations for an offshore wind turbine", &["energy/wind"]),
        proposal("Frozen fish for new markets", &["food/fish", "markets"]),
        Proposal::default(),
    ];
    Call::new(terms, evaluators, proposals, BTreeMap::from([((1, 1), Wish::Want), ((0, 0), Wish::RatherNot)]))
}

#[test]
fn the_right_people_are_nearest() {
    let call = call(Terms::default());

    assert_eq!(call.best(0, 1)[0].0, 0);
    assert_eq!(call.best(1, 2)[0].0, 1);
    assert_eq!(call.best(1, 9).len(), 3);
    let all = call.values(1);
    assert!(all.iter().all(|value| (0..=MILLION).contains(value)));
}

#[test]
fn parts_add_up_and_say_why() {
    for country in [CountryRule::Indifferent, CountryRule::PreferOutside, CountryRule::PreferInside] {
        let call = call(Terms { country, ..Terms::default() });
        for (proposal, evaluator) in (0..3).flat_map(|p| (0..3).map(move |e| (p, e))) {
            let why = call.explain(proposal, evaluator);
            assert_eq!(why.total, call.values(proposal)[evaluator]);
            assert_eq!(why.total, why.parts.iter().map(|part| part.gives).sum::<i64>());
        }
    }
    let why = call(Terms { country: CountryRule::PreferOutside, ..Terms::default() }).explain(0, 0);
    let of = |term: Term| why.parts.iter().find(|part| part.term == term).unwrap();
    assert_eq!(of(Term::Expertise).value, Some(MILLION));
    assert_eq!(
        of(Term::Expertise).reasons,
        [Reason::Tag { wanted: "energy/wind".into(), own: "energy/wind".into(), level: 5 }]
    );
    assert_eq!(of(Term::Keywords).reasons, [Reason::Keyword { keyword: "wind turbine".into(), whole: true }]);
    assert_eq!(of(Term::Keywords).value, Some(500_000));
    let words: Vec<&str> = of(Term::Text)
        .reasons
        .iter()
        .filter_map(|reason| if let Reason::Word(shared) = reason { Some(shared.word.as_str()) } else { None })
        .collect();
    assert!(words.contains(&"wind turbines"), "{words:?}");
    assert_eq!(of(Term::Country).reasons, [Reason::SharedCountry("dk".into())]);
    assert_eq!(of(Term::Country).value, Some(0));
    assert_eq!(of(Term::Wish).reasons, [Reason::Wish(Wish::RatherNot)]);
}

#[test]
fn what_the_proposal_does_not_state_counts_for_nobody() {
    let why = call(Terms::default()).explain(2, 0);

    let counted: Vec<Term> = why.parts.iter().filter(|part| part.value.is_some()).map(|part| part.term).collect();
    assert_eq!(counted, [Term::Wish]);
    assert_eq!(why.total, 500_000);
}

#[test]
fn weights_are_a_whole() {
    assert_eq!(Weights::new([5_000, 1_000, 1_000, 1_000, 1_000, 1_000]).unwrap().of(Term::Expertise), 5_000);
    assert_eq!(Weights::new([1; 6]), Err(WeightRefusal { sum: 6 }));
    let default = Weights::default();
    assert_eq!(Term::ALL.into_iter().map(|term| default.of(term)).sum::<u32>(), 10_000);
}

#[test]
fn tags_are_near_by_their_common_steps() {
    assert_eq!(nearness("energy/wind", "Energy / Wind"), MILLION);
    assert_eq!(nearness("energy/wind", "energy/solar"), 500_000);
    assert_eq!(nearness("energy", "energy/wind"), 666_666);
    assert_eq!(nearness("energy", "food"), 0);
    assert_eq!(nearness("", ""), 0);
}

#[test]
fn words_of_every_language_meet_their_forms() {
    let forms = [
        (Language::English, "exports", "exporting"),
        (Language::German, "häuser", "häusern"),
        (Language::Danish, "markederne", "marked"),
        (Language::Swedish, "marknaden", "marknader"),
        (Language::Norwegian, "bedriftene", "bedrifter"),
        (Language::Finnish, "klusterit", "klusterin"),
        (Language::Estonian, "klastrid", "klastri"),
        (Language::Latvian, "uzņēmumi", "uzņēmums"),
        (Language::Lithuanian, "įmonės", "įmonių"),
        (Language::Polish, "klastry", "klastrów"),
    ];
    let reader = Reader::default();
    for (language, one, other) in forms {
        assert_eq!(reader.stem(one, language), reader.stem(other, language), "{language:?}");
        assert!(reader.stem(one, language).is_some());
        assert_eq!(Language::from_code(language.code()), Some(language));
    }
}

#[test]
fn stop_words_numbers_and_letters_say_nothing() {
    let reader = Reader::default();
    for (word, language) in [
        ("the", Language::English),
        ("und", Language::German),
        ("og", Language::Danish),
        ("och", Language::Swedish),
        ("og", Language::Norwegian),
        ("ja", Language::Finnish),
        ("ja", Language::Estonian),
        ("un", Language::Latvian),
        ("ir", Language::Lithuanian),
        ("oraz", Language::Polish),
        ("2026", Language::English),
        ("x", Language::English),
    ] {
        assert_eq!(reader.stem(word, language), None, "{word}");
    }
}

#[test]
fn languages_are_known_from_a_sentence() {
    let reader = Reader::default();
    for (text, language) in [
        ("The cluster helps small companies to enter new markets abroad.", Language::English),
        ("Das Cluster hilft kleinen Unternehmen, neue Märkte im Ausland zu erschließen.", Language::German),
        ("Klasteri auttaa pieniä yrityksiä pääsemään uusille markkinoille ulkomailla.", Language::Finnish),
        ("Klaster pomaga małym przedsiębiorstwom wejść na nowe rynki zagraniczne.", Language::Polish),
        ("Klasteris padeda mažoms įmonėms patekti į naujas užsienio rinkas.", Language::Lithuanian),
        ("Klasteris palīdz maziem uzņēmumiem iekļūt jaunos ārvalstu tirgos.", Language::Latvian),
        ("Klaster aitab väikestel ettevõtetel välismaal uutele turgudele pääseda.", Language::Estonian),
        // Too short for letters: stop words, then foreign letters, then English.
        ("Telakat rakentavat kevyitä runkoja.", Language::Finnish),
        ("Neue Märkte", Language::German),
        ("Robust hulls", Language::English),
        ("", Language::English),
    ] {
        assert_eq!(reader.language(text), language, "{text}");
    }
}

#[test]
fn the_same_call_gives_the_same_numbers() {
    let [one, other] = [call(Terms::default()), call(Terms::default())];
    for proposal in 0..3 {
        assert_eq!(one.values(proposal), other.values(proposal));
    }
}
