//! Affinity and conflicts: how well affinity orders, how long both take and how much memory, and how that grows with
//! the call: `cargo bench --bench affinity`. A first argument limits the largest call (proposals).

#[path = "../../tests/evaluation/affinity/gold.rs"]
mod gold;
#[path = "../../tests/evaluation/conflicts/planted.rs"]
#[allow(dead_code, reason = "the tests count what is only looked for here")]
mod planted;

use fairway::evaluation::{
    affinity::rules::{Call, Evaluator, Expertise, Proposal, Terms, Text},
    conflicts::rules::{Conflicts, Finding, Side, Strength},
};
use std::{collections::BTreeMap, time::Instant};

/// Proposals, evaluators.
const SIZES: [(usize, usize); 4] = [(1_250, 375), (2_500, 750), (5_000, 1_500), (10_000, 3_000)];
/// Texts of each evaluator.
const TEXTS: usize = 10;
/// Evaluators kept for each proposal.
const NEAREST: usize = 100;

fn main() {
    let most = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(usize::MAX);
    let gold = gold::load();
    let start = Instant::now();
    let values = gold.values();
    let took = start.elapsed();
    let losses = gold.losses(&values);
    let whole = gold::loss(losses.values());
    let without = |one: &usize| gold::loss(losses.iter().filter(|(other, _)| *other != one).map(|(_, loss)| loss));
    let (low, high) = losses.keys().map(without).fold((1.0_f64, 0.0_f64), |(l, h), x| (l.min(x), h.max(x)));
    println!(
        "gold standard: loss {whole:.4} (aim 0.28), {low:.4} to {high:.4} with one evaluator left out; {took:.2?}"
    );
    println!(
        "{:>9} {:>10} {:>9} {:>9} {:>12} {:>9}",
        "proposals", "evaluators", "read s", "all s", "pairs/s", "peak MiB"
    );
    for (proposals, evaluators) in SIZES.into_iter().filter(|(proposals, _)| *proposals <= most) {
        grow(&gold, proposals, evaluators);
    }
    println!(
        "{:>9} {:>10} {:>9} {:>9} {:>12} {:>9}",
        "proposals", "evaluators", "look up s", "all s", "findings", "wrongly found"
    );
    for (proposals, evaluators) in SIZES.into_iter().filter(|(proposals, _)| *proposals <= most) {
        tie(proposals, evaluators);
    }
}

/// Every proposal of a made-up call with planted conflicts against the whole pool.
fn tie(proposals: usize, evaluators: usize) {
    let world = planted::world(proposals, evaluators, evaluators / 10, 7);
    let start = Instant::now();
    let (rule, call) = (planted::rule(), world.proposals.clone());
    let conflicts = Conflicts::new(rule, &world.organisations, &world.links, &world.past, &world.evaluators, call);
    let look_up = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let all: Vec<Vec<Finding>> = (0..proposals).map(|proposal| conflicts.of(proposal)).collect();
    let took = start.elapsed().as_secs_f64();
    let found: usize = all.iter().map(Vec::len).sum();
    let known = |finding: &&Finding| match finding.side {
        Side::Organisation(party) => world.truth.get(&finding.evaluator).is_some_and(|all| all.contains(&party)),
        Side::Person(_) => false,
        // Rivals follow from true employers.
        Side::Whole => true,
    };
    let mut wrong: BTreeMap<Strength, usize> = BTreeMap::new();
    for finding in all.iter().flatten().filter(|finding| !known(finding)) {
        *wrong.entry(finding.strength).or_default() += 1;
    }
    let missed = world.planted.iter().filter(|(evaluator, party, plant, _)| {
        let shows = |f: &Finding| {
            (f.evaluator, f.side) == (*evaluator, Side::Organisation(*party)) && plant.kinds().contains(&f.kind)
        };
        let mut with = world.proposals.iter().zip(&all).filter(|(proposal, _)| proposal.parties.contains(party));
        !with.all(|(_, findings)| findings.iter().any(shows))
    });
    println!(
        "{proposals:>9} {evaluators:>10} {look_up:>9.2} {took:>9.2} {found:>12} {wrong:?}; missed {} of {}; peak {} MiB",
        missed.count(),
        world.planted.len(),
        peak()
    );
}

/// Every proposal of a made-up call against the whole pool.
fn grow(gold: &gold::Gold, proposals: usize, evaluators: usize) {
    let mut chance = Chance(7);
    let source: Vec<&Text> =
        gold.proposals.iter().map(|p| &p.text).chain(gold.evaluators.iter().flat_map(|e| &e.texts)).collect();
    let pool: Vec<Evaluator> = (0..evaluators).map(|_| evaluator(&source, &mut chance)).collect();
    let call: Vec<Proposal> = (0..proposals).map(|_| proposal(&source, &mut chance)).collect();
    let start = Instant::now();
    let call = Call::new(Terms::default(), pool, call, BTreeMap::new());
    let read = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let mut kept = 0;
    for proposal in 0..proposals {
        kept += call.best(proposal, NEAREST).len();
    }
    let all = start.elapsed().as_secs_f64();
    assert_eq!(kept, proposals * NEAREST.min(evaluators));
    let pairs = (proposals * evaluators) as f64 / all;
    println!("{proposals:>9} {evaluators:>10} {read:>9.2} {all:>9.2} {pairs:>12.0} {:>9}", peak());
}

fn evaluator(source: &[&Text], chance: &mut Chance) -> Evaluator {
    Evaluator {
        expertise: (0..6).map(|_| Expertise { tag: tag(chance), level: 1 + chance.below(5) as u8 }).collect(),
        keywords: (0..8).map(|_| phrase(source, chance)).collect(),
        texts: (0..TEXTS).map(|_| text(source, chance)).collect(),
        languages: vec!["en".into()],
        countries: vec!["DK".into()],
    }
}

fn proposal(source: &[&Text], chance: &mut Chance) -> Proposal {
    Proposal {
        tags: (0..3).map(|_| tag(chance)).collect(),
        text: text(source, chance),
        languages: vec!["en".into()],
        countries: vec!["DK".into(), "LT".into()],
    }
}

/// One of 600 tags in three steps.
fn tag(chance: &mut Chance) -> String {
    format!("a{}/b{}/c{}", chance.below(10), chance.below(10), chance.below(6))
}

fn phrase(source: &[&Text], chance: &mut Chance) -> String {
    let words: Vec<&str> = source[chance.below(source.len())].fields[0].split_whitespace().collect();
    let at = chance.below(words.len());
    words[at..words.len().min(at + 2)].join(" ")
}

/// A text of real length: every fourth word is one of 50 000 new ones, so that the vocabulary grows as it does.
fn text(source: &[&Text], chance: &mut Chance) -> Text {
    let mut fields = source[chance.below(source.len())].fields.clone();
    for field in &mut fields {
        let word = |word: &str| match chance.below(4) {
            0 => format!("w{}", chance.below(50_000) * chance.below(50_000) / 50_000),
            _ => word.to_owned(),
        };
        *field = field.split_whitespace().map(word).collect::<Vec<_>>().join(" ");
    }
    Text::of(fields)
}

/// The most memory this process ever held, in MiB; 0 where the system does not say.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// A linear congruential generator (Knuth's MMIX constants): the same call in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % end as u64) as usize
    }
}
