use super::{
    small_problems::{Dice, all, fairest, keeps, problem, worth},
    *,
};

/// Rejects nothing but what cannot be: faults stand for problems without an assignment too.
fn agrees(problem: &Problem, floor: Option<i64>, found: Result<Solution, Refusal>, case: u32) -> bool {
    let expected = all(problem, floor);
    match found {
        Ok(found) => {
            assert!(keeps(problem, floor, &found.chosen), "case {case} breaks a rule: {found:?}\n{problem:?}");
            assert_eq!(found.worth, worth(problem, &found.chosen), "case {case}");
            assert_eq!(Some(found.worth), expected, "case {case} is not the best: {problem:?}");
            assert_eq!(found.gap(), 0, "case {case} is not proven: {problem:?}");
            true
        }
        Err(refusal) => {
            assert_eq!(expected, None, "case {case} was refused: {refusal:?}\n{problem:?}");
            assert!(!matches!(refusal, Refusal::NotFound { .. }), "case {case} is left open: {problem:?}");
            false
        }
    }
}

#[test]
fn flows_are_the_best_of_all_assignments_and_prices_prove_it() {
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    let mut found = 0;
    for case in 0..600 {
        let problem = problem(&mut dice, false);
        let result = best_of(&problem);
        if let Ok(solution) = &result {
            assert_eq!(bound_at(&problem, None, &solution.places), Some(solution.worth), "case {case}");
        }
        found += u32::from(agrees(&problem, None, result, case));
    }
    assert!((150..550).contains(&found), "the cases are one-sided: {found} of 600 have an assignment");
}

#[test]
fn needs_and_circles_are_kept_at_the_least_loss() {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut found = 0;
    for case in 0..600 {
        let problem = problem(&mut dice, true);
        found += u32::from(agrees(&problem, None, best_of(&problem), case));
    }
    assert!((100..550).contains(&found), "the cases are one-sided: {found} of 600 have an assignment");
}

#[test]
fn floors_are_kept_at_the_least_loss() {
    let mut dice = Dice(0xd1b5_4a32_d192_ed03);
    let mut found = 0;
    for case in 0..400 {
        let problem = problem(&mut dice, case % 2 == 0);
        let Some((floor, _)) = fairest(&problem) else { continue };
        for floor in [floor - 1, floor, floor + 1] {
            let result = watched(|watch| best_above(&problem, floor, FULL, watch));
            found += u32::from(agrees(&problem, Some(floor), result, case));
        }
    }
    assert!(found > 200, "{found} have an assignment");
}

#[test]
fn the_fairest_has_the_highest_floor_and_then_the_highest_worth() {
    let mut dice = Dice(0x94d0_49bb_1331_11eb);
    for case in 0..400 {
        let problem = problem(&mut dice, case % 2 == 0);
        match (fairest(&problem), watched(|watch| fair(&problem, FULL, watch))) {
            (Some((floor, worth)), Ok(found)) => {
                assert!(keeps(&problem, Some(floor), &found.solution.chosen), "case {case}: {problem:?}");
                assert_eq!((found.floor, found.solution.worth), (floor, worth), "case {case}: {problem:?}");
                assert_eq!((found.floor_bound, found.solution.gap()), (floor, 0), "case {case}: {problem:?}");
            }
            (None, Err(_)) => {}
            (expected, found) => panic!("case {case}: {expected:?}, but {found:?}"),
        }
    }
}

#[test]
fn the_next_best_is_the_best_without_the_pair() {
    let mut dice = Dice(0xbf58_476d_1ce4_e5b9);
    for case in 0..200 {
        let problem = problem(&mut dice, case % 2 == 0);
        let Ok(solution) = best_of(&problem) else { continue };
        let mut next = watched(|watch| Alternatives::of(&problem, None, &solution, FULL, watch)).unwrap();
        for (p, set) in solution.chosen.iter().enumerate() {
            for e in set {
                let mut without = problem.clone();
                without.set(pair(p, *e), None).unwrap();
                let expected = if problem.locks.contains(&pair(p, *e)) { None } else { all(&without, None) };
                let found = watched(|watch| next.without(pair(p, *e), watch));
                match (expected, found) {
                    (Some(worth), Ok(found)) => {
                        assert_eq!((found.loss, found.least_loss), (solution.worth - worth, solution.worth - worth));
                        let mut chosen = solution.chosen.clone();
                        let own = found.gone.iter().all(|gone| chosen[gone.proposal].contains(&gone.evaluator));
                        if own {
                            found.gone.iter().for_each(|pair| chosen[pair.proposal].retain(|e| *e != pair.evaluator));
                            found.come.iter().for_each(|pair| chosen[pair.proposal].push(pair.evaluator));
                            chosen.iter_mut().for_each(|set| set.sort_unstable());
                            assert!(keeps(&without, None, &chosen), "case {case}");
                        }
                    }
                    (None, Err(_)) => {}
                    (expected, found) => panic!("case {case}: {expected:?}, but {found:?}"),
                }
            }
        }
    }
}

#[test]
fn witnesses_of_what_cannot_be_served_hold() {
    let mut dice = Dice(0x1234_5678_9abc_def1);
    let mut seen = 0;
    for _ in 0..2000 {
        let mut problem = problem(&mut dice, false);
        problem.locks.clear();
        if let Err(Refusal::TooFewPlaces { proposals, evaluators, missing }) = best_of(&problem) {
            // What the named proposals want beyond everybody else they may have, against the places named.
            let open = |p: usize, e: usize| problem.affinity(pair(p, e)).is_some();
            let outside = |p: usize| (0..problem.evaluators).filter(|e| !evaluators.contains(e) && open(p, *e)).count();
            let want: i64 =
                proposals.iter().map(|p| i64::from(problem.wanted[*p]) - i64::try_from(outside(*p)).unwrap()).sum();
            // One pair each: a place counts as often as named proposals may have it.
            let places: i64 = evaluators.iter().map(|e| i64::from(problem.loads[*e].most)).sum();
            assert_eq!(want - places, i64::try_from(missing).unwrap(), "{problem:?}");
            seen += 1;
        }
    }
    assert!(seen > 50, "{seen}");
}

#[test]
fn the_same_question_has_the_same_answer() {
    let mut dice = Dice(7);
    for case in 0..100 {
        let problem = problem(&mut dice, case % 2 == 0);
        let answer = || watched(|watch| fair(&problem, FULL, watch));
        assert_eq!(answer(), answer());
    }
}
