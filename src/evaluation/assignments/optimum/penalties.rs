//! What a flow is made to pay for breaking the rules it does not know.

use super::{
    network::{ALWAYS, NEVER, Network},
    terms::Terms,
};

/// Parts a multiplier is counted in.
const PARTS: i64 = 1 << 12;
/// Worth with penalties stays below this, so that orders stay above it.
const MOST: i64 = 400_000_000;

/// Multipliers of the rules of one proposal.
#[derive(Debug, Clone, Default)]
struct Multipliers {
    /// Of the floor, in parts of the affinity.
    floor: i64,
    /// Of each need, in millionths.
    needs: Vec<i64>,
    /// Of each circle that clashed, in millionths.
    apart: Vec<(u32, i64)>,
}

/// Multipliers of all rules, moved towards those that make the relaxed problem as tight as can be.
///
/// Subgradient steps (Held, Wolfe & Crowder 1974) in whole numbers, the same on every machine.
#[derive(Debug, Clone)]
pub struct Penalties {
    of: Vec<Multipliers>,
    /// What a need or a circle weighs in the first step, in millionths.
    scale: i64,
}

impl Penalties {
    pub fn new(terms: &Terms<'_>) -> Self {
        let of = terms.needs.iter().map(|needs| Multipliers { needs: vec![0; needs.len()], ..Multipliers::default() });
        let known = terms.problem.affinities.iter().filter(|a| **a != NEVER);
        let most = known.map(|a| i64::from(*a)).max().unwrap_or(0);
        Self { of: of.collect(), scale: (most.abs() / 8).max(1) }
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
        let mut worth = terms.worth(p, e) + terms.affinity(p, e) * own.floor / PARTS;
        if !own.needs.is_empty() {
            let serves = terms.serves(p, e);
            worth += own.needs.iter().enumerate().filter(|(bit, _)| serves >> bit & 1 == 1).map(|(_, m)| m).sum::<i64>();
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

    /// Raises the multipliers of broken rules and lowers those of rules kept with something to spare; true when any
    /// of the proposal's changed. The steps get shorter round by round.
    pub fn learn(&mut self, terms: &Terms<'_>, p: usize, set: &[u32], round: u32) -> bool {
        let own = &mut self.of[p];
        let step = self.scale * 8 / (8 + i64::from(round));
        let mut changed = false;
        if let Some(floor) = terms.floor {
            let sum: i64 = set.iter().map(|e| terms.affinity(p, *e as usize)).sum();
            let short = (floor - sum).clamp(-floor.abs(), floor.abs());
            let next = (own.floor + PARTS * 8 / (8 + i64::from(round)) * short / (2 * floor.abs()).max(1)).max(0);
            changed |= next != own.floor;
            own.floor = next.min(PARTS * 256);
        }
        for (bit, i) in terms.needs[p].iter().enumerate() {
            let have = set.iter().filter(|e| terms.serves(p, **e as usize) >> bit & 1 == 1).count();
            let short = i64::from(terms.problem.needs[*i].least) - i64::try_from(have).unwrap_or(0);
            let next = (own.needs[bit] + step * short).clamp(0, MOST);
            changed |= next != own.needs[bit];
            own.needs[bit] = next;
        }
        if terms.widest > 0 {
            for circle in set.iter().flat_map(|e| terms.apart[*e as usize].iter()) {
                if !own.apart.iter().any(|(known, _)| known == circle) {
                    let count = set.iter().filter(|e| terms.apart[**e as usize].contains(circle)).count();
                    if count > 1 {
                        own.apart.push((*circle, 0));
                    }
                }
            }
            for (circle, multiplier) in &mut own.apart {
                let count = set.iter().filter(|e| terms.apart[**e as usize].contains(circle)).count();
                let next = (*multiplier + step * (i64::try_from(count).unwrap_or(0) - 1)).clamp(0, MOST);
                changed |= next != *multiplier;
                *multiplier = next;
            }
        }
        changed
    }
}
