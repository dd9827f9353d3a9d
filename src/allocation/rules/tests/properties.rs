//! What holds for every setting and every strategy.

use super::*;

const STRATEGIES: usize = 8;

fn strategy(number: usize) -> Strategy {
    match number {
        0 => Strategy::StrictSkip,
        1 => Strategy::StrictStop,
        2 => Strategy::DropPartner,
        3 => Strategy::CutToFloor { floor: HALF },
        4 => Strategy::CutToFloor { floor: Share::from_basis_points(8_333) },
        5 => Strategy::BalancingPot(pot(60, Turn::AtOnce)),
        6 => Strategy::BalancingPot(Pot { cap: Some(eur(9)), gaps: Gaps::OfOneAgency, ..pot(60, Turn::AtOnce) }),
        _ => Strategy::BalancingPot(pot(40, Turn::Afterwards)),
    }
}

/// Up to six agencies, one of them with Danish crowns, and up to 25 candidates with up to five parts; some parts are
/// signed, some declined, some ask for nothing.
pub fn any(dice: &mut Dice) -> Setting {
    let many = 2 + dice.index(5);
    let mut agencies: Vec<Agency> = (1..=many).map(|number| agency(number, dice.below(200))).collect();
    agencies[0].budget.currency = Dkk;
    agencies[0].rate = Rate::parse("0.1344").unwrap();
    agencies[1].floor = Some(eur(dice.below(12)));
    let mut candidates = Vec::new();
    for number in 1..=1 + dice.index(25) {
        let asks: Vec<(usize, i64)> = (0..1 + dice.index(5)).map(|_| (1 + dice.index(many), dice.below(40))).collect();
        let mut one = candidate(number, i32::try_from(dice.below(500)).unwrap(), &asks);
        for part in &mut one.parts {
            part.needed = dice.below(4) == 0;
            part.asked.currency = if part.agency == id(1) { Dkk } else { Eur };
        }
        candidates.push(one);
    }
    let mut made = setting(agencies, candidates);
    let mut free: BTreeMap<OrganisationId, i64> = made.agencies.iter().map(|one| (one.id, one.budget.minor)).collect();
    for part in made.candidates.iter().flat_map(|one| &one.parts) {
        let left = free.get_mut(&part.agency).unwrap();
        match dice.below(12) {
            0 if part.asked.minor <= *left => {
                *left -= part.asked.minor;
                made.signed.insert(part.part, part.asked);
            }
            1 => {
                made.declined.insert(part.part);
            }
            _ => {}
        }
    }
    made
}

/// Every cent is somewhere, and none is anywhere twice.
fn balanced(setting: &Setting, scenario: &Scenario) {
    let mut sums: BTreeMap<OrganisationId, i64> = BTreeMap::new();
    for (asked, line) in setting.candidates.iter().zip(&scenario.lines) {
        assert_eq!((asked.proposal, asked.parts.len()), (line.proposal, line.parts.len()));
        for part in &line.parts {
            assert!(
                0 <= part.filled.minor
                    && part.filled.minor <= part.granted.minor
                    && part.granted.minor <= part.asked.minor
            );
            assert_eq!(part.granted.currency, part.asked.currency);
            let funded = line.verdict.funds() || part.fate == Fate::Signed;
            assert!(funded || part.granted.minor == 0, "{line:?}");
            *sums.entry(part.agency).or_default() += part.granted.minor - part.filled.minor;
        }
        if line.verdict == Verdict::Filled {
            assert!(line.parts.iter().any(|part| part.filled.minor > 0));
        }
    }
    for line in &scenario.agencies {
        let granted = sums.get(&line.agency).copied().unwrap_or(0);
        assert_eq!(line.granted.minor, granted);
        assert_eq!(line.granted.minor + line.left.minor, line.budget.minor, "{line:?}");
        assert!(line.left.minor >= 0, "{line:?}");
    }
    if let Some(pot) = scenario.pot {
        assert!(pot.left.minor >= 0 && pot.paid.minor + pot.left.minor == pot.money.minor);
    }
}

#[test]
fn no_budget_is_passed_and_no_cent_is_lost_or_made() {
    let mut dice = Dice(88_172_645_463_325_252);
    for case in 0..150 {
        let setting = any(&mut dice);
        for number in 0..STRATEGIES {
            balanced(&setting, &allocate(&setting, &strategy(number)).unwrap());
        }
        if case % 10 == 0 {
            let mirror = best_choice(&setting, Goal::Score);
            balanced(&setting, &mirror.scenario);
            let skip = allocate(&setting, &Strategy::StrictSkip).unwrap();
            assert!(mirror.value >= skip.score && mirror.gap() >= 0, "the walk is one of the choices");
        }
    }
}

