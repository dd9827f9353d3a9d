//! The optimum of real conferences beside the solver it is compared with, and how it grows with size:
//! `cargo bench --bench assignment`. A name as argument runs only what begins with it; `made 10000` takes about a
//! minute.
//!
//! The compared solver is openreview-matcher; its times were measured once on the same kind of machine and are written
//! here. Memory is the peak of the whole process so far, so that the sizes are run in ascending order.

use fairway::evaluation::assignments::optimum::{
    Alternatives, Effort, Figures, Load, Need, Pair, Problem, Progress, Solution, Watch, best, fair,
};
use std::{
    io::Read,
    path::Path,
    time::{Duration, Instant},
};

/// A conference, its loads, and the seconds the compared solver took for the total and for the floor.
struct Conference {
    name: &'static str,
    wanted: u32,
    least: u32,
    most: u32,
    total: Option<f64>,
    floor: Option<f64>,
}

const CONFERENCES: [Conference; 5] = [
    Conference { name: "preflib1", wanted: 3, least: 0, most: 6, total: None, floor: None },
    Conference { name: "midl", wanted: 3, least: 0, most: 4, total: Some(0.19), floor: Some(1.6) },
    Conference { name: "aamas2015", wanted: 3, least: 0, most: 12, total: Some(2.3), floor: Some(32.5) },
    Conference { name: "aamas2021", wanted: 4, least: 0, most: 6, total: Some(7.5), floor: Some(14.0) },
    Conference { name: "aamas2021", wanted: 4, least: 2, most: 6, total: Some(17.0), floor: Some(51.0) },
];

const SIZES: [(usize, usize); 4] = [(500, 150), (1_000, 300), (2_000, 600), (10_000, 3_000)];

fn main() {
    let only = std::env::args().skip(1).find(|word| !word.starts_with('-')).unwrap_or_default();
    println!("total, worst, tenth: sums of affinities; gap: what a better one could at most gain; peak memory so far");
    for one in CONFERENCES.iter().filter(|one| one.name.starts_with(&only)) {
        let problem = conference(one);
        let what = format!("{} {}–{}", one.name, one.least, one.most);
        measure(&what, &problem, Goal::Total, one.total);
        measure(&what, &problem, Goal::Floor, one.floor);
    }
    for (proposals, evaluators) in SIZES {
        let what = format!("made {proposals} × {evaluators}");
        if what.starts_with(&only) {
            let mut problem = made(proposals, evaluators);
            measure(&what, &problem, Goal::Total, None);
            next_best(&what, &problem);
            measure(&what, &problem, Goal::Floor, None);
            with_rules(&mut problem);
            measure(&format!("{what}, rules"), &problem, Goal::Total, None);
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Goal {
    Total,
    Floor,
}

/// Solves a problem until half a second is used up, once at least, and prints the fastest.
fn measure(what: &str, problem: &Problem, goal: Goal, compared: Option<f64>) {
    let effort = Effort::for_size(problem.proposals, problem.evaluators);
    let start = Instant::now();
    let mut fastest = Duration::MAX;
    let mut solved: Option<(Solution, String)> = None;
    while solved.is_none() || start.elapsed() < Duration::from_millis(500) {
        let mut tell = |_: Progress| true;
        let mut watch = Watch::new(&mut tell);
        let run = Instant::now();
        let found = match goal {
            Goal::Total => best(problem, effort, &mut watch).map(|found| (found, String::new())),
            Goal::Floor => fair(problem, effort, &mut watch).map(|found| {
                let (floor, bound) = (units(found.floor), units(found.floor_bound));
                (found.solution, format!(", floor {floor} of at most {bound}"))
            }),
        };
        fastest = fastest.min(run.elapsed());
        solved = match found {
            Ok(found) => Some(found),
            Err(refusal) => return println!("{what}: {refusal}"),
        };
    }
    let Some((solution, floor)) = solved else { return };
    let figures = Figures::of(problem, &solution, &[]);
    let seconds = fastest.as_secs_f64();
    let ratio = compared.map_or(String::new(), |other| {
        let verdict = if seconds * 10.0 <= other { "within a tenth" } else { "MORE than a tenth" };
        format!(" · compared solver {other} s, {:.0} times as long: {verdict}", other / seconds)
    });
    let goal = if goal == Goal::Total { "total" } else { "floor" };
    let (total, worst, tenth) = (units(figures.total), units(figures.worst), units(figures.worst_tenth));
    let gap = units(solution.gap());
    println!(
        "{what:<26} {goal}  {seconds:>8.4} s  {:>4} MB  total {total}, worst {worst}, tenth {tenth}, gap {gap}{floor}{ratio}",
        peak()
    );
}

/// What one pair is worth, asked for a hundred pairs.
fn next_best(what: &str, problem: &Problem) {
    let effort = Effort::for_size(problem.proposals, problem.evaluators);
    let mut tell = |_: Progress| true;
    let mut watch = Watch::new(&mut tell);
    let Ok(solution) = best(problem, effort, &mut watch) else { return };
    let Ok(mut alternatives) = Alternatives::of(problem, None, &solution, effort, &mut watch) else { return };
    let (start, mut asked) = (Instant::now(), 0_u32);
    for (proposal, chosen) in solution.chosen.iter().enumerate().step_by(problem.proposals.div_ceil(20)) {
        asked += u32::from(alternatives.without(Pair { proposal, evaluator: chosen[0] }, &mut watch).is_ok());
    }
    let each = start.elapsed().as_secs_f64() / f64::from(asked.max(1));
    println!("{what:<26} next   {each:>8.4} s  for the next best of one pair, mean of {asked}");
}

fn units(millionths: i64) -> String {
    format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000)
}

/// Megabytes, as Linux counts them.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) / 1024
}

fn conference(one: &Conference) -> Problem {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/assignment");
    let mut text = String::new();
    let file = std::fs::File::open(folder.join(format!("{}.csv.gz", one.name))).expect("the data are there");
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).expect("the data are text");
    let rows: Vec<(Pair, Option<i64>)> = text.lines().skip(1).filter_map(row).collect();
    let proposals = rows.iter().map(|(pair, _)| pair.proposal + 1).max().unwrap_or(0);
    let evaluators = rows.iter().map(|(pair, _)| pair.evaluator + 1).max().unwrap_or(0);
    let mut problem = Problem::new(proposals, evaluators, one.wanted, Load { least: one.least, most: one.most });
    for (pair, affinity) in rows {
        problem.set(pair, affinity).expect("the pair exists");
    }
    problem
}

