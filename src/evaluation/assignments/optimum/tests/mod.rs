//! Small cases by hand, and hundreds of small problems against trying everything.

mod against_all;
mod by_hand;
mod small_problems;

use super::*;

const FULL: Effort = Effort { rounds: 40, nodes: 100_000, floors: 40 };

/// A problem from rows of affinities in millionths.
fn table(rows: &[&[i64]], wanted: u32, load: Load) -> Problem {
    let mut problem = Problem::new(rows.len(), rows[0].len(), wanted, load);
    for (proposal, row) in rows.iter().enumerate() {
        for (evaluator, affinity) in row.iter().enumerate() {
            problem.set(Pair { proposal, evaluator }, Some(*affinity)).unwrap();
        }
    }
    problem
}

fn pair(proposal: usize, evaluator: usize) -> Pair {
    Pair { proposal, evaluator }
}

fn watched<T>(act: impl FnOnce(&mut Watch<'_>) -> T) -> T {
    let mut tell = |_: Progress| true;
    act(&mut Watch::new(&mut tell))
}

fn best_of(problem: &Problem) -> Result<Solution, Refusal> {
    watched(|watch| best(problem, FULL, watch))
}
