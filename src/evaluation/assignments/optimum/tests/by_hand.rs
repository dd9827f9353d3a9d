use super::*;

const ONE: Load = Load { least: 0, most: 1 };
const ANY: Load = Load { least: 0, most: 9 };

#[test]
fn the_best_pairs_are_not_always_the_best_whole() {
    // Taking 9 first leaves 1: ten together; 8 and 7 are fifteen.
    let found = best_of(&table(&[&[9, 8], &[7, 1]], 1, ONE)).unwrap();

    assert_eq!(found.chosen, [[1], [0]]);
    assert_eq!((found.total, found.gap()), (15, 0));
}

#[test]
fn conflicts_locks_and_least_loads_are_kept() {
    let mut problem = table(&[&[5, 4, 1], &[5, 4, 1], &[5, 4, 1]], 1, Load { least: 1, most: 2 });
    problem.set(pair(0, 2), None).unwrap();
    problem.locks = vec![pair(1, 0)];

    let found = best_of(&problem).unwrap();

    assert_eq!(found.chosen, [[1], [0], [2]]);
    assert_eq!((found.total, found.gap()), (10, 0));
}

#[test]
fn a_need_takes_somebody_of_the_circle() {
    let mut problem = table(&[&[9, 8, 1, 2]], 2, ANY);
    let circle = problem.circle(vec![2, 3]);
    problem.needs.push(Need { proposal: 0, circle, least: 1 });

    let found = best_of(&problem).unwrap();

    assert_eq!((found.chosen, found.total, found.bound), (vec![vec![0, 3]], 11, 11));
}

#[test]
fn two_of_one_organisation_are_kept_apart() {
    let mut problem = table(&[&[9, 8, 1]], 2, ANY);
    let circle = problem.circle(vec![0, 1]);
    problem.apart.push(circle);

    let found = best_of(&problem).unwrap();

    assert_eq!((found.chosen, found.total, found.bound), (vec![vec![0, 2]], 10, 10));
}

#[test]
fn the_worst_served_comes_first_then_the_total() {
    let problem = table(&[&[10, 3], &[4, 0]], 1, ONE);

    let fairest = watched(|watch| fair(&problem, FULL, watch)).unwrap();

    assert_eq!(fairest.solution.chosen, [[1], [0]]);
    assert_eq!((fairest.floor, fairest.floor_bound, fairest.solution.total, fairest.solution.gap()), (3, 3, 7, 0));
}

#[test]
fn a_floor_that_nobody_reaches_is_named() {
    let refusal = watched(|watch| best_above(&table(&[&[1, 2]], 1, ONE), 3, FULL, watch)).unwrap_err();

    assert_eq!(refusal, Refusal::Contradiction { proposal: 0, rules: vec![Rule::Floor] });
}

#[test]
fn proposals_that_share_too_few_evaluators_are_named() {
    let mut problem = table(&[&[1, 1, 1], &[1, 1, 1], &[1, 1, 1]], 1, ONE);
    for (p, e) in [(0, 1), (0, 2), (2, 1), (2, 2)] {
        problem.set(pair(p, e), None).unwrap();
    }

    let refusal = best_of(&problem).unwrap_err();

    assert_eq!(refusal, Refusal::TooFewPlaces { proposals: vec![0, 2], evaluators: vec![0], missing: 1 });
}

#[test]
fn evaluators_whose_least_load_cannot_be_filled_are_named() {
    let mut problem = table(&[&[1, 1, 1], &[1, 1, 1]], 1, Load { least: 0, most: 2 });
    problem.loads[0].least = 1;
    problem.loads[1].least = 1;
    for (p, e) in [(0, 0), (0, 1)] {
        problem.set(pair(p, e), None).unwrap();
    }

    let refusal = best_of(&problem).unwrap_err();

    assert_eq!(refusal, Refusal::TooFewProposals { evaluators: vec![0, 1], proposals: vec![1], missing: 1 });
}

