//! The rules of a problem, prepared for quick questions about one proposal.

use super::{
    network::{NEVER, Network},
    problem::{FORBIDDEN, Pair, Problem},
};

/// A problem with its rules by proposal and evaluator, and the orders of a search.
#[derive(Debug, Clone)]
pub struct Terms<'a> {
    pub problem: &'a Problem,
    /// Sum of affinities each proposal must reach.
    pub floor: Option<i64>,
    /// Evaluators a proposal must have: locks first, then what the search tries.
    pub forced: Vec<Vec<u32>>,
    /// Evaluators a proposal must not have, beside conflicts.
    pub barred: Vec<Vec<u32>>,
    /// Indices of needs by proposal.
    pub needs: Vec<Vec<usize>>,
    /// Circles by evaluator of which a proposal gets at most one.
    pub apart: Vec<Vec<u32>>,
    /// The most circles one evaluator is in.
    pub widest: usize,
    /// Worth counts nothing, only the rules do.
    pub flat: bool,
    members: Vec<Vec<bool>>,
    kept: Vec<Vec<u32>>,
    /// Locks by proposal and by evaluator.
    locked: Vec<usize>,
    loaded: Vec<u32>,
}

impl<'a> Terms<'a> {
    pub fn new(problem: &'a Problem, floor: Option<i64>) -> Self {
        let by_proposal = |pairs: &[Pair]| {
            let mut lists = vec![Vec::new(); problem.proposals];
            for pair in pairs {
                let list: &mut Vec<u32> = &mut lists[pair.proposal];
                if !list.contains(&small(pair.evaluator)) {
                    list.push(small(pair.evaluator));
                }
            }
            lists
        };
        let forced = by_proposal(&problem.locks);
        let mut loaded = vec![0; problem.evaluators];
        forced.iter().flatten().for_each(|e| loaded[*e as usize] += 1);
        let mut needs = vec![Vec::new(); problem.proposals];
        for (i, need) in problem.needs.iter().enumerate() {
            needs[need.proposal].push(i);
        }
        let mut apart = vec![Vec::new(); problem.evaluators];
        for circle in &problem.apart {
            for e in &problem.circles[*circle] {
                if !apart[*e].contains(&small(*circle)) {
                    apart[*e].push(small(*circle));
                }
            }
        }
        let members = problem.circles.iter().map(|circle| {
            let mut inside = vec![false; problem.evaluators];
            circle.iter().for_each(|e| inside[*e] = true);
            inside
        });
        Self {
            floor,
            flat: false,
            barred: vec![Vec::new(); problem.proposals],
            needs,
            widest: apart.iter().map(Vec::len).max().unwrap_or(0),
            apart,
            members: members.collect(),
            kept: by_proposal(&problem.kept),
            locked: forced.iter().map(Vec::len).collect(),
            loaded,
            forced,
            problem,
        }
    }

    /// The rules without a floor, where worth is affinity alone.
    pub fn without_bonus(problem: &'a Problem) -> Self {
        let mut terms = Self::new(problem, None);
        terms.kept.iter_mut().for_each(Vec::clear);
        terms
    }

    /// Whether a flow alone keeps every rule.
    pub fn is_plain(&self) -> bool {
        self.floor.is_none() && self.problem.needs.is_empty() && self.widest == 0
    }

    /// Affinity and bonus of a pair that is not forbidden.
    pub fn worth(&self, p: usize, e: usize) -> i64 {
        if self.flat {
            return 0;
        }
        let kept = self.problem.bonus != 0 && self.kept[p].contains(&small(e));
        self.affinity(p, e) + if kept { i64::from(self.problem.bonus) } else { 0 }
    }

    /// The affinities of a proposal.
    pub fn row(&self, p: usize) -> &[i32] {
        &self.problem.affinities[p * self.problem.evaluators..][..self.problem.evaluators]
    }

    /// The most that worth is above affinity for any pair of a proposal.
    pub fn most_extra(&self, p: usize) -> i64 {
        if self.kept[p].is_empty() { 0 } else { i64::from(self.problem.bonus).max(0) }
    }

    pub fn affinity(&self, p: usize, e: usize) -> i64 {
        i64::from(self.problem.affinities[p * self.problem.evaluators + e])
    }

