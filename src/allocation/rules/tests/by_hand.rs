//! Single rules.

use super::*;

#[test]
fn a_partner_is_dropped_when_two_countries_still_pay() {
    let agencies = vec![agency(1, 5), agency(2, 100), agency(3, 100)];
    let mut setting = setting(agencies, vec![candidate(1, 400, &[(2, 25), (1, 12), (3, 30)])]);
    let scenario = allocate(&setting, &Strategy::DropPartner).unwrap();

    assert_eq!(fates(&scenario.lines[0]), [Fate::Granted, Fate::Dropped, Fate::Granted]);
    assert_eq!((scenario.lines[0].verdict, granted(&scenario.lines[0])), (Verdict::Reduced, vec![25, 0, 30]));
    assert_eq!(scenario.lines[0].lacking, [(id(1), eur(7))]);
    assert_eq!(scenario.reserve[&id(1)][0].fate, Fate::Dropped);
    assert_eq!(scenario.agencies[0].left, eur(5));

    setting.candidates[0].parts[1].needed = true;
    assert_eq!(
        winners(&allocate(&setting, &Strategy::DropPartner).unwrap()),
        [0; 0],
        "the coordinator cannot be dropped"
    );
    setting.candidates[0].parts[1].needed = false;
    setting.consortium.parts = 3;
    assert_eq!(winners(&allocate(&setting, &Strategy::DropPartner).unwrap()), [0; 0]);
}

#[test]
fn of_two_parts_of_one_agency_the_last_is_dropped_first() {
    let agencies = vec![agency(1, 15), agency(2, 100)];
    let mut setting = setting(agencies, vec![candidate(1, 400, &[(1, 12), (1, 10), (2, 30)])]);
    let dropped = |setting: &Setting| fates(&allocate(setting, &Strategy::DropPartner).unwrap().lines[0]);

    assert_eq!(dropped(&setting), [Fate::Granted, Fate::Dropped, Fate::Granted]);
    setting.candidates[0].parts[1].needed = true;
    assert_eq!(dropped(&setting), [Fate::Dropped, Fate::Granted, Fate::Granted]);
}

#[test]
fn a_part_is_cut_to_the_rest_but_not_below_its_floor() {
    let asks = || vec![candidate(1, 400, &[(1, 10), (1, 9), (2, 30)])];
    let cut = |budget: i64, floor: Option<i64>, share: Share| {
        let first = Agency { floor: floor.map(eur), ..agency(1, budget) };
        let scenario = allocate(&setting(vec![first, agency(2, 30)], asks()), &Strategy::CutToFloor { floor: share });
        let scenario = scenario.unwrap();
        scenario.lines[0].verdict.funds().then(|| granted(&scenario.lines[0]))
    };

    assert_eq!(cut(19, None, HALF), Some(vec![10, 9, 30]));
    assert_eq!(cut(17, None, HALF), Some(vec![10, 7, 30]), "the last gives way first");
    assert_eq!(cut(12, None, HALF), Some(vec![7, 5, 30]), "half of nine is rounded up");
    assert_eq!(cut(10, None, HALF), Some(vec![5, 5, 30]));
    assert_eq!(cut(9, None, HALF), None);
    assert_eq!(cut(13, Some(6), HALF), Some(vec![7, 6, 30]), "the agency's own floor");
    assert_eq!(cut(11, Some(6), HALF), None);
    assert_eq!(cut(1, None, Share::ZERO), None, "nobody is funded with nothing");
}

#[test]
fn a_pot_pays_in_its_own_currency_and_never_more_than_it_has() {
    let danish = Agency { id: id(3), budget: Money::new(1000, Dkk), rate: Rate::parse("0.1344").unwrap(), floor: None };
    let mut one = candidate(1, 400, &[(1, 10), (3, 0)]);
    one.parts[1].asked = Money::new(1100, Dkk);
    let setting = setting(vec![agency(1, 10), danish], vec![one]);
    let filled = |pot: Pot| allocate(&setting, &Strategy::BalancingPot(pot)).unwrap();

    // 100 øre are 13.44 cents, rounded up.
    assert_eq!(winners(&filled(pot(13, Turn::AtOnce))), [0; 0]);
    let scenario = filled(pot(14, Turn::AtOnce));
    assert_eq!(scenario.lines[0].parts[1].granted, Money::new(1100, Dkk));
    assert_eq!(scenario.lines[0].parts[1].filled, Money::new(100, Dkk));
    assert_eq!(scenario.pot.map(|pot| (pot.paid, pot.left)), Some((eur(14), eur(0))));
    assert_eq!(scenario.granted, eur(10 + 134 + 14));
    assert_eq!(winners(&filled(Pot { cap: Some(eur(13)), ..pot(100, Turn::AtOnce) })), [0; 0], "capped");
}

#[test]
fn a_pot_may_fill_gaps_of_one_agency_only() {
    let setting = setting(vec![agency(1, 5), agency(2, 5)], vec![candidate(1, 400, &[(1, 6), (2, 6)])]);
    let with =
        |gaps| winners(&allocate(&setting, &Strategy::BalancingPot(Pot { gaps, ..pot(9, Turn::AtOnce) })).unwrap());

    assert_eq!((with(Gaps::Every), with(Gaps::OfOneAgency)), (vec![1], vec![]));
}

