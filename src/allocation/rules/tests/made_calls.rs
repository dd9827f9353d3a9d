//! Made calls of realistic sizes, with figures that other programs computed.

use super::*;

/// A call of `tests/data/allocation`: amounts in thousand euros, proposals above the thresholds only.
fn call(budgets: &str, proposals: &str, requests: &str) -> Setting {
    let rows = |text: &'static str| text.lines().skip(1).map(|line| line.split(',').collect::<Vec<&str>>());
    let [budgets, proposals, requests] = [budgets, proposals, requests].map(|text| String::leak(text.to_owned()));
    let codes: Vec<&str> = rows(budgets).map(|row| row[0]).collect();
    let thousand = |text: &str| eur(text.parse::<i64>().unwrap() * 100_000);
    let place = |code: &str| codes.iter().position(|one| *one == code).unwrap() + 1;
    let agencies = rows(budgets)
        .map(|row| Agency { id: id(place(row[0])), budget: thousand(row[1]), rate: Rate::ONE, floor: None })
        .collect();
    let candidates = rows(proposals).filter(|row| row[7] == "True").map(|row| {
        let number: usize = row[1][1..].parse().unwrap();
        let own = rows(requests).filter(|ask| ask[0] == row[1]).enumerate();
        let part = |(i, ask): (usize, Vec<&str>)| AskedPart {
            part: id(number * 100 + i),
            agency: id(place(ask[1])),
            country: ask[1].parse().unwrap(),
            asked: thousand(ask[2]),
            needed: i == 0,
        };
        Candidate {
            proposal: id(number),
            code: row[1].to_owned(),
            rank: row[0].parse().unwrap(),
            score: Points::parse(row[5]).unwrap(),
            measures: Vec::new(),
            parts: own.map(part).collect(),
        }
    });
    setting(agencies, candidates.collect())
}

fn small() -> Setting {
    call(
        include_str!("../../../../tests/data/allocation/era_S_60x12_budgets.csv"),
        include_str!("../../../../tests/data/allocation/era_S_60x12_proposals.csv"),
        include_str!("../../../../tests/data/allocation/era_S_60x12_requests.csv"),
    )
}

#[test]
fn walks_down_a_call_of_sixty_fund_what_others_computed() {
    let call = small();
    let stop = allocate(&call, &Strategy::StrictStop).unwrap();
    assert_eq!((stop.funded, stop.score), (11, 14_850));
    let skip = allocate(&call, &Strategy::StrictSkip).unwrap();
    assert_eq!((skip.funded, skip.score), (15, 19_350));
    let drop = allocate(&call, &Strategy::DropPartner).unwrap();
    let cut = allocate(&call, &Strategy::CutToFloor { floor: HALF }).unwrap();
    assert!(drop.funded > skip.funded && cut.funded >= skip.funded, "{} {}", drop.funded, cut.funded);
}

#[test]
fn the_optimum_of_a_call_of_sixty_is_what_others_computed() {
    let call = small();
    let number = best_choice(&call, Goal::Number);
    assert_eq!((number.value, number.gap(), number.scenario.funded), (20, 0, 20));
    let score = best_choice(&call, Goal::Score);
    assert_eq!((score.value, score.gap(), score.scenario.score), (24_100, 0, 24_100));
    // The linear bound is 250.53.
    assert!((25_050..=25_053).contains(&score.relaxed), "{}", score.relaxed);
}

#[test]
fn the_next_unlock_of_every_agency_is_the_smallest() {
    let call = small();
    for strategy in [Strategy::StrictSkip, Strategy::DropPartner] {
        let now = allocate(&call, &strategy).unwrap();
        for change in sensitivity(&call, &strategy).unwrap().more {
            let with = |more: i64| {
                let mut richer = call.clone();
                let own = richer.agencies.iter_mut().find(|one| Some(one.id) == change.agency).unwrap();
                own.budget.minor += more;
                allocate(&richer, &strategy).unwrap()
            };
            let parts = |one: &Scenario| {
                let granted = |line: &ScenarioLine| line.parts.iter().map(|part| part.granted.minor > 0).collect();
                one.lines.iter().map(granted).collect::<Vec<Vec<bool>>>()
            };
            assert_eq!(parts(&with(change.amount.minor - 1)), parts(&now));
            assert_ne!(parts(&with(change.amount.minor)), parts(&now));
            assert!(!change.gains.is_empty());
        }
    }
}
