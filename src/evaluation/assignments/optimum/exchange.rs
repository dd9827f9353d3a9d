//! Changing an assignment step by step: one proposal takes another set, and chains of exchanges free the places.
//!
//! A chain moves one task from evaluator to evaluator, each time within one proposal whose rules still hold (ejection
//! chains; cyclic exchanges of Thompson & Orlin 1989). Prices of places only decide where to look first; what counts
//! is the worth.

use super::{
    best_set::best_set,
    terms::{Terms, small},
};
use std::{cmp::Reverse, collections::BinaryHeap};

/// Links of the longest chain.
const LONGEST: u32 = 5;
/// Labels of one search: a limit on work, the same on every machine.
const LABELS: usize = 3_000;

/// An assignment that is being changed.
pub struct Exchange<'a, 'b> {
    terms: &'a Terms<'b>,
    prices: &'a [i64],
    /// Evaluators worth looking at for each proposal, with worth less price, best first.
    nets: Vec<Vec<(i64, u32)>>,
    /// The highest price of a place that is free only during this attempt.
    dearest: i64,
    pub sets: Vec<Vec<u32>>,
    holders: Vec<Vec<u32>>,
    /// Proposals changed since the last accepted state, with what they had.
    journal: Vec<(usize, Vec<u32>)>,
    /// Least cost at which each evaluator was reached in this search.
    best: Vec<i64>,
}

/// One place reached by a chain.
#[derive(Debug, Clone, Copy)]
struct Label {
    evaluator: u32,
    proposal: u32,
    before: u32,
    depth: u32,
    cost: i64,
}

const START: u32 = u32::MAX;

impl<'a, 'b> Exchange<'a, 'b> {
    pub fn new(terms: &'a Terms<'b>, prices: &'a [i64], candidates: &[Vec<u32>], sets: Vec<Vec<u32>>) -> Self {
        let mut holders = vec![Vec::new(); terms.problem.evaluators];
        for (p, set) in sets.iter().enumerate() {
            set.iter().for_each(|e| holders[*e as usize].push(small(p)));
        }
        let net = |p: usize, e: u32| (terms.worth(p, e as usize) - prices[e as usize], e);
        let nets = candidates.iter().enumerate().map(|(p, list)| {
            let open = list.iter().filter(|e| terms.open(p, **e as usize));
            let mut nets: Vec<(i64, u32)> = open.map(|e| net(p, *e)).collect();
            nets.sort_unstable_by_key(|(net, e)| (Reverse(*net), *e));
            nets
        });
        let (nets, best) = (nets.collect(), vec![i64::MAX; terms.problem.evaluators]);
        Self { terms, prices, nets, dearest: 0, sets, holders, journal: Vec::new(), best }
    }

    /// Gives every proposal that breaks a rule another set; false when some still break one.
    pub fn repair(&mut self) -> bool {
        let broken: Vec<usize> = (0..self.sets.len()).filter(|p| !self.terms.keeps(*p, &self.sets[*p])).collect();
        let mut whole = true;
        for p in broken {
            if self.terms.keeps(p, &self.sets[p]) {
                continue;
            }
            let mut found: Option<(i64, Vec<u32>)> = None;
            for set in self.alternatives(p) {
                if found.as_ref().is_some_and(|(_, other)| *other == set) {
                    continue;
                }
                let change = self.attempt(p, set.clone(), i64::MAX / 4);
                self.undo();
                if let Some(change) = change.filter(|c| found.as_ref().is_none_or(|(most, _)| c > most)) {
                    found = Some((change, set));
                }
            }
            match found {
                Some((_, set)) => {
                    self.attempt(p, set, i64::MAX / 4);
                    self.journal.clear();
                }
                None => whole = false,
            }
        }
        whole
    }

