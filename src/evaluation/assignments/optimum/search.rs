//! The best assignment under rules that no flow knows: penalties, repair, and branching to close the gap.
//!
//! Each round solves the flow with penalties for broken rules, mends what is still broken by exchanges, and bounds
//! the optimum by the best sets of single proposals at the flow's prices (Lagrangian relaxation, Fisher 1981). When
//! bound and best found still differ, pairs are forced or forbidden one after another (branch and bound) until they
//! meet or the effort is used up. Every bound is computed in whole numbers from prices alone, so it holds however
//! the prices were found.

use super::{
    best_set::best_set,
    exchange::Exchange,
    network::Network,
    penalties::{Penalties, STEP},
    problem::{FORBIDDEN, Problem},
    progress::{Stage, Stopped, Watch},
    refusal::{Refusal, Rule},
    solution::{Solution, best_sets, bound, worth},
    terms::Terms,
};

/// How long to search where no optimum follows from a flow: counted, not timed, so that the result is the same on
/// every machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// Rounds of penalties.
    pub rounds: u32,
    /// Nodes of branch and bound.
    pub nodes: u32,
    /// Floors tried between what was found and what may be possible.
    pub floors: u32,
}

impl Effort {
    /// A second or so for calls of 2,000 proposals by 600 evaluators; for larger ones fewer rounds and no branching,
    /// so that 10,000 by 3,000 stay below a minute.
    pub fn for_size(proposals: usize, evaluators: usize) -> Self {
        let pairs = u64::try_from(proposals * evaluators).unwrap_or(u64::MAX).max(1);
        let share = |work: u64, least: u32, most: u32| u32::try_from(work / pairs).unwrap_or(most).clamp(least, most);
        let nodes = if pairs > 10_000_000 { 0 } else { share(60_000_000, 1, 4_000) };
        Self { rounds: share(60_000_000, 15, 120), nodes, floors: share(120_000_000, 4, 12) }
    }
}

/// More broken proposals, times proposals and evaluators, are left to the penalties first.
const REPAIRS: usize = 6_000_000;

/// What a search came to.
pub enum Outcome {
    Found(Solution),
    /// Proven: the proposals for which something was still broken at the end.
    Impossible(Vec<usize>),
    Unknown(Vec<usize>),
}

pub struct Search<'a, 'w, 'p> {
    pub terms: Terms<'a>,
    network: Network,
    penalties: Penalties,
    watch: &'w mut Watch<'p>,
    best: Option<(i64, Vec<Vec<u32>>)>,
    /// The least bound so far, with its prices.
    bound: i64,
    places: Vec<i64>,
    /// Whether it was proven that nothing can be found.
    impossible: bool,
    broken: Vec<usize>,
    /// All totals are multiples of this.
    grain: i64,
    /// Stop at the first assignment found.
    pub any: bool,
    nodes: u32,
    /// Length of the penalties' steps, and rounds since the bound came nearer.
    step: i64,
    waited: u32,
}

impl<'a, 'w, 'p> Search<'a, 'w, 'p> {
    pub fn new(terms: Terms<'a>, watch: &'w mut Watch<'p>) -> Self {
        let network = terms.network();
        let penalties = Penalties::new(&terms);
        let grain = grain(&terms);
        let places = vec![0; terms.problem.evaluators];
        Self {
            terms,
            network,
            penalties,
            watch,
            best: None,
            bound: i64::MAX,
            places,
            impossible: false,
            broken: Vec::new(),
            grain,
            any: false,
            nodes: 0,
            step: STEP,
            waited: 0,
        }
    }

    /// Starts from an assignment that is known to keep every rule.
    pub fn start(&mut self, sets: Vec<Vec<u32>>) {
        self.best = Some((worth(&self.terms, &sets), sets));
    }

    /// Searches with the effort given.
    ///
    /// # Errors
    /// Why the flow alone or a single proposal cannot be served, or that it was stopped.
    pub fn run(mut self, effort: Effort) -> Result<Outcome, Refusal> {
        self.watch.stage(Stage::Flow, None);
        self.network.solve(self.watch)?;
        if let Some(refusal) = self.network.witness() {
            return Err(refusal);
        }
        if self.terms.is_plain() {
            let sets = self.terms.sets(&self.network);
            self.places = self.prices();
            self.bound = bound(&self.terms, &self.places).unwrap_or(i64::MAX);
            return Ok(Outcome::Found(Solution::of(&self.terms, &sets, self.bound, self.places)));
        }
        contradiction(&self.terms)?;
        self.watch.stage(Stage::Rules, Some(u64::from(effort.rounds)));
        for round in 0..effort.rounds {
            self.round(round)?;
            self.tell()?;
            if self.done() {
                break;
            }
        }
        if !self.done() {
            self.watch.stage(Stage::Branch, Some(u64::from(effort.nodes)));
            self.nodes = effort.nodes;
            let root = self.bound;
            if let Some(left) = self.branch(root)? {
                // What was not looked at bounds the rest; none left: the best found is the best there is.
                self.bound = self.bound.min(left.max(self.found()));
                self.impossible |= self.best.is_none() && left == i64::MIN;
            }
        }
        Ok(match self.best {
            Some((_, sets)) => Outcome::Found(Solution::of(&self.terms, &sets, self.bound, self.places)),
            None if self.impossible => Outcome::Impossible(self.broken),
            None => Outcome::Unknown(self.broken),
        })
    }

