//! The worked trap, single rules by hand, made calls, and what must hold for all of them.

mod by_hand;
mod declines;
mod made_calls;
mod properties;
mod trap;
mod unlocks;

use super::*;
use crate::allocation::optimum::Effort;
use entity::types::{
    country::Country,
    ids::{OrganisationId, PartId, ProposalId},
    money::{
        Currency::{self, Dkk, Eur},
        Money, Rate,
    },
    points::Points,
    share::Share,
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

const HALF: Share = Share::percent(50);

fn id<T: From<Uuid>>(number: usize) -> T {
    T::from(Uuid::from_u128(u128::try_from(number).unwrap()))
}

fn eur(minor: i64) -> Money {
    Money::new(minor, Eur)
}

fn agency(number: usize, minor: i64) -> Agency {
    Agency { id: id(number), budget: eur(minor), rate: Rate::ONE, floor: None }
}

/// The i-th part of proposal n is 100 n + i; agencies 1, 2, 3 … are of LT, NO, DK, SE, FI, DE.
fn candidate(number: usize, score: i32, parts: &[(usize, i64)]) -> Candidate {
    let part = |(i, (agency, minor)): (usize, &(usize, i64))| AskedPart {
        part: id(number * 100 + i),
        agency: id(*agency),
        country: country(*agency),
        asked: eur(*minor),
        needed: false,
    };
    Candidate {
        proposal: id(number),
        code: format!("P{number:03}"),
        rank: u32::try_from(number).unwrap(),
        score: Points::hundredths(score),
        measures: Vec::new(),
        parts: parts.iter().enumerate().map(part).collect(),
    }
}

fn country(agency: usize) -> Country {
    ["LT", "NO", "DK", "SE", "FI", "DE"][(agency - 1) % 6].parse().unwrap()
}

fn setting(agencies: Vec<Agency>, candidates: Vec<Candidate>) -> Setting {
    Setting {
        currency: Eur,
        agencies,
        candidates,
        consortium: Consortium::TWO,
        signed: BTreeMap::new(),
        declined: BTreeSet::new(),
    }
}

fn pot(minor: i64, turn: Turn) -> Pot {
    Pot { money: eur(minor), cap: None, turn, gaps: Gaps::Every }
}

/// The numbers of the funded proposals.
fn winners(scenario: &Scenario) -> Vec<usize> {
    scenario.winners().map(|line| usize::try_from(line.proposal.0.as_u128()).unwrap()).collect()
}

fn granted(line: &ScenarioLine) -> Vec<i64> {
    line.parts.iter().map(|part| part.granted.minor).collect()
}

fn fates(line: &ScenarioLine) -> Vec<Fate> {
    line.parts.iter().map(|part| part.fate).collect()
}

fn best_choice(setting: &Setting, goal: Goal) -> Mirror {
    mirror(setting, goal, Effort::USUAL, &mut |_| true).unwrap()
}

/// Numbers that look random and are always the same (Marsaglia's xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        i64::try_from(self.0 % u64::try_from(sides).unwrap()).unwrap()
    }

    fn index(&mut self, sides: usize) -> usize {
        usize::try_from(self.below(i64::try_from(sides).unwrap())).unwrap()
    }
}