fn row(line: &str) -> Option<(Pair, Option<i64>)> {
    let mut cells = line.split(',');
    let pair = Pair { proposal: cells.next()?.parse().ok()?, evaluator: cells.next()?.parse().ok()? };
    // A conflict has no affinity.
    Some((pair, cells.next()?.parse::<f64>().ok().map(|affinity| (affinity * 1e6).round() as i64)))
}

/// Numbers that look random and are always the same (Marsaglia's xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

/// Proposals of two topics and evaluators of three out of 25, some noise, 2 % conflicts, four each, loads from two.
fn made(proposals: usize, evaluators: usize) -> Problem {
    const TOPICS: u64 = 25;
    let mut dice = Dice(88_172_645_463_325_252);
    let most = u32::try_from((proposals * 4).div_ceil(evaluators) * 5 / 4 + 1).unwrap_or(u32::MAX);
    let mut problem = Problem::new(proposals, evaluators, 4, Load { least: 2, most });
    let topics: Vec<[u64; 3]> = (0..evaluators).map(|_| [0; 3].map(|_| dice.below(TOPICS))).collect();
    for proposal in 0..proposals {
        let (first, second) = (dice.below(TOPICS), dice.below(TOPICS));
        for (evaluator, own) in topics.iter().enumerate() {
            let fits = |topic| i64::try_from(own.iter().filter(|t| **t == topic).count()).unwrap_or(0);
            let noise = i64::try_from(dice.below(300_000)).unwrap_or(0);
            let affinity = fits(first) * 400_000 + fits(second) * 200_000 + noise;
            let conflict = dice.below(100) < 2;
            problem.set(Pair { proposal, evaluator }, (!conflict).then_some(affinity)).expect("the pair exists");
        }
    }
    problem
}

/// A language of four, somebody from outside one of twenty countries, organisations of three.
fn with_rules(problem: &mut Problem) {
    let mut dice = Dice(1_234_567);
    let all = problem.evaluators;
    let spoken: Vec<usize> = [5, 3, 2, 1]
        .into_iter()
        .map(|tenths| problem.circle((0..all).filter(|e| e * 7_919 % 10 < tenths || dice.below(10) == 0).collect()))
        .collect();
    let outside: Vec<usize> =
        (0..20).map(|country| problem.circle((0..all).filter(|e| e * 31 % 20 / 4 != country / 4).collect())).collect();
    for proposal in 0..problem.proposals {
        for circles in [&spoken, &outside] {
            let circle = circles[usize::try_from(dice.below(circles.len() as u64)).unwrap_or(0)];
            problem.needs.push(Need { proposal, circle, least: 1 });
        }
    }
    for organisation in 0..all / 3 {
        let circle = problem.circle((0..all).filter(|e| e % (all / 3) == organisation).collect());
        problem.apart.push(circle);
    }
}
