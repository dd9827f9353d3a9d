//! The best evaluators for one proposal alone, at given prices of places.
//!
//! This is where the rules that no flow knows are kept exactly: the sum over all proposals and places bounds every
//! assignment from above (Lagrangian relaxation; Dantzig & Wolfe 1960), at least as tightly as the linear relaxation.

use super::{
    problem::FORBIDDEN,
    terms::{Terms, small},
};
use std::cmp::Reverse;

/// One evaluator as far as one proposal cares.
#[derive(Debug, Clone, Copy)]
struct Item {
    evaluator: u32,
    /// Worth less the price of the place.
    net: i64,
    affinity: i64,
    serves: u64,
}

/// Evaluators looked at first; the others only when the best set may need one of them.
const FIRST: usize = if cfg!(test) { 3 } else { 64 };

/// The set of highest worth less prices that keeps every rule of the proposal, ascending, with that figure.
///
/// None when no set keeps them. Exact: of evaluators only those are looked at that are not dominated by as many
/// others as could be taken (the skyband), and their subsets by depth-first search with bounds.
/// O(evaluators) when the best set without rules keeps them, else O(evaluators log evaluators) and the search.
pub fn best_set(terms: &Terms<'_>, p: usize, prices: &[i64]) -> Option<(i64, Vec<u32>)> {
    let forced = &terms.forced[p];
    let left = (terms.problem.wanted[p] as usize).checked_sub(forced.len())?;
    if forced.iter().any(|e| !terms.open(p, *e as usize)) {
        return None;
    }
    let top = highest(terms, p, prices, left);
    if top.len() < left {
        return None;
    }
    let fixed: i64 = forced.iter().map(|e| terms.worth(p, *e as usize) - prices[*e as usize]).sum();
    let mut set: Vec<u32> = top.iter().map(|(_, e)| *e).chain(forced.iter().copied()).collect();
    if terms.is_plain() || terms.keeps(p, &set) {
        set.sort_unstable();
        return Some((fixed + top.iter().map(|(net, _)| net).sum::<i64>(), set));
    }
    let (net, mut chosen) = searched(terms, p, prices, left)?;
    chosen.extend_from_slice(forced);
    chosen.sort_unstable();
    Some((fixed + net, chosen))
}

/// The best evaluators beside the forced ones without a look at the rules: net and evaluator, best first.
fn highest(terms: &Terms<'_>, p: usize, prices: &[i64], left: usize) -> Vec<(i64, u32)> {
    let mut top: Vec<(i64, u32)> = Vec::with_capacity(left + 1);
    // A quick bound for each pair first: few come near the best.
    let extra = terms.most_extra(p);
    for (e, (affinity, price)) in terms.row(p).iter().zip(prices).enumerate() {
        let about = if terms.flat { -price } else { i64::from(*affinity) + extra - price };
        if *affinity == FORBIDDEN || top.len() >= left && top.last().is_none_or(|(net, _)| about <= *net) {
            continue;
        }
        let net = terms.worth(p, e) - price;
        if !terms.open(p, e) || terms.forced[p].contains(&small(e)) {
            continue;
        }
        let at = top.partition_point(|(other, _)| *other >= net);
        top.insert(at, (net, small(e)));
        top.truncate(left);
    }
    top
}

/// The best set beside the forced evaluators when the rules bind.
fn searched(terms: &Terms<'_>, p: usize, prices: &[i64], left: usize) -> Option<(i64, Vec<u32>)> {
    let forced = &terms.forced[p];
    let item = |e: usize| Item {
        evaluator: small(e),
        net: terms.worth(p, e) - prices[e],
        affinity: terms.affinity(p, e),
        serves: 0,
    };
    let possible = |e: &usize| {
        terms.open(p, *e)
            && !forced.contains(&small(*e))
            && (terms.widest == 0 || !forced.iter().any(|f| terms.clash(*f as usize, *e)))
    };
    let mut items: Vec<Item> = (0..terms.problem.evaluators).filter(possible).map(item).collect();
    let key = |i: &Item| (Reverse(i.net), i.evaluator);
    let look = |mut items: Vec<Item>| {
        items.iter_mut().for_each(|i| i.serves = terms.serves(p, i.evaluator as usize));
        items.sort_unstable_by_key(key);
        let items = skyband(terms, items, left);
        let mut search = Search::new(terms, p, &items, left);
        search.dig(0, left);
        search.best
    };
    if items.len() > FIRST && left > 0 {
        items.select_nth_unstable_by_key(FIRST, key);
        let next = items[FIRST].net;
        if let Some((net, chosen)) = look(items[..FIRST].to_vec()) {
            // A set with anybody else is at most worth this.
            let mut nets: Vec<i64> = items[..FIRST].iter().map(|i| i.net).collect();
            nets.sort_unstable_by_key(|net| Reverse(*net));
            if nets[..left.min(FIRST) - 1].iter().sum::<i64>() + next <= net {
                return Some((net, chosen));
            }
        }
    }
    look(items)
}

