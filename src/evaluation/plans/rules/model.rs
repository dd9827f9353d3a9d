//! A call as the optimum takes it: numbers instead of people, and what the numbers mean.

use super::settings::Settings;
use crate::evaluation::{
    affinity::rules::{Expertise, MILLION, nearness},
    assignments::optimum::{FORBIDDEN, Load, Need, Pair, Problem},
};
use entity::types::ids::{EvaluatorId, ProposalId};
use std::collections::{BTreeMap, BTreeSet};

/// From this level on somebody counts as knowing a field.
const KNOWS: u8 = 3;
/// A field counts as met by the same tag and by the next one above or below it on its branch.
const NEAR: i64 = 2 * MILLION / 3;

/// A proposal that gets evaluators.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct File {
    pub code: String,
    pub languages: Vec<String>,
    pub tags: Vec<String>,
    pub countries: Vec<String>,
}

/// Somebody who can be given proposals.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seat {
    pub name: String,
    pub organisation: String,
    pub languages: Vec<String>,
    pub countries: Vec<String>,
    pub expertise: Vec<Expertise>,
    /// Places left beside the tasks in this call.
    pub free: u32,
}

/// Everything a run knows beside affinities.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scene {
    pub proposals: Vec<(ProposalId, File)>,
    pub evaluators: Vec<(EvaluatorId, Seat)>,
    /// What keeps two apart, in words.
    pub barred: BTreeMap<(usize, usize), String>,
    /// Tasks that stand.
    pub tasks: BTreeSet<(usize, usize)>,
    /// Tasks of people who can be given nothing more, by proposal: they take a place all the same.
    pub elsewhere: Vec<u32>,
    pub locks: BTreeSet<(usize, usize)>,
    /// The pairs of the draft before.
    pub kept: BTreeSet<(usize, usize)>,
}

/// A problem with the words for its numbers.
pub struct Asked {
    pub problem: Problem,
    /// For each need, who is missing without it: “reads Danish”.
    pub needs: Vec<String>,
    /// The organisation behind each circle of which one at most may come.
    pub organisations: BTreeMap<usize, String>,
}

/// The problem of a scene; `values` gives the affinities of a proposal with all evaluators, in millionths.
pub fn asked(scene: &Scene, settings: &Settings, values: impl Fn(usize) -> Vec<i64>) -> Asked {
    let (proposals, evaluators) = (scene.proposals.len(), scene.evaluators.len());
    let mut problem = Problem::new(proposals, evaluators, settings.per_proposal, Load { least: 0, most: 0 });
    for proposal in 0..proposals {
        let row = &mut problem.affinities[proposal * evaluators..][..evaluators];
        for (cell, value) in row.iter_mut().zip(values(proposal)) {
            *cell = i32::try_from(value).unwrap_or_default();
        }
    }
    for (proposal, evaluator) in scene.barred.keys() {
        // Whoever has the task already keeps it until somebody takes it back.
        if !scene.tasks.contains(&(*proposal, *evaluator)) {
            problem.affinities[proposal * evaluators + evaluator] = FORBIDDEN;
        }
    }
    let mut here = vec![0; evaluators];
    let mut standing = vec![0; proposals];
    for (proposal, evaluator) in &scene.tasks {
        here[*evaluator] += 1;
        standing[*proposal] += 1;
    }
    for (proposal, wanted) in problem.wanted.iter_mut().enumerate() {
        let elsewhere = scene.elsewhere.get(proposal).copied().unwrap_or_default();
        *wanted = settings.per_proposal.saturating_sub(elsewhere).max(standing[proposal]);
    }
    for ((load, (_, seat)), here) in problem.loads.iter_mut().zip(&scene.evaluators).zip(&here) {
        let most = settings.most.min(here + seat.free).max(*here);
        *load = Load { least: settings.least.min(most), most };
    }
    let pair = |(proposal, evaluator): &(usize, usize)| Pair { proposal: *proposal, evaluator: *evaluator };
    problem.locks = scene.tasks.union(&scene.locks).map(pair).collect();
    problem.kept = scene.kept.iter().map(pair).collect();
    problem.bonus = if scene.kept.is_empty() { 0 } else { settings.bonus };
    let mut asked = Asked { problem, needs: Vec::new(), organisations: BTreeMap::new() };
    cover(&mut asked, scene, settings);
    if settings.apart {
        keep_apart(&mut asked, scene);
    }
    asked
}

/// A circle of evaluators, made once for each reason.
struct Circles<'a> {
    scene: &'a Scene,
    known: BTreeMap<String, usize>,
}

impl Circles<'_> {
    fn of(&mut self, asked: &mut Asked, key: String, member: impl Fn(&Seat) -> bool) -> usize {
        let scene = self.scene;
        *self.known.entry(key).or_insert_with(|| {
            let people = scene.evaluators.iter().enumerate().filter(|(_, (_, seat))| member(seat));
            asked.problem.circle(people.map(|(at, _)| at).collect())
        })
    }
}

/// The needs that are on. What a proposal does not state, nobody has to cover; a proposal that gets nobody needs nobody.
fn cover(asked: &mut Asked, scene: &Scene, settings: &Settings) {
    let mut circles = Circles { scene, known: BTreeMap::new() };
    for (proposal, (_, file)) in scene.proposals.iter().enumerate() {
        if asked.problem.wanted[proposal] == 0 {
            continue;
        }
        let mut needs = Vec::new();
        if settings.language {
            for code in &file.languages {
                let circle = circles.of(asked, format!("language {code}"), |seat| has(&seat.languages, code));
                needs.push((circle, format!("reads {}", super::outcome::language(code))));
            }
        }
        if settings.expertise && !file.tags.is_empty() {
            let knows = |seat: &Seat| {
                let near =
                    |own: &Expertise| own.level >= KNOWS && file.tags.iter().any(|tag| nearness(tag, &own.tag) >= NEAR);
                seat.expertise.iter().any(near)
            };
            let circle = circles.of(asked, format!("fields {}", file.tags.join(" ")), knows);
            needs.push((circle, format!("knows {} well", file.tags.join(" or "))));
        }
        if settings.outside && !file.countries.is_empty() {
            let outside = |seat: &Seat| {
                !seat.countries.is_empty() && seat.countries.iter().all(|code| !has(&file.countries, code))
            };
            let circle = circles.of(asked, format!("outside {}", file.countries.join(" ")), outside);
            needs.push((circle, "comes from outside the applicants' countries".to_owned()));
        }
        for (circle, label) in needs {
            asked.problem.needs.push(Need { proposal, circle, least: 1 });
            asked.needs.push(label);
        }
    }
}

fn keep_apart(asked: &mut Asked, scene: &Scene) {
    let plain = |name: &str| name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let mut houses: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, (_, seat)) in scene.evaluators.iter().enumerate() {
        houses.entry(plain(&seat.organisation)).or_default().push(at);
    }
    for (name, people) in houses {
        if name.is_empty() || people.len() < 2 {
            continue;
        }
        let shown = scene.evaluators[people[0]].1.organisation.clone();
        let circle = asked.problem.circle(people);
        asked.problem.apart.push(circle);
        asked.organisations.insert(circle, shown);
    }
}

fn has(all: &[String], code: &str) -> bool {
    all.iter().any(|one| one.eq_ignore_ascii_case(code))
}
