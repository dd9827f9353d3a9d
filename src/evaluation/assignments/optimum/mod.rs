pub mod network;
pub mod problem;
pub mod refusal;
pub mod progress;
pub mod solution;
mod terms;
mod best_set;
use progress::*; use problem::*; use refusal::*; use solution::*;
pub fn flow(problem: &Problem, watch: &mut Watch<'_>) -> Result<Solution, Refusal> {
    problem.check()?;
    let terms = terms::Terms::new(problem, None);
    let mut network = terms.network();
    network.solve(watch)?;
    if let Some(r) = network.witness() { return Err(r) }
    let places: Vec<i64> = (0..problem.evaluators).map(|e| network.place(e)).collect();
    let b = bound(&terms, &places).unwrap();
    Ok(Solution::of(&terms, &terms.sets(&network), b, places))
}