    /// Whether a pair may be chosen at all, now.
    pub fn open(&self, p: usize, e: usize) -> bool {
        self.problem.affinities[p * self.problem.evaluators + e] != FORBIDDEN && !self.barred[p].contains(&small(e))
    }

    /// The needs an evaluator serves on a proposal, as bits in the order of `needs`.
    pub fn serves(&self, p: usize, e: usize) -> u64 {
        let inside = |i: &usize| self.members[self.problem.needs[*i].circle][e];
        self.needs[p].iter().enumerate().fold(0, |bits, (bit, i)| bits | (u64::from(inside(i)) << bit))
    }

    /// Whether two evaluators may not be together on a proposal.
    pub fn clash(&self, a: usize, b: usize) -> bool {
        self.apart[a].iter().any(|circle| self.apart[b].contains(circle))
    }

    /// How far a set of evaluators is from each rule of a proposal: zero when it is kept.
    pub fn misses(&self, p: usize, set: &[u32]) -> Misses {
        let mut misses = Misses::default();
        for i in &self.needs[p] {
            let need = &self.problem.needs[*i];
            let have = set.iter().filter(|e| self.members[need.circle][**e as usize]).count();
            misses.needs += u64::from(need.least).saturating_sub(have as u64);
        }
        if self.widest > 0 {
            for (i, a) in set.iter().enumerate() {
                misses.clashes += set[..i].iter().filter(|b| self.clash(*a as usize, **b as usize)).count() as u64;
            }
        }
        if let Some(floor) = self.floor.filter(|_| self.problem.wanted[p] > 0) {
            let sum: i64 = set.iter().map(|e| self.affinity(p, *e as usize)).sum();
            misses.floor = (floor - sum).max(0);
        }
        misses
    }

    /// Whether a set keeps needs, circles and floor of a proposal; who is forced or forbidden is not asked.
    pub fn keeps(&self, p: usize, set: &[u32]) -> bool {
        self.misses(p, set) == Misses::default()
    }

    /// The flow without the rules of single proposals; locks are taken out beforehand.
    pub fn network(&self) -> Network {
        let problem = self.problem;
        let mut worth = problem.affinities.clone();
        let barred = self.barred.iter().enumerate().flat_map(|(p, list)| list.iter().map(move |e| (p, *e as usize)));
        barred.for_each(|(p, e)| worth[p * problem.evaluators + e] = NEVER);
        for p in 0..problem.proposals {
            let row = &mut worth[p * problem.evaluators..][..problem.evaluators];
            for e in &self.kept[p] {
                let at = &mut row[*e as usize];
                *at += if *at == FORBIDDEN { 0 } else { problem.bonus };
            }
            self.forced[p].iter().for_each(|e| row[*e as usize] = NEVER);
        }
        let wanted: Vec<u32> = problem.wanted.iter().zip(&self.locked).map(|(k, locked)| k - small(*locked)).collect();
        let least: Vec<u32> = problem.loads.iter().zip(&self.loaded).map(|(l, n)| l.least.saturating_sub(*n)).collect();
        let room: Vec<u32> = problem.loads.iter().zip(&self.loaded).map(|(l, n)| l.most - l.least.max(*n)).collect();
        Network::new(problem.evaluators, worth, &wanted, &least, &room)
    }

    /// What a network holds, with the locks, in ascending order.
    pub fn sets(&self, network: &Network) -> Vec<Vec<u32>> {
        let set = |p: usize| {
            let mut set: Vec<u32> = network.held(p).iter().chain(&self.forced[p][..self.locked[p]]).copied().collect();
            set.sort_unstable();
            set
        };
        (0..self.problem.proposals).map(set).collect()
    }

    /// Whether a pair is locked by the problem.
    pub fn locked(&self, p: usize, e: u32) -> bool {
        self.forced[p][..self.locked[p]].contains(&e)
    }
}

/// How far a set is from the rules: evaluators missing for needs, pairs that clash, millionths below the floor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Misses {
    pub needs: u64,
    pub clashes: u64,
    pub floor: i64,
}

/// Indices fit into 32 bits: a dense table of more could not be held.
pub fn small(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