/// Drops evaluators for whom a better one is free whatever else is chosen.
fn skyband(terms: &Terms<'_>, items: Vec<Item>, left: usize) -> Vec<Item> {
    // Each other chosen evaluator blocks itself, or everybody of its circles.
    let enough = left.saturating_sub(1) * terms.widest.max(1) + 1;
    let mut kept: Vec<Item> = Vec::new();
    let mut circles: Vec<u32> = Vec::new();
    for item in items {
        let own = &terms.apart[item.evaluator as usize];
        circles.clear();
        let (mut free, mut dominated) = (0, false);
        for other in &kept {
            let as_good =
                (terms.floor.is_none() || other.affinity >= item.affinity) && other.serves & item.serves == item.serves;
            if !as_good {
                continue;
            }
            match terms.apart[other.evaluator as usize].as_slice() {
                [] => free += 1,
                [one] if own.contains(one) => dominated = true,
                [one] if !circles.contains(one) => circles.push(*one),
                _ => {}
            }
            if dominated || free + circles.len() >= enough {
                dominated = true;
                break;
            }
        }
        if !dominated {
            kept.push(item);
        }
    }
    kept
}

struct Search<'a> {
    terms: &'a Terms<'a>,
    items: &'a [Item],
    /// What is still missing of each need.
    missing: Vec<u32>,
    below_floor: i64,
    /// For each start: the highest sums of affinity of 0, 1, 2 … of the items from there on.
    reach: Vec<Vec<i64>>,
    /// For each start: nets summed up to there.
    nets: Vec<i64>,
    chosen: Vec<u32>,
    net: i64,
    best: Option<(i64, Vec<u32>)>,
}

impl<'a> Search<'a> {
    fn new(terms: &'a Terms<'a>, p: usize, items: &'a [Item], left: usize) -> Self {
        let forced = &terms.forced[p];
        let missing = terms.needs[p].iter().enumerate().map(|(bit, i)| {
            let have = forced.iter().filter(|e| terms.serves(p, **e as usize) >> bit & 1 == 1).count();
            terms.problem.needs[*i].least.saturating_sub(small(have))
        });
        let has: i64 = forced.iter().map(|e| terms.affinity(p, *e as usize)).sum();
        let mut nets = vec![0];
        items.iter().for_each(|i| nets.push(nets[nets.len() - 1] + i.net));
        let mut reach = Vec::new();
        if terms.floor.is_some() {
            let mut top: Vec<i64> = Vec::new();
            let sums = |top: &[i64]| {
                let mut sums = vec![0];
                top.iter().for_each(|a| sums.push(sums[sums.len() - 1] + a));
                sums
            };
            reach.push(sums(&top));
            for item in items.iter().rev() {
                let at = top.partition_point(|a| *a >= item.affinity);
                top.insert(at, item.affinity);
                top.truncate(left);
                reach.push(sums(&top));
            }
            reach.reverse();
        }
        let below_floor =
            terms.floor.filter(|_| left > 0 || !forced.is_empty()).map_or(i64::MIN / 2, |floor| floor - has);
        let missing = missing.collect();
        Self { terms, items, missing, below_floor, reach, nets, chosen: Vec::new(), net: 0, best: None }
    }

    fn dig(&mut self, start: usize, left: usize) {
        if left == 0 {
            let better = self.best.as_ref().is_none_or(|(net, _)| self.net > *net);
            if better && self.below_floor <= 0 && self.missing.iter().all(|n| *n == 0) {
                self.best = Some((self.net, self.chosen.clone()));
            }
            return;
        }
        for at in start..self.items.len() {
            if at + left > self.items.len() {
                return;
            }
            let most = self.net + self.nets[at + left] - self.nets[at];
            let high = !self.reach.is_empty() && self.reach[at].get(left).is_none_or(|sum| *sum < self.below_floor);
            if high || self.best.as_ref().is_some_and(|(net, _)| most <= *net) {
                return;
            }
            let item = self.items[at];
            let clash = |e: &u32| self.terms.clash(*e as usize, item.evaluator as usize);
            if self.terms.widest > 0 && self.chosen.iter().any(clash) {
                continue;
            }
            let serves = |bit: usize| item.serves >> bit & 1 == 1;
            let before = self.missing.clone();
            for (bit, n) in self.missing.iter_mut().enumerate() {
                *n -= u32::from(serves(bit)).min(*n);
            }
            if self.missing.iter().all(|n| (*n as usize) < left) {
                self.chosen.push(item.evaluator);
                self.net += item.net;
                self.below_floor -= item.affinity;
                self.dig(at + 1, left - 1);
                self.below_floor += item.affinity;
                self.net -= item.net;
                self.chosen.pop();
            }
            self.missing = before;
        }
    }
}
