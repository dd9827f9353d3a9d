//! The next unlock against trying every amount.

use super::{properties::any, *};

fn parts(scenario: &Scenario, afterwards: bool) -> Vec<(Option<Verdict>, Vec<bool>)> {
    let kept = |part: &PartLine, line: &ScenarioLine| {
        part.fate == Fate::Signed || (line.verdict.funds() && !matches!(part.fate, Fate::Dropped | Fate::Declined))
    };
    let line = |line: &ScenarioLine| {
        (afterwards.then_some(line.verdict), line.parts.iter().map(|part| kept(part, line)).collect())
    };
    scenario.lines.iter().map(line).collect()
}

/// The smallest amount from 1 up to a limit that changes the result, tried one by one.
fn first(now: &Scenario, afterwards: bool, limit: i64, with: impl Fn(i64) -> Option<Scenario>) -> Option<i64> {
    let now = parts(now, afterwards);
    // Less than what is signed cannot be.
    (1..=limit).find(|by| with(*by).is_some_and(|then| parts(&then, afterwards) != now))
}

fn named(changes: &[Change], agency: Option<OrganisationId>) -> Option<i64> {
    changes.iter().find(|change| change.agency == agency).map(|change| change.amount.minor)
}

/// A small call, whatever is signed and declined in it.
fn small(dice: &mut Dice) -> Setting {
    let mut setting = any(dice);
    setting.candidates.truncate(6);
    let parts: BTreeSet<PartId> = setting.candidates.iter().flat_map(|one| &one.parts).map(|part| part.part).collect();
    setting.signed.retain(|part, _| parts.contains(part));
    setting
}

#[test]
fn no_smaller_amount_changes_the_result() {
    let mut dice = Dice(2_718_281);
    let pot = |turn| Pot { gaps: if turn == Turn::AtOnce { Gaps::OfOneAgency } else { Gaps::Every }, ..pot(20, turn) };
    let strategies = [
        Strategy::StrictSkip,
        Strategy::StrictStop,
        Strategy::DropPartner,
        Strategy::CutToFloor { floor: HALF },
        Strategy::BalancingPot(pot(Turn::AtOnce)),
        Strategy::BalancingPot(pot(Turn::Afterwards)),
    ];
    for case in 0..48 {
        let setting = small(&mut dice);
        let strategy = strategies[case % strategies.len()];
        let afterwards = case % strategies.len() == 5;
        let now = allocate(&setting, &strategy).unwrap();
        let found = sensitivity(&setting, &strategy).unwrap();
        for (at, agency) in setting.agencies.iter().enumerate() {
            let with = |by: i64| {
                let mut other = setting.clone();
                other.agencies[at].budget.minor += by;
                allocate(&other, &strategy).ok()
            };
            let more = first(&now, afterwards, now.agencies[at].asked.minor, with);
            let less = first(&now, afterwards, agency.budget.minor, |by| with(-by));
            let own = Some(agency.id);
            assert_eq!((named(&found.more, own), named(&found.less, own)), (more, less), "case {case}, {strategy:?}");
        }
        if let Strategy::BalancingPot(pot) = strategy {
            let with = |by: i64| {
                let money = eur(pot.money.minor + by);
                allocate(&setting, &Strategy::BalancingPot(Pot { money, ..pot })).ok()
            };
            let all = now.agencies.iter().map(|line| line.asked.minor).sum();
            let (more, less) = (first(&now, afterwards, all, with), first(&now, afterwards, 20, |by| with(-by)));
            assert_eq!((named(&found.more, None), named(&found.less, None)), (more, less), "case {case}, {strategy:?}");
        }
    }
}