#[test]
fn more_money_never_makes_strict_skip_fund_less_at_a_higher_rank() {
    let mut dice = Dice(7_777_777);
    let mut changed = 0;
    for _ in 0..700 {
        let setting = any(&mut dice);
        let mut richer = setting.clone();
        let lucky = dice.index(richer.agencies.len());
        richer.agencies[lucky].budget.minor += 1 + dice.below(40);
        let [before, after] = [&setting, &richer].map(|one| allocate(one, &Strategy::StrictSkip).unwrap());
        let euros = |line: &ScenarioLine| line.parts.iter().map(|part| part.granted.minor).sum::<i64>();
        let first = before.lines.iter().zip(&after.lines).find(|(one, other)| euros(one) != euros(other));
        if let Some((one, other)) = first {
            assert!(euros(one) < euros(other), "{one:?} {other:?}");
            changed += 1;
        }
    }
    assert!(changed > 100, "{changed}");
}

#[test]
fn whoever_is_funded_by_strict_skip_was_affordable_and_whoever_is_not_was_not() {
    let mut dice = Dice(99);
    for _ in 0..120 {
        let setting = any(&mut dice);
        let scenario = allocate(&setting, &Strategy::StrictSkip).unwrap();
        for line in &scenario.lines {
            assert_eq!(line.lacking.is_empty(), line.verdict != Verdict::Skipped, "{line:?}");
            let own = |part: &PartLine| line.lacking.iter().any(|(agency, _)| *agency == part.agency);
            assert!(line.parts.iter().all(|part| part.fate != Fate::Lacking || own(part)));
            assert!(line.parts.iter().all(|part| part.fate != Fate::Stranded || part.asked.minor == 0 || !own(part)));
        }
    }
}

#[test]
fn the_plain_walk_and_the_strategy_agree() {
    let mut dice = Dice(31);
    for _ in 0..120 {
        let mut setting = any(&mut dice);
        setting.signed.clear();
        setting.declined.clear();
        let scenario = allocate(&setting, &Strategy::StrictSkip).unwrap();
        let mut left: BTreeMap<OrganisationId, i64> = setting.agencies.iter().map(|a| (a.id, a.budget.minor)).collect();
        for (one, line) in setting.candidates.iter().zip(&scenario.lines) {
            let mut rest = left.clone();
            one.parts.iter().for_each(|part| *rest.get_mut(&part.agency).unwrap() -= part.asked.minor);
            let fits = one.parts.iter().all(|part| part.asked.minor == 0 || rest[&part.agency] >= 0);
            assert_eq!((one.proposal, fits), (line.proposal, line.verdict.funds()));
            left = if fits { rest } else { left };
        }
        assert!(scenario.agencies.iter().all(|line| left[&line.agency] == line.left.minor));
    }
}

#[test]
fn nobody_loses_a_grant_by_somebody_elses_decline() {
    let mut dice = Dice(4_242);
    let mut proposed = 0;
    for _ in 0..250 {
        let setting = any(&mut dice);
        let strategy = strategy(dice.index(STRATEGIES));
        let before = allocate(&setting, &strategy).unwrap();
        let awarded: Vec<&PartLine> = before
            .winners()
            .flat_map(|line| &line.parts)
            .filter(|part| part.granted.minor > 0 && part.fate != Fate::Signed)
            .collect();
        let Some(part) = awarded.get(dice.index(awarded.len().max(1))) else { continue };
        let next = decline(&setting, &strategy, &before, &[part.part]).unwrap();
        balanced(&next.setting, &next.scenario);
        assert!(next.fallen.len() <= 1);
        for (old, new) in before.lines.iter().zip(&next.scenario.lines).filter(|(old, _)| old.verdict.funds()) {
            for (old, new) in old.parts.iter().zip(&new.parts) {
                let fell = next.setting.declined.contains(&old.part);
                assert!(fell || new.granted.minor >= old.granted.minor - old.filled.minor, "{old:?} {new:?}");
            }
        }
        if let (Some(then), Some(pot)) = (next.scenario.pot, before.pot) {
            assert!(then.money.minor >= pot.left.minor && then.money.minor <= pot.money.minor, "{then:?} {pot:?}");
        }
        proposed += next.proposed.len();
    }
    assert!(proposed > 25, "{proposed}");
}
