//! The optimum on data of real conferences: totals, floors and their proofs.
//!
//! The affinities of the files are rounded to millionths, so totals may differ from those computed from the conferences'
//! own by some millionths (midl by 2, aamas2021 by 26). The prices prove that no assignment of the files has more.

use fairway::evaluation::assignments::optimum::{
    Alternatives, Effort, Fair, Figures, Load, Pair, Problem, Progress, Solution, Watch, best, bound_at, fair,
};
use std::{io::Read, path::Path};

/// A conference of `tests/data/assignment`.
fn conference(name: &str, wanted: u32, least: u32, most: u32) -> Problem {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/assignment").join(format!("{name}.csv.gz"));
    let mut text = String::new();
    flate2::read::GzDecoder::new(std::fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    let rows: Vec<(Pair, Option<i64>)> = text
        .lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            let pair = Pair { proposal: cells[0].parse().unwrap(), evaluator: cells[1].parse().unwrap() };
            (pair, (cells[3] == "0").then(|| millionths(cells[2])))
        })
        .collect();
    let count = |of: fn(&Pair) -> usize| rows.iter().map(|(pair, _)| of(pair)).max().unwrap() + 1;
    let mut problem = Problem::new(count(|p| p.proposal), count(|p| p.evaluator), wanted, Load { least, most });
    for (pair, affinity) in rows {
        problem.set(pair, affinity).unwrap();
    }
    problem
}

/// The file has at most six decimals, some written as 8e-05.
fn millionths(text: &str) -> i64 {
    (text.parse::<f64>().unwrap() * 1e6).round() as i64
}

fn solved(problem: &Problem) -> (Solution, Fair) {
    let mut tell = |_: Progress| true;
    let mut watch = Watch::new(&mut tell);
    let effort = Effort::for_size(problem.proposals, problem.evaluators);
    (best(problem, effort, &mut watch).unwrap(), fair(problem, effort, &mut watch).unwrap())
}

/// Loads, numbers and conflicts of an assignment, told from the problem alone.
fn keeps(problem: &Problem, solution: &Solution) {
    let mut load = vec![0; problem.evaluators];
    for (proposal, chosen) in solution.chosen.iter().enumerate() {
        assert_eq!(chosen.len(), problem.wanted[proposal] as usize);
        assert!(chosen.windows(2).all(|two| two[0] < two[1]));
        assert!(chosen.iter().all(|evaluator| problem.affinity(Pair { proposal, evaluator: *evaluator }).is_some()));
        chosen.iter().for_each(|e| load[*e] += 1);
    }
    assert!(load.iter().zip(&problem.loads).all(|(n, own)| (own.least..=own.most).contains(n)));
}

/// What a conference should come to: millionths.
struct Expected {
    total: i64,
    worst: i64,
    floor: i64,
    fair_total: i64,
    worst_tenth: i64,
}

fn comes_to(problem: &Problem, expected: &Expected) {
    let (optimum, fairest) = solved(problem);

    keeps(problem, &optimum);
    keeps(problem, &fairest.solution);
    assert_eq!((optimum.total, optimum.gap()), (expected.total, 0));
    assert_eq!(bound_at(problem, None, &optimum.places), Some(expected.total), "the prices prove it");
    assert!(Figures::of(problem, &optimum, &[]).worst >= expected.worst);
    let figures = Figures::of(problem, &fairest.solution, &[]);
    assert_eq!((figures.worst, fairest.floor, fairest.floor_bound), (expected.floor, expected.floor, expected.floor));
    assert_eq!((figures.total, fairest.solution.gap()), (expected.fair_total, 0));
    assert_eq!(figures.worst_tenth, expected.worst_tenth);
}

#[test]
fn midl_is_best_and_its_floor_highest() {
    let expected = Expected {
        total: 201_884_878,
        worst: 903_269,
        floor: 944_839,
        fair_total: 201_768_731,
        worst_tenth: 1_051_994,
    };
    comes_to(&conference("midl", 3, 0, 4), &expected);
}

#[test]
fn aamas_2015_is_best_and_its_floor_highest() {
    let expected = Expected {
        total: 1_406_250_000,
        worst: 750_000,
        floor: 1_500_000,
        fair_total: 1_375_750_000,
        worst_tenth: 1_500_000,
    };
    comes_to(&conference("aamas2015", 3, 0, 12), &expected);
}

#[test]
fn aamas_2021_is_best_and_its_floor_highest() {
    let expected =
        Expected { total: 175_804_166, worst: 285_357, floor: 285_357, fair_total: 175_804_166, worst_tenth: 301_850 };
    comes_to(&conference("aamas2021", 4, 0, 6), &expected);
}

#[test]
fn aamas_2021_with_least_loads_is_best_and_its_floor_highest() {
    let expected =
        Expected { total: 175_609_621, worst: 285_121, floor: 285_357, fair_total: 175_607_132, worst_tenth: 301_229 };
    comes_to(&conference("aamas2021", 4, 2, 6), &expected);
}

#[test]
fn preflib_is_best_and_its_floor_highest() {
    let expected =
        Expected { total: 124_250_000, worst: 750_000, floor: 750_000, fair_total: 124_250_000, worst_tenth: 850_000 };
    comes_to(&conference("preflib1", 3, 0, 6), &expected);
}

#[test]
fn what_a_pair_is_worth_is_what_the_optimum_loses_without_it() {
    let mut problem = conference("midl", 3, 0, 4);
    let (optimum, _) = solved(&problem);
    let effort = Effort::for_size(problem.proposals, problem.evaluators);
    let asked = problem.clone();
    let mut tell = |_: Progress| true;
    let mut watch = Watch::new(&mut tell);
    let mut alternatives = Alternatives::of(&asked, None, &optimum, effort, &mut watch).unwrap();
    for (proposal, chosen) in optimum.chosen.iter().enumerate().step_by(10) {
        let pair = Pair { proposal, evaluator: chosen[0] };
        let affinity = problem.affinity(pair);
        problem.set(pair, None).unwrap();
        let without = best(&problem, effort, &mut watch).unwrap();
        problem.set(pair, affinity).unwrap();

        let next = alternatives.without(pair, &mut watch).unwrap();

        assert_eq!((next.loss, next.least_loss), (optimum.total - without.total, optimum.total - without.total));
        assert!(next.gone.contains(&pair) && next.gone.len() == next.come.len());
    }
}

#[test]
fn a_repeated_run_around_locks_changes_little() {
    let mut problem = conference("midl", 3, 0, 4);
    let (before, _) = solved(&problem);
    let pairs = |solution: &Solution| -> Vec<Pair> {
        let of = |(proposal, set): (usize, &Vec<usize>)| {
            set.iter().map(|evaluator| Pair { proposal, evaluator: *evaluator }).collect::<Vec<_>>()
        };
        solution.chosen.iter().enumerate().flat_map(of).collect()
    };
    // An officer forbids one pair and locks what the same evaluator has besides.
    let all = pairs(&before);
    problem.set(all[0], None).unwrap();
    problem.locks = all[1..3].to_vec();
    problem.kept = all.clone();
    problem.bonus = 1_000;

    let (after, _) = solved(&problem);

    keeps(&problem, &after);
    let new = pairs(&after).into_iter().filter(|pair| !all.contains(pair)).count();
    assert!((1..=6).contains(&new), "{new} pairs are new");
}
