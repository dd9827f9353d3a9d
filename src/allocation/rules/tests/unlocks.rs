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

#[test]
fn no_smaller_amount_changes_the_result() {
    let mut dice = Dice(2_718_281);
    let strategies = [
        Strategy::StrictSkip,
        Strategy::StrictStop,
        Strategy::DropPartner,
        Strategy::CutToFloor { floor: HALF },
        Strategy::BalancingPot(pot(20, Turn::AtOnce)),
        Strategy::BalancingPot(pot(20, Turn::Afterwards)),
    ];
    for case in 0..60 {
        let setting = any(&mut dice);
        let strategy = strategies[case % strategies.len()];
        let afterwards = case % strategies.len() == 5;
        let now = parts(&allocate(&setting, &strategy).unwrap(), afterwards);
        let found = sensitivity(&setting, &strategy).unwrap();
        for (at, agency) in setting.agencies.iter().enumerate() {
            let with = |by: i64| {
                let mut other = setting.clone();
                other.agencies[at].budget.minor += by;
                // Less than what is signed cannot be.
                allocate(&other, &strategy).ok().map(|scenario| parts(&scenario, afterwards))
            };
            let first = |sign: i64| (1..1500).find(|by| with(sign * by).is_some_and(|then| then != now));
            let named = |changes: &[Change]| {
                changes.iter().find(|change| change.agency == Some(agency.id)).map(|change| change.amount.minor)
            };
            let less = if agency.budget.minor > 0 { first(-1) } else { None };
            assert_eq!((named(&found.more), named(&found.less)), (first(1), less), "case {case}, {strategy:?}");
        }
    }
}
