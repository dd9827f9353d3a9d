//! The worked trap of domain.md 6.4: rank 1 needs LT 12 + NO 25, rank 2 LT 12 + DK 30, rank 3 DK 30 + NO 25; LT has 12,
//! NO and DK have plenty.

use super::*;

fn worked_trap() -> Setting {
    setting(
        vec![agency(1, 12), agency(2, 1000), agency(3, 1000)],
        vec![
            candidate(1, 450, &[(1, 12), (2, 25)]),
            candidate(2, 440, &[(1, 12), (3, 30)]),
            candidate(3, 430, &[(3, 30), (2, 25)]),
        ],
    )
}

fn funded(strategy: Strategy) -> Scenario {
    allocate(&worked_trap(), &strategy).unwrap()
}

#[test]
fn strict_skip_funds_one_and_three() {
    let scenario = funded(Strategy::StrictSkip);

    assert_eq!(winners(&scenario), [1, 3]);
    assert_eq!(scenario.lines[1].verdict, Verdict::Skipped);
    assert_eq!(scenario.lines[1].lacking, [(id(1), eur(12))]);
    assert_eq!(fates(&scenario.lines[1]), [Fate::Lacking, Fate::Stranded]);
    assert_eq!((scenario.passed_over, scenario.score, scenario.granted), (1, 880, eur(92)));
    let lt = scenario.agencies[0];
    assert_eq!((lt.asked, lt.granted, lt.left, lt.subscribed), (eur(24), eur(12), eur(0), Some(20_000)));
    let dk = scenario.agencies[2];
    assert_eq!((dk.asked, dk.granted, dk.left, dk.stranded), (eur(60), eur(30), eur(970), eur(30)));
    let waits =
        |agency: usize| scenario.reserve[&id(agency)].iter().map(|one| (one.place, one.part)).collect::<Vec<_>>();
    assert_eq!((waits(1), waits(3)), (vec![(1, id(200))], vec![(1, id(201))]));
    assert_eq!(scenario.reserve.get(&id(2)), None);
}

#[test]
fn strict_stop_funds_only_one() {
    let scenario = funded(Strategy::StrictStop);

    assert_eq!(winners(&scenario), [1]);
    let verdicts: Vec<Verdict> = scenario.lines.iter().map(|line| line.verdict).collect();
    assert_eq!(verdicts, [Verdict::Funded, Verdict::Skipped, Verdict::Stopped]);
    assert_eq!(fates(&scenario.lines[2]), [Fate::NotReached, Fate::NotReached]);
}

#[test]
fn dropping_a_partner_cannot_save_two() {
    let scenario = funded(Strategy::DropPartner);

    assert_eq!(winners(&scenario), [1, 3]);
    assert_eq!(scenario.lines[1].verdict, Verdict::Skipped);
}

#[test]
fn nothing_is_left_to_be_cut_to() {
    assert_eq!(winners(&funded(Strategy::CutToFloor { floor: HALF })), [1, 3]);
}

#[test]
fn a_pot_saves_two_when_it_holds_the_gap() {
    for turn in [Turn::AtOnce, Turn::Afterwards] {
        assert_eq!(winners(&funded(Strategy::BalancingPot(pot(11, turn)))), [1, 3]);
        let scenario = funded(Strategy::BalancingPot(pot(20, turn)));
        assert_eq!(winners(&scenario), [1, 2, 3]);
        assert_eq!(fates(&scenario.lines[1]), [Fate::Filled, Fate::Granted]);
        assert_eq!(scenario.lines[1].parts[0].filled, eur(12));
        assert_eq!(scenario.pot.map(|pot| (pot.paid, pot.left)), Some((eur(12), eur(8))));
        assert_eq!((scenario.agencies[0].left, scenario.granted), (eur(0), eur(134)));
    }
}

#[test]
fn the_optimum_takes_one_and_three() {
    for (goal, value) in [(Goal::Score, 880), (Goal::Number, 2)] {
        let mirror = best_choice(&worked_trap(), goal);
        assert_eq!((winners(&mirror.scenario), mirror.value, mirror.gap()), (vec![1, 3], value, 0));
        assert_eq!(mirror.scenario.lines[1].verdict, Verdict::NotChosen);
        assert_eq!(mirror.scenario.lines[1].lacking, [(id(1), eur(12))]);
        assert_eq!(mirror.hints.keys().copied().collect::<Vec<OrganisationId>>(), [id(1)], "only LT is short");
    }
}

#[test]
fn twelve_more_in_lithuania_fund_two() {
    let found = sensitivity(&worked_trap(), &Strategy::StrictSkip).unwrap();

    let more = Change { agency: Some(id(1)), amount: eur(12), gains: vec![id(2)], loses: vec![] };
    assert_eq!(found.more, [more]);
    let one_less = &found.less[0];
    // Without LT, the next to ask is still refused: rank 1 falls and nobody follows.
    assert_eq!((one_less.amount, &one_less.gains, &one_less.loses), (eur(1), &vec![], &vec![id(1)]));
    let norway = &found.less[1];
    assert_eq!((norway.agency, norway.amount, &norway.loses), (Some(id(2)), eur(951), &vec![id(3)]));
}

#[test]
fn the_nordic_top_up_pays_in_rank_order() {
    let setting = worked_trap();
    let scenario = allocate(&setting, &Strategy::BalancingPot(pot(20, Turn::AtOnce))).unwrap();
    let (lines, left) = top_up(&TopUp::nordic_council(eur(2_500_000)), &setting, &scenario);

    let paid: Vec<(usize, usize, i64)> =
        lines.iter().map(|line| (line.funding_countries, line.nordic, line.paid.minor)).collect();
    assert_eq!(paid, [(2, 1, 1_000_000), (2, 1, 1_000_000), (2, 2, 0)]);
    assert_eq!((lines[2].due, left), (eur(1_000_000), eur(500_000)));
    let (lines, left) = top_up(&TopUp { rest: true, ..TopUp::nordic_council(eur(2_500_000)) }, &setting, &scenario);
    assert_eq!((lines[2].paid, left), (eur(500_000), eur(0)));
}
