//! What a chosen pair is worth: what is lost when it may not be.

use super::{
    network::{NEVER, Network},
    problem::{Pair, Problem},
    progress::Watch,
    refusal::Refusal,
    search::{Effort, Outcome, Search},
    solution::{Solution, worth},
    terms::{Terms, small},
};

/// The next best assignment without one pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextBest {
    /// What is lost in worth, in millionths.
    pub loss: i64,
    /// No assignment without the pair loses less; below `loss` only where rules beyond the flow left a gap.
    pub least_loss: i64,
    /// Pairs that would go, the forbidden one among them, and pairs that would come; ascending.
    pub gone: Vec<Pair>,
    pub come: Vec<Pair>,
}

/// Answers for one solution, pair after pair.
///
/// Without needs, circles and floor a solved flow is kept, and each answer is exact and takes a few pivots from it
/// (one augmentation); otherwise each answer is a search of its own.
pub struct Alternatives<'a> {
    terms: Terms<'a>,
    sets: Vec<Vec<u32>>,
    network: Option<Network>,
    effort: Effort,
}

impl<'a> Alternatives<'a> {
    /// Prepares the answers for a solution of this problem, found with this floor. One network simplex run.
    ///
    /// # Errors
    /// A fault of the problem, that nothing can be assigned, or that the watcher stopped it.
    pub fn of(
        problem: &'a Problem,
        floor: Option<i64>,
        solution: &Solution,
        effort: Effort,
        watch: &mut Watch<'_>,
    ) -> Result<Self, Refusal> {
        problem.check()?;
        let terms = Terms::new(problem, floor);
        let mut sets: Vec<Vec<u32>> =
            solution.chosen.iter().map(|set| set.iter().map(|e| small(*e)).collect()).collect();
        let mut network = None;
        if terms.is_plain() {
            let mut flow = terms.network();
            flow.solve(watch)?;
            if let Some(refusal) = flow.witness() {
                return Err(refusal);
            }
            // Of several optima, the solution's own is the one to compare with when it is this flow's.
            if worth(&terms, &sets) == worth(&terms, &terms.sets(&flow)) {
                sets = terms.sets(&flow);
            }
            network = Some(flow);
        }
        Ok(Self { terms, sets, network, effort })
    }

    /// The best assignment without a pair, compared with the solution; nothing changes for a pair not in it.
    ///
    /// # Errors
    /// Why nothing can be assigned without the pair: a lock, too few places, a rule; or that it was stopped.
    pub fn without(&mut self, pair: Pair, watch: &mut Watch<'_>) -> Result<NextBest, Refusal> {
        let (p, e) = (pair.proposal, small(pair.evaluator));
        if !self.sets.get(p).is_some_and(|set| set.contains(&e)) {
            return Ok(NextBest { loss: 0, least_loss: 0, gone: Vec::new(), come: Vec::new() });
        }
        if self.terms.locked(p, e) {
            return Err(Refusal::NoAssignment { proposals: vec![p] });
        }
        let before = worth(&self.terms, &self.sets);
        let (sets, bound) = match &mut self.network {
            Some(network) => {
                let mut changed = network.clone();
                changed.set(p, pair.evaluator, NEVER);
                changed.reprice();
                changed.solve(watch)?;
                if !changed.is_served() {
                    return Err(Refusal::NoAssignment { proposals: vec![p] });
                }
                let sets = self.terms.sets(&changed);
                let after = worth(&self.terms, &sets);
                (sets, after)
            }
            None => {
                let mut terms = self.terms.clone();
                terms.barred[p].push(e);
                match Search::new(terms, watch).run(self.effort)? {
                    Outcome::Found(found) => {
                        let sets = found.chosen.iter().map(|set| set.iter().map(|e| small(*e)).collect()).collect();
                        (sets, found.bound)
                    }
                    Outcome::Impossible(proposals) => return Err(Refusal::NoAssignment { proposals }),
                    Outcome::Unknown(proposals) => return Err(Refusal::NotFound { proposals }),
                }
            }
        };
        Ok(NextBest {
            loss: before - worth(&self.terms, &sets),
            least_loss: before - bound,
            gone: differing(&self.sets, &sets),
            come: differing(&sets, &self.sets),
        })
    }
}

/// Pairs of one assignment that are not in the other.
fn differing(one: &[Vec<u32>], other: &[Vec<u32>]) -> Vec<Pair> {
    let missing = |(proposal, (set, others)): (usize, (&Vec<u32>, &Vec<u32>))| {
        let gone: Vec<Pair> =
            set.iter().filter(|e| !others.contains(e)).map(|e| Pair { proposal, evaluator: *e as usize }).collect();
        gone
    };
    one.iter().zip(other).enumerate().flat_map(missing).collect()
}