    fn found(&self) -> i64 {
        self.best.as_ref().map_or(i64::MIN, |(worth, _)| *worth)
    }

    fn done(&self) -> bool {
        self.impossible || self.best.is_some() && (self.any || self.found() >= self.bound)
    }

    fn tell(&mut self) -> Result<(), Stopped> {
        let known = (self.bound < i64::MAX).then_some(self.bound);
        self.watch.round(self.best.as_ref().map(|(worth, _)| *worth), known)
    }

    fn prices(&self) -> Vec<i64> {
        (0..self.terms.problem.evaluators).map(|e| self.network.place(e)).collect()
    }

    /// One round at the root: flow, bound, repair, penalties.
    fn round(&mut self, round: u32) -> Result<(), Stopped> {
        self.network.solve(self.watch)?;
        let (prices, sets) = (self.prices(), self.terms.sets(&self.network));
        let Some((bound, own)) = best_sets(&self.terms, &prices) else {
            self.impossible = true;
            return Ok(());
        };
        if self.rounded(bound) < self.bound {
            (self.bound, self.places) = (self.rounded(bound), prices.clone());
            self.waited = 0;
        } else {
            // No nearer for some rounds: shorter steps.
            self.waited += 1;
            if self.waited == 5 {
                (self.waited, self.step) = (0, (self.step * 2 / 3).max(1));
            }
        }
        if self.best.is_none() && round % 4 == 3 && self.refuted(&prices) {
            self.impossible = true;
            return Ok(());
        }
        self.watch.step()?;
        self.mend(&prices, &own, sets.clone());
        self.learn(&sets);
        Ok(())
    }

    fn learn(&mut self, sets: &[Vec<u32>]) {
        let target = self.best.as_ref().map(|(worth, _)| *worth);
        let changed = self.penalties.learn(&self.terms, sets, target, self.step);
        for p in &changed {
            self.penalties.write(&self.terms, *p, &mut self.network);
        }
        if !changed.is_empty() {
            self.network.reprice();
        }
    }

    /// Repairs what the flow found, improves it, and keeps it when it is the best so far.
    fn mend(&mut self, prices: &[i64], own: &[Vec<u32>], sets: Vec<Vec<u32>>) {
        let broken: Vec<usize> = (0..sets.len()).filter(|p| !self.terms.keeps(*p, &sets[*p])).collect();
        if broken.len() * (self.terms.problem.proposals + self.terms.problem.evaluators) > REPAIRS {
            self.broken = broken;
            return;
        }
        let mut exchange = Exchange::new(&self.terms, prices, self.network.candidates(), sets);
        let whole = exchange.repair();
        let sets = if whole {
            exchange.improve(own, 8);
            exchange.sets
        } else {
            let broken = |p: &usize| !self.terms.keeps(*p, &exchange.sets[*p]);
            self.broken = (0..exchange.sets.len()).filter(broken).collect();
            return;
        };
        let value = worth(&self.terms, &sets);
        if value > self.found() {
            self.best = Some((value, sets));
        }
    }

    /// Whether these prices prove that no assignment keeps the rules: all proposals together must pay more for any
    /// sets than all places cost (Farkas).
    fn refuted(&self, prices: &[i64]) -> bool {
        let mut flat = self.terms.clone();
        flat.flat = true;
        bound(&flat, prices).is_none_or(|bound| bound < 0)
    }

    fn rounded(&self, bound: i64) -> i64 {
        bound.div_euclid(self.grain) * self.grain
    }

