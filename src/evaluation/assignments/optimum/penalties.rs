//! What a flow is made to pay for breaking the rules it does not know.

use super::{
    network::{ALWAYS, NEVER, Network},
    terms::Terms,
};

/// Parts one breach is counted in: an evaluator missing, a clash, or the whole floor missing.
const PARTS: i64 = 1 << 12;
/// Worth with penalties stays below this, so that orders stay above it.
const MOST: i64 = 400_000_000;
/// Parts of the step length.
pub const STEP: i64 = 64;

/// Multipliers of the rules of one proposal, in millionths for a whole breach.
#[derive(Debug, Clone, Default)]
struct Multipliers {
    floor: i64,
    needs: Vec<i64>,
    /// Circles that clashed once.
    apart: Vec<(u32, i64)>,
}

/// Multipliers of all rules, moved towards those that make the relaxed problem as tight as can be.
///
/// Subgradient steps (Held, Wolfe & Crowder 1974; step length of Polyak 1969) in whole numbers, the same on every
/// machine.
#[derive(Debug, Clone)]
pub struct Penalties {
    of: Vec<Multipliers>,
}

impl Penalties {
    pub fn new(terms: &Terms<'_>) -> Self {
        let of = terms.needs.iter().map(|needs| Multipliers { needs: vec![0; needs.len()], ..Multipliers::default() });
        Self { of: of.collect() }
    }

    /// What a pair is worth with the penalties and the orders of the search.
    pub fn worth(&self, terms: &Terms<'_>, p: usize, e: usize) -> i32 {
        let small = u32::try_from(e).unwrap_or(u32::MAX);
        if !terms.open(p, e) || terms.locked(p, small) {
            return NEVER;
        }
        if terms.forced[p].contains(&small) {
            return ALWAYS;
        }
        let own = &self.of[p];
        let floor = terms.floor.map_or(1, |floor| floor.abs().max(1));
        let mut worth = terms.worth(p, e) + terms.affinity(p, e) * own.floor / floor;
        if !own.needs.is_empty() {
            let serves = terms.serves(p, e);
            worth +=
                own.needs.iter().enumerate().filter(|(bit, _)| serves >> bit & 1 == 1).map(|(_, m)| m).sum::<i64>();
        }
        worth -= own.apart.iter().filter(|(circle, _)| terms.apart[e].contains(circle)).map(|(_, m)| m).sum::<i64>();
        i32::try_from(worth.clamp(-MOST, MOST)).unwrap_or(0)
    }

    /// Writes the worth of all pairs of a proposal into the network; it must be priced anew after the last.
    pub fn write(&self, terms: &Terms<'_>, p: usize, network: &mut Network) {
        for e in 0..terms.problem.evaluators {
            network.set(p, e, self.worth(terms, p, e));
        }
    }

    /// Raises the multipliers of broken rules and lowers those of rules kept with something to spare, by a step that
    /// is as long as the penalised flow is above the target; the proposals whose multipliers changed.
    pub fn learn(&mut self, terms: &Terms<'_>, sets: &[Vec<u32>], target: Option<i64>, step: i64) -> Vec<usize> {
        let (mut value, mut norm) = (0, 0);
        for (p, set) in sets.iter().enumerate() {
            value += set.iter().map(|e| terms.worth(p, *e as usize)).sum::<i64>();
            self.meet(terms, p, set);
            self.each(terms, p, set, |multiplier, breach| {
                value -= *multiplier * breach / PARTS;
                if *multiplier > 0 || breach > 0 {
                    norm += i128::from(breach * breach);
                }
            });
        }
        let above = (value - target.unwrap_or(value - value.abs() / 50)).max(1);
        let mut changed = Vec::new();
        for (p, set) in sets.iter().enumerate() {
            let mut any = false;
            self.each(terms, p, set, |multiplier, breach| {
                let by = i128::from(above) * i128::from(breach * step * PARTS / STEP) / norm.max(1);
                let next = multiplier.saturating_add(i64::try_from(by).unwrap_or(MOST)).clamp(0, MOST);
                any |= next != *multiplier;
                *multiplier = next;
            });
            if any {
                changed.push(p);
            }
        }
        changed
    }

    /// Notes the circles that clash in a set.
    fn meet(&mut self, terms: &Terms<'_>, p: usize, set: &[u32]) {
        for (i, e) in set.iter().enumerate().filter(|_| terms.widest > 0) {
            for circle in &terms.apart[*e as usize] {
                let again = set[..i].iter().any(|other| terms.apart[*other as usize].contains(circle));
                if again && !self.of[p].apart.iter().any(|(known, _)| known == circle) {
                    self.of[p].apart.push((*circle, 0));
                }
            }
        }
    }

    /// Every multiplier of a proposal with how far the set breaks its rule, in parts; below zero with room to spare.
    fn each(&mut self, terms: &Terms<'_>, p: usize, set: &[u32], mut see: impl FnMut(&mut i64, i64)) {
        let own = &mut self.of[p];
        let count = |has: &dyn Fn(usize) -> bool| {
            i64::try_from(set.iter().filter(|e| has(**e as usize)).count()).unwrap_or(i64::MAX)
        };
        if let Some(floor) = terms.floor.filter(|_| !set.is_empty()) {
            let sum: i64 = set.iter().map(|e| terms.affinity(p, *e as usize)).sum();
            let breach = (floor - sum) * PARTS / floor.abs().max(1);
            see(&mut own.floor, breach.clamp(-4 * PARTS, 4 * PARTS));
        }
        for (bit, i) in terms.needs[p].iter().enumerate() {
            let have = count(&|e| terms.serves(p, e) >> bit & 1 == 1);
            see(&mut own.needs[bit], (i64::from(terms.problem.needs[*i].least) - have) * PARTS);
        }
        for (circle, multiplier) in &mut own.apart {
            let have = count(&|e| terms.apart[e].contains(circle));
            see(multiplier, (have - 1) * PARTS);
        }
    }
}
