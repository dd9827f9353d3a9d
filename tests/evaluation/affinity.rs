//! Affinity on the gold standard: it orders proposals as the evaluators themselves would.

pub mod gold;

use fairway::evaluation::affinity::rules::{Call, Evaluator, MILLION, Proposal, Terms, Text};
use gold::loss;
use std::collections::BTreeMap;

/// The aim of the house; the best published method that knows words only has 0.281, on the whole set of which these
/// pairs are a part (Stelmakh et al. 2023).
const AIM: f64 = 0.28;

#[test]
fn evaluators_agree_with_the_order() {
    let gold = gold::load();
    let values = gold.values();
    let losses = gold.losses(&values);

    assert_eq!((gold.evaluators.len(), gold.proposals.len(), gold.stated.len()), (58, 463, 241));
    assert!(values.iter().all(|value| (0..=MILLION).contains(value)));
    let whole = loss(losses.values());
    println!("loss {whole:.4}");
    assert!(whole <= 0.22, "{whole:.4}");
}

#[test]
fn no_single_evaluator_carries_the_result() {
    let gold = gold::load();
    let losses = gold.losses(&gold.values());

    for left_out in losses.keys() {
        let others = loss(losses.iter().filter(|(one, _)| *one != left_out).map(|(_, loss)| loss));
        assert!(others <= AIM, "without {left_out}: {others:.4}");
    }
}

#[test]
fn knowing_a_field_well_shows_in_the_value() {
    let gold = gold::load();
    let values = gold.values();
    let mean = |low: i64, high: i64| {
        let of: Vec<i64> =
            gold.stated.iter().zip(&values).filter(|(s, _)| (low..=high).contains(&s.2)).map(|(_, v)| *v).collect();
        of.iter().sum::<i64>() / of.len() as i64
    };

    assert!(mean(4, 8) < mean(9, 14) && mean(9, 14) < mean(15, 20));
    println!("little {} some {} much {}", mean(4, 8), mean(9, 14), mean(15, 20));
}

#[test]
fn proposals_in_every_language_find_those_who_write_it() {
    let texts = [
        (
            "Die Werften bauen leichte Rümpfe aus Faserverbund.",
            "Leichte Rümpfe für Werften: Faserverbund im Schiffbau.",
        ),
        ("Værfterne bygger lette skrog af fiberkomposit.", "Lette skrog til værfter: fiberkompositter i skibsbygning."),
        ("Varven bygger lätta skrov av fiberkomposit.", "Lätta skrov för varv: fiberkompositer i skeppsbyggnad."),
        (
            "Telakat rakentavat kevyitä runkoja kuitukomposiitista.",
            "Telakat tarvitsevat kevyitä runkoja, jotka tehdään kuitukomposiitista.",
        ),
        ("Laevatehased ehitavad kergeid kerekonstruktsioone.", "Kerged kerekonstruktsioonid laevatehastele."),
        ("Kuģu būvētavas būvē vieglus korpusus no kompozīta.", "Viegli korpusi kuģu būvētavām no kompozīta."),
        ("Laivų statyklos gamina lengvus korpusus iš kompozito.", "Lengvi korpusai laivų statykloms iš kompozitų."),
        ("Stocznie budują lekkie kadłuby z kompozytów.", "Lekkie kadłuby dla stoczni z kompozytu."),
        ("Shipyards build light hulls of fibre composites.", "Light hulls for a shipyard from a fibre composite."),
    ];
    let evaluators = texts.map(|(text, _)| Evaluator { texts: vec![Text::of([text])], ..Evaluator::default() });
    let proposals = texts.map(|(_, text)| Proposal { text: Text::of([text]), ..Proposal::default() });
    let call = Call::new(Terms::default(), evaluators.into(), proposals.into(), BTreeMap::new());

    for (place, (_, text)) in texts.iter().enumerate() {
        let (best, value) = call.best(place, 1)[0];
        assert_eq!(best, place, "{text}");
        assert!(value > 0);
    }
}