    /// Takes every change that raises the worth, given the best set of each proposal at these prices, until a round
    /// finds none or the rounds are used up.
    pub fn improve(&mut self, own: &[Vec<u32>], rounds: u32) {
        for _ in 0..rounds {
            let mut better = false;
            for (p, own) in own.iter().enumerate() {
                let now = self.net(p, &self.sets[p]);
                for set in self.gains(p, now, own) {
                    let gain = self.net(p, &set) - now;
                    if self.attempt(p, set, gain).is_some_and(|change| change > 0) {
                        self.journal.clear();
                        better = true;
                        break;
                    }
                    self.undo();
                }
            }
            if !better {
                return;
            }
        }
    }

    /// Sets for a proposal that breaks a rule: the best at these prices, and the best that avoids full evaluators.
    fn alternatives(&self, p: usize) -> Vec<Vec<u32>> {
        let full = |e: usize| {
            self.holders[e].len() >= self.terms.problem.loads[e].most as usize && !self.sets[p].contains(&small(e))
        };
        let mut found = Vec::new();
        for raise in [0, 50_000, 1_000_000_000] {
            let price = |e: usize| self.prices[e] + if full(e) { raise } else { 0 };
            let prices: Vec<i64> = (0..self.prices.len()).map(price).collect();
            if let Some((_, set)) = best_set(self.terms, p, &prices)
                && !found.contains(&set)
            {
                found.push(set);
            }
        }
        found
    }

    /// Sets that are worth more to a proposal at these prices than what it has: the best, and single exchanges.
    fn gains(&self, p: usize, now: i64, own: &[u32]) -> Vec<Vec<u32>> {
        let most = self.net(p, own);
        if most <= now {
            return Vec::new();
        }
        let mut found: Vec<(i64, Vec<u32>)> = vec![(most, own.to_vec())];
        for (i, e) in self.sets[p].iter().enumerate().filter(|(_, e)| !self.terms.forced[p].contains(e)) {
            let held = self.pair_net(p, *e);
            for (net, f) in self.nets[p].iter().take_while(|(net, _)| *net > held) {
                if !self.sets[p].contains(f) {
                    let mut set = self.sets[p].clone();
                    set[i] = *f;
                    if self.terms.keeps(p, &set) {
                        found.push((now + net - held, set));
                    }
                }
            }
        }
        found.sort_by(|a, b| b.cmp(a));
        found.truncate(6);
        found.into_iter().map(|(_, set)| set).collect()
    }

    /// Gives a proposal a set and moves other tasks until all loads hold; how much the worth changes, if it can be.
    fn attempt(&mut self, p: usize, set: Vec<u32>, budget: i64) -> Option<i64> {
        let worth = |set: &[u32]| set.iter().map(|e| self.terms.worth(p, *e as usize)).sum::<i64>();
        let mut change = worth(&set) - worth(&self.sets[p]);
        let old = self.replace(p, set);
        self.dearest = old.iter().map(|e| self.prices[*e as usize]).max().unwrap_or(0).max(0);
        let touched: Vec<u32> = self.sets[p].iter().chain(&old).copied().collect();
        let load = |e: u32| self.terms.problem.loads[e as usize];
        for e in &touched {
            while self.holders[*e as usize].len() > load(*e).most as usize {
                change -= self.free(&[*e], None, budget)?;
            }
        }
        for e in &touched {
            while self.holders[*e as usize].len() < load(*e).least as usize {
                let above = |s: &u32| self.holders[*s as usize].len() > load(*s).least as usize;
                let sources: Vec<u32> = (0..small(self.holders.len())).filter(above).collect();
                change -= self.free(&sources, Some(*e), budget)?;
            }
        }
        Some(change)
    }

