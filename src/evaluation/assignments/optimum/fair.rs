//! The worst-served proposal first, then the total.

use super::{
    best_set::best_set,
    problem::Problem,
    progress::{Stage, Watch},
    refusal::Refusal,
    search::{Effort, Outcome, Search, best, grain},
    solution::Solution,
    terms::{Terms, small},
};

/// An assignment with the highest floor that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fair {
    /// Its bound holds for assignments that keep this floor.
    pub solution: Solution,
    /// Sum of affinities of the worst-served proposal that gets anybody, in millionths.
    pub floor: i64,
    /// No assignment has a higher floor than this.
    pub floor_bound: i64,
}

/// The highest possible sum of affinities for the worst-served proposal, then the highest worth among the
/// assignments that keep it.
///
/// To find the highest floor is hard in general (Garg, Kavitha, Kumar, Mehlhorn & Mestre 2010; Stelmakh, Shah &
/// Singh 2018 and Kobren, Saha & McCallum 2019 approximate it): floors are tried from the highest that any single
/// proposal allows, then by halving; each one is reached, refuted by prices, or left open. The bound says what was
/// refuted. Each try costs as much as [`best`] with rules.
///
/// # Errors
/// As for [`best`].
pub fn fair(problem: &Problem, effort: Effort, watch: &mut Watch<'_>) -> Result<Fair, Refusal> {
    let first = best(problem, effort, watch)?;
    let served = |p: usize| problem.wanted[p] > 0;
    let worst = |solution: &Solution| {
        let sum = |p: usize| solution.sum(problem, p);
        (0..problem.proposals).filter(|p| served(*p)).map(sum).min()
    };
    let Some(mut low) = worst(&first) else {
        return Ok(Fair { solution: first, floor: 0, floor_bound: 0 });
    };
    let plain = Terms::without_bonus(problem);
    let free = vec![0; problem.evaluators];
    let alone = |p: usize| best_set(&plain, p, &free).map(|(sum, _)| sum);
    let most = (0..problem.proposals).filter(|p| served(*p)).filter_map(alone).min().unwrap_or(low).max(low);
    let grain = grain(&plain);
    let (mut open, mut bound) = (most, most);
    let mut reached: Option<Solution> = None;
    let mut next = most;
    // Where the size forbids branching, tries get a part of the rounds only.
    let tries = if effort.nodes == 0 { Effort { rounds: effort.rounds.div_ceil(3), ..effort } } else { effort };
    for _ in 0..effort.floors {
        if low >= open {
            break;
        }
        watch.stage(Stage::Floor, Some(u64::from(effort.floors)));
        watch.round(Some(low), Some(bound))?;
        let mut search = Search::new(Terms::new(problem, Some(next)), watch);
        search.any = true;
        let tried = match search.run(tries) {
            Err(Refusal::Contradiction { .. }) => Outcome::Impossible(Vec::new()),
            other => other?,
        };
        match tried {
            Outcome::Found(solution) => {
                low = worst(&solution).unwrap_or(low).max(next);
                reached = Some(solution);
            }
            Outcome::Impossible(_) => {
                (open, bound) = (next - grain, bound.min(next - grain));
            }
            Outcome::Unknown(_) => open = next - grain,
        }
        // Rounded up to what sums can be: never the floor that is reached already.
        next = (low + (open - low) / 2 / grain * grain).max(low + grain).min(open.max(low));
    }
    let Some(reached) = reached else {
        return Ok(Fair { solution: first, floor: low, floor_bound: bound.max(low) });
    };
    let mut search = Search::new(Terms::new(problem, Some(low)), watch);
    search.start(reached.chosen.iter().map(|set| set.iter().map(|e| small(*e)).collect()).collect());
    match search.run(effort)? {
        Outcome::Found(solution) => Ok(Fair { solution, floor: low, floor_bound: bound.max(low) }),
        Outcome::Impossible(proposals) | Outcome::Unknown(proposals) => Err(Refusal::NotFound { proposals }),
    }
}