#[test]
fn rules_that_contradict_each_other_are_named() {
    let mut problem = table(&[&[9, 8, 1], &[1, 1, 1]], 2, ANY);
    let organisation = problem.circle(vec![0, 1]);
    problem.needs.push(Need { proposal: 0, circle: organisation, least: 2 });
    problem.apart.push(organisation);

    let refusal = best_of(&problem).unwrap_err();

    let rules = vec![Rule::Need(0), Rule::Apart(organisation)];
    assert_eq!(refusal, Refusal::Contradiction { proposal: 0, rules });
}

#[test]
fn rules_that_only_together_leave_nothing_are_proven_to() {
    // Both need the only evaluator of the circle.
    let mut problem = table(&[&[1, 1, 1], &[1, 1, 1]], 1, ONE);
    let circle = problem.circle(vec![2]);
    problem.needs.extend([0, 1].map(|proposal| Need { proposal, circle, least: 1 }));

    assert!(matches!(best_of(&problem), Err(Refusal::NoAssignment { .. })));
}

#[test]
fn faults_are_told_before_anything_is_searched() {
    let mut problem = table(&[&[1, 1]], 1, ONE);
    assert_eq!(problem.set(pair(1, 0), None), Err(Fault::UnknownPair { pair: pair(1, 0) }));
    assert_eq!(problem.set(pair(0, 0), Some(LARGEST + 1)), Err(Fault::TooLarge { pair: pair(0, 0) }));
    problem.locks = vec![pair(0, 0), pair(0, 1)];
    assert_eq!(best_of(&problem), Err(Refusal::Fault(Fault::LocksAboveWanted { proposal: 0 })));
    problem.locks.pop();
    problem.set(pair(0, 0), None).unwrap();
    assert_eq!(best_of(&problem), Err(Refusal::Fault(Fault::LockedConflict { pair: pair(0, 0) })));
}

#[test]
fn kept_pairs_stay_when_little_is_lost() {
    let mut problem = table(&[&[10, 9], &[9, 10]], 1, ONE);
    problem.kept = vec![pair(0, 1), pair(1, 0)];
    assert_eq!(best_of(&problem).unwrap().chosen, [[0], [1]]);

    problem.bonus = 2;
    let found = best_of(&problem).unwrap();

    assert_eq!(found.chosen, [[1], [0]]);
    assert_eq!((found.total, found.worth, found.gap()), (18, 22, 0));
}

#[test]
fn the_next_best_says_who_goes_and_who_comes() {
    let problem = table(&[&[9, 8], &[7, 1]], 1, ONE);
    let found = best_of(&problem).unwrap();
    let next = watched(|watch| {
        Alternatives::of(&problem, None, &found, FULL, watch).and_then(|mut all| all.without(pair(1, 0), watch))
    })
    .unwrap();

    assert_eq!((next.loss, next.least_loss), (5, 5));
    assert_eq!(next.gone, [pair(0, 1), pair(1, 0)]);
    assert_eq!(next.come, [pair(0, 0), pair(1, 1)]);
}

#[test]
fn figures_count_what_drafts_are_compared_by() {
    let problem = table(&[&[9, 8], &[7, 1]], 1, ONE);
    let figures = Figures::of(&problem, &best_of(&problem).unwrap(), &[pair(0, 0), pair(1, 0)]);

    let expected =
        Figures { total: 15, worst: 7, tenth_percentile: 7, worst_tenth: 7, loads: vec![0, 2], unmet_wishes: 1 };
    assert_eq!(figures, expected);
}

#[test]
fn a_watcher_stops_the_search() {
    let mut calls = 0;
    let mut tell = |_: Progress| {
        calls += 1;
        false
    };
    let stopped = best(&table(&[&[9, 8], &[7, 1]], 1, ONE), FULL, &mut Watch::new(&mut tell));

    assert_eq!(stopped, Err(Refusal::Stopped));
    assert_eq!(calls, 1);
}

#[test]
fn nothing_to_assign_is_an_assignment() {
    let none = best_of(&Problem::new(0, 3, 2, ONE)).unwrap();
    let nobody = best_of(&Problem::new(2, 0, 0, ONE)).unwrap();

    assert_eq!((none.chosen.len(), none.gap()), (0, 0));
    assert_eq!((nobody.chosen.len(), nobody.gap()), (2, 0));
}