    /// Moves one task away from one of the sources, to the goal or to whoever has room, by the cheapest chain found
    /// whose priced cost is below the budget; what the chain costs in worth.
    fn free(&mut self, sources: &[u32], goal: Option<u32>, budget: i64) -> Option<i64> {
        let mut labels: Vec<Label> = Vec::new();
        for s in sources {
            // Leaving a source that keeps its load gives up its price.
            let cost = if goal.is_some() { self.prices[*s as usize] } else { 0 };
            self.best[*s as usize] = cost;
            labels.push(Label { evaluator: *s, proposal: START, before: START, depth: 0, cost });
        }
        let (mut end, mut least) = (None, budget);
        let mut open: BinaryHeap<(Reverse<i64>, Reverse<usize>)> =
            labels.iter().enumerate().map(|(at, label)| (Reverse(label.cost), Reverse(at))).collect();
        while let Some((Reverse(cost), Reverse(at))) = open.pop() {
            if labels.len() > LABELS || cost >= least {
                break;
            }
            let e = labels[at].evaluator as usize;
            if cost > self.best[e] || labels[at].depth >= LONGEST {
                continue;
            }
            let known = labels.len();
            for i in 0..self.holders[e].len() {
                let p = self.holders[e][i];
                self.extend(&mut labels, at, p, goal, &mut end, &mut least);
            }
            open.extend((known..labels.len()).map(|at| (Reverse(labels[at].cost), Reverse(at))));
        }
        labels.iter().for_each(|label| self.best[label.evaluator as usize] = i64::MAX);
        let mut cost = 0;
        let mut node = end?;
        while labels[node].before != START {
            let (label, before) = (labels[node], labels[labels[node].before as usize]);
            let p = label.proposal as usize;
            cost += self.terms.worth(p, before.evaluator as usize) - self.terms.worth(p, label.evaluator as usize);
            let swap = |e: &u32| if *e == before.evaluator { label.evaluator } else { *e };
            let set = self.sets[p].iter().map(swap).collect();
            self.replace(p, set);
            node = label.before as usize;
        }
        Some(cost)
    }

    /// All exchanges of one proposal that lead on from a label.
    fn extend(
        &mut self,
        labels: &mut Vec<Label>,
        at: usize,
        p: u32,
        goal: Option<u32>,
        end: &mut Option<usize>,
        least: &mut i64,
    ) {
        let label = labels[at];
        let (proposal, e) = (p as usize, label.evaluator);
        let mut node = label;
        while node.before != START {
            if node.proposal == p {
                return;
            }
            node = labels[node.before as usize];
        }
        if self.terms.forced[proposal].contains(&e) || self.journal.first().is_some_and(|(own, _)| *own == proposal) {
            return;
        }
        let from = self.pair_net(proposal, e);
        for i in 0..self.nets[proposal].len() {
            let (net, f) = self.nets[proposal][i];
            let cost = label.cost + from - net;
            if cost - self.dearest >= *least {
                break;
            }
            let load = self.terms.problem.loads[f as usize];
            let ends = goal.map_or(self.holders[f as usize].len() < load.most as usize, |goal| goal == f);
            let reached = cost - self.prices[f as usize];
            let useful = cost < self.best[f as usize] && cost < *least || ends && reached < *least;
            if !useful || self.sets[proposal].contains(&f) {
                continue;
            }
            let mut set = self.sets[proposal].clone();
            set.iter_mut().filter(|x| **x == e).for_each(|x| *x = f);
            if !self.terms.keeps(proposal, &set) {
                continue;
            }
            self.best[f as usize] = self.best[f as usize].min(cost);
            if ends && reached < *least {
                (*least, *end) = (reached, Some(labels.len()));
            }
            labels.push(Label { evaluator: f, proposal: p, before: small(at), depth: label.depth + 1, cost });
        }
    }

    fn replace(&mut self, p: usize, set: Vec<u32>) -> Vec<u32> {
        let old = std::mem::replace(&mut self.sets[p], set);
        for e in &old {
            self.holders[*e as usize].retain(|holder| *holder != small(p));
        }
        for e in &self.sets[p] {
            self.holders[*e as usize].push(small(p));
        }
        self.journal.push((p, old.clone()));
        old
    }

    fn undo(&mut self) {
        while let Some((p, set)) = self.journal.pop() {
            self.replace(p, set);
            self.journal.pop();
        }
    }

    fn net(&self, p: usize, set: &[u32]) -> i64 {
        set.iter().map(|e| self.pair_net(p, *e)).sum()
    }

    fn pair_net(&self, p: usize, e: u32) -> i64 {
        self.terms.worth(p, e as usize) - self.prices[e as usize]
    }
}