#[test]
fn a_pot_that_pays_afterwards_takes_nothing_from_those_without_gaps() {
    let asks = vec![candidate(1, 400, &[(1, 8), (2, 6)]), candidate(2, 390, &[(2, 6), (3, 1)])];
    let setting = setting(vec![agency(1, 5), agency(2, 6), agency(3, 9)], asks);
    let with = |turn| winners(&allocate(&setting, &Strategy::BalancingPot(pot(3, turn))).unwrap());

    assert_eq!((with(Turn::AtOnce), with(Turn::Afterwards)), (vec![1], vec![2]));
}

#[test]
fn ties_are_broken_by_rule_and_say_so() {
    let mut equal = vec![
        candidate(3, 400, &[(1, 5), (2, 5)]),
        candidate(1, 400, &[(1, 9), (2, 5)]),
        candidate(2, 400, &[(1, 1), (2, 1), (3, 9)]),
        candidate(4, 410, &[(1, 5), (2, 5)]),
        candidate(5, 400, &[(1, 5), (2, 5)]),
    ];
    equal.iter_mut().for_each(|one| one.rank = 1);
    equal[4].rank = 2;
    let mut setting = setting(vec![agency(1, 9), agency(2, 9), agency(3, 9)], equal);
    let reasons = order(&mut setting, &[Tie::Score, Tie::FundingCountries, Tie::LessMoney]);

    let codes: Vec<&str> = setting.candidates.iter().map(|one| one.code.as_str()).collect();
    assert_eq!(codes, ["P004", "P002", "P003", "P001", "P005"]);
    let said: Vec<_> = reasons.iter().map(|one| one.map(|one| (one.by, one.own, one.other))).collect();
    let by = |tie, own, other| Some((Some(tie), own, other));
    let expected = [None, by(Tie::Score, 400, 410), by(Tie::FundingCountries, 2, 3), by(Tie::LessMoney, 14, 10), None];
    assert_eq!(said, expected);
    let reasons = order(&mut setting, &[Tie::Measure(0)]);
    assert_eq!(reasons[1], Some(TieReason { after: id(1), by: None, own: 0, other: 0 }), "the code decides");
}

#[test]
fn scenarios_stand_side_by_side() {
    let asks = vec![
        candidate(1, 400, &[(1, 8), (2, 6)]),
        candidate(2, 390, &[(1, 4), (2, 3)]),
        candidate(3, 380, &[(1, 4), (2, 3)]),
    ];
    let setting = setting(vec![agency(1, 8), agency(2, 8)], asks);
    let walk = allocate(&setting, &Strategy::StrictSkip).unwrap();
    let mirror = best_choice(&setting, Goal::Number);

    let difference = compare(&walk, &mirror.scenario);
    assert_eq!((difference.gained, difference.lost), (vec![id(2), id(3)], vec![id(1)]));
    assert_eq!((difference.funded, difference.score, difference.granted), (1, 370, eur(0)));
    assert_eq!(mirror.scenario.passed_over, 1);
}

#[test]
fn contradictions_are_refused() {
    let good = setting(vec![agency(1, 8), agency(2, 8)], vec![candidate(1, 400, &[(1, 8), (2, 6)])]);
    let refusal = |change: &dyn Fn(&mut Setting)| {
        let mut setting = good.clone();
        change(&mut setting);
        allocate(&setting, &Strategy::StrictSkip).unwrap_err()
    };

    assert_eq!(refusal(&|s| s.agencies.push(agency(1, 3))), Refusal::AgencyTwice { agency: id(1) });
    assert_eq!(refusal(&|s| s.candidates[0].parts[0].agency = id(9)), Refusal::UnknownAgency { part: id(100) });
    let danish = |s: &mut Setting| s.candidates[0].parts[0].asked = Money::new(8, Dkk);
    assert_eq!(refusal(&danish), Refusal::Currency { agency: id(1) });
    assert_eq!(refusal(&|s| s.candidates[0].parts[0].asked = eur(-1)), Refusal::Amount { agency: id(1) });
    assert_eq!(refusal(&|s| s.candidates.push(candidate(1, 1, &[]))), Refusal::ProposalTwice { proposal: id(1) });
    assert_eq!(refusal(&|s| s.candidates.insert(0, candidate(2, 1, &[]))), Refusal::Order { proposal: id(1) });
    let signed = |s: &mut Setting| s.signed = BTreeMap::from([(id(100), eur(9))]);
    assert_eq!(refusal(&signed), Refusal::Signed { part: id(100) });
    let poor = |s: &mut Setting| {
        s.signed.insert(id(100), eur(8));
        s.agencies[0].budget = eur(7);
    };
    assert_eq!(refusal(&poor), Refusal::SignedAboveBudget { agency: id(1), missing: eur(1) });
    let elsewhere = Pot { money: Money::new(1, Currency::Sek), ..pot(1, Turn::AtOnce) };
    assert_eq!(allocate(&good, &Strategy::BalancingPot(elsewhere)), Err(Refusal::Pot));
}