    /// Looks for better assignments under the present orders. The bound of what was not looked at for want of
    /// effort, `i64::MIN` when nothing was left out; none when stopped by having enough.
    fn branch(&mut self, above: i64) -> Result<Option<i64>, Stopped> {
        if self.nodes == 0 {
            return Ok(Some(above));
        }
        self.nodes -= 1;
        self.tell()?;
        let mut least = above;
        let mut pick: Option<(usize, u32, bool)> = None;
        for _ in 0..4 {
            self.network.solve(self.watch)?;
            if !self.network.is_served() {
                return Ok(Some(i64::MIN));
            }
            let (prices, sets) = (self.prices(), self.terms.sets(&self.network));
            let Some((bound, own)) = best_sets(&self.terms, &prices) else { return Ok(Some(i64::MIN)) };
            pick = None;
            for (p, (set, own)) in sets.iter().zip(&own).enumerate() {
                let broken = !self.terms.keeps(p, set);
                if pick.is_none_or(|(_, _, was_broken)| broken && !was_broken)
                    && let Some(e) = own.iter().find(|e| !set.contains(e))
                {
                    pick = Some((p, *e, broken));
                }
            }
            least = least.min(self.rounded(bound));
            if least <= self.found() || self.best.is_none() && self.refuted(&prices) {
                return Ok(Some(i64::MIN));
            }
            self.mend(&prices, &own, sets.clone());
            if self.any && self.best.is_some() {
                return Ok(None);
            }
            if least <= self.found() {
                return Ok(Some(i64::MIN));
            }
            self.learn(&sets);
        }
        let Some((p, e, _)) = pick else {
            return Ok(Some(least));
        };
        self.order(p, e, true);
        let with = self.branch(least)?;
        self.lift(p, e, true);
        let Some(with) = with else { return Ok(None) };
        self.order(p, e, false);
        let without = self.branch(least)?;
        self.lift(p, e, false);
        Ok(without.map(|without| without.max(with)))
    }

    /// Forces or forbids a pair.
    fn order(&mut self, p: usize, e: u32, force: bool) {
        let list = if force { &mut self.terms.forced[p] } else { &mut self.terms.barred[p] };
        list.push(e);
        self.write(p, e);
    }

    fn lift(&mut self, p: usize, e: u32, force: bool) {
        let list = if force { &mut self.terms.forced[p] } else { &mut self.terms.barred[p] };
        list.pop();
        self.write(p, e);
    }

    fn write(&mut self, p: usize, e: u32) {
        self.network.set(p, e as usize, self.penalties.worth(&self.terms, p, e as usize));
        self.network.reprice();
    }
}

/// The greatest number of which all worths are multiples.
pub fn grain(terms: &Terms<'_>) -> i64 {
    let mut grain = i64::from(terms.problem.bonus).abs();
    for affinity in terms.problem.affinities.iter().filter(|a| **a != FORBIDDEN) {
        let mut other = i64::from(*affinity).abs();
        while other != 0 {
            (grain, other) = (other, grain % other);
        }
        if grain == 1 {
            break;
        }
    }
    grain.max(1)
}

/// Whether every proposal could be served with all evaluators free; if not, the rules without which it could.
///
/// # Errors
/// The first proposal that could not.
pub fn contradiction(terms: &Terms<'_>) -> Result<(), Refusal> {
    let free = vec![0; terms.problem.evaluators];
    for proposal in 0..terms.problem.proposals {
        if best_set(terms, proposal, &free).is_some() {
            continue;
        }
        let possible = |changed: &Terms<'_>| best_set(changed, proposal, &free).is_some();
        let mut rules = Vec::new();
        for (at, need) in terms.needs[proposal].iter().enumerate() {
            let mut changed = terms.clone();
            changed.needs[proposal].remove(at);
            if possible(&changed) {
                rules.push(Rule::Need(*need));
            }
        }
        for circle in &terms.problem.apart {
            let mut changed = terms.clone();
            changed.apart.iter_mut().for_each(|list| list.retain(|c| *c as usize != *circle));
            if possible(&changed) {
                rules.push(Rule::Apart(*circle));
            }
        }
        if terms.floor.is_some() {
            let mut changed = terms.clone();
            changed.floor = None;
            if possible(&changed) {
                rules.push(Rule::Floor);
            }
        }
        return Err(Refusal::Contradiction { proposal, rules });
    }
    Ok(())
}

/// The assignment of highest worth that keeps every rule.
///
/// Exact, with gap zero, where there are neither needs nor circles kept apart; else as near as the effort allows,
/// with a proven bound. Without such rules one network simplex run (see `network`), under a second for 10,000
/// proposals by 3,000 evaluators; with them one run and O(pairs) for every round and node.
///
/// # Errors
/// A fault of the problem, who cannot be served, which rules contradict, or that the watcher stopped it.
pub fn best(problem: &Problem, effort: Effort, watch: &mut Watch<'_>) -> Result<Solution, Refusal> {
    found(problem, None, effort, watch)
}

/// The assignment of highest worth in which every proposal that gets anybody reaches a sum of affinities, in
/// millionths.
///
/// # Errors
/// As for [`best`].
pub fn best_above(problem: &Problem, floor: i64, effort: Effort, watch: &mut Watch<'_>) -> Result<Solution, Refusal> {
    found(problem, Some(floor), effort, watch)
}

fn found(problem: &Problem, floor: Option<i64>, effort: Effort, watch: &mut Watch<'_>) -> Result<Solution, Refusal> {
    problem.check()?;
    match Search::new(Terms::new(problem, floor), watch).run(effort)? {
        Outcome::Found(solution) => Ok(solution),
        Outcome::Impossible(proposals) => Err(Refusal::NoAssignment { proposals }),
        Outcome::Unknown(proposals) => Err(Refusal::NotFound { proposals }),
    }
}
