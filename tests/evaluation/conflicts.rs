//! Planted conflicts are all found, and hardly anything else; by the rules alone, and through the doors.

mod doors;
pub mod planted;

use fairway::evaluation::conflicts::rules::{Conflicts, Finding, Side, Strength};
use planted::{Plant, World, rule, world};
use std::collections::BTreeMap;

fn conflicts(world: &World) -> Conflicts {
    let proposals = world.proposals.clone();
    Conflicts::new(rule(), &world.organisations, &world.links, &world.past, &world.evaluators, proposals)
}

/// All findings of the call by proposal.
fn all(world: &World) -> Vec<Vec<Finding>> {
    let conflicts = conflicts(world);
    (0..world.proposals.len()).map(|proposal| conflicts.of(proposal)).collect()
}

#[test]
fn every_planted_conflict_is_found() {
    for seed in [1, 2, 3] {
        let world = world(200, 400, 90, seed);
        let found = all(&world);
        let mut missed = Vec::new();
        let mut counted: BTreeMap<Plant, usize> = BTreeMap::new();
        for (evaluator, party, plant, written) in &world.planted {
            for (_, findings) in world.proposals.iter().zip(&found).filter(|(p, _)| p.parties.contains(party)) {
                let shows = |f: &&Finding| {
                    f.evaluator == *evaluator
                        && f.side == Side::Organisation(*party)
                        && plant.kinds().contains(&f.kind)
                        && f.strength >= Strength::Likely
                };
                match findings.iter().find(shows) {
                    Some(_) => *counted.entry(*plant).or_default() += 1,
                    None => missed.push((plant, written, &world.organisations[*party].names)),
                }
            }
        }
        assert_eq!(missed, [], "seed {seed}");
        assert!(Plant::ALL.iter().all(|plant| counted[plant] >= 90), "{counted:?}");
    }
}

#[test]
fn hardly_anything_else_is_found() {
    let world = world(200, 400, 90, 4);
    let mut wrong: BTreeMap<Strength, usize> = BTreeMap::new();
    let mut kinds: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for finding in all(&world).into_iter().flatten() {
        let tied = match finding.side {
            Side::Organisation(party) => world.truth.get(&finding.evaluator).is_some_and(|all| all.contains(&party)),
            // Rivals follow from true employers.
            Side::Whole => true,
            Side::Person(_) => false,
        };
        if !tied {
            *wrong.entry(finding.strength).or_default() += 1;
            *kinds.entry((finding.kind.key(), finding.strength.key())).or_default() += 1;
        }
    }
    let pairs = world.proposals.len() * world.evaluators.len();
    let of = |strength: Strength| wrong.get(&strength).copied().unwrap_or(0);
    println!("{pairs} pairs of evaluator and proposal; wrongly found: {kinds:?}");
    assert!(of(Strength::Barring) * 100_000 <= pairs, "barring: {kinds:?}");
    assert!(of(Strength::Likely) * 1_000 <= pairs, "likely: {kinds:?}");
    assert!(of(Strength::Hint) * 1_000 <= pairs, "hints: {kinds:?}");
}

#[test]
fn the_same_call_gives_the_same_findings() {
    let world = world(40, 60, 20, 5);
    assert_eq!(all(&world), all(&world));
}
