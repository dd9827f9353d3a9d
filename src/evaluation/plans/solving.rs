//! A run: affinities, the best assignment, why each pair fits and what going without costs. No database, no waiting.

use super::{
    queries::Inputs,
    rules::{
        figures::{missing, uncovered},
        model::{Asked, Scene, asked},
        outcome::{Failure, Next, Outcome, Proof, Share, shares},
        settings::Objective,
        words::failure,
    },
};
use crate::evaluation::{
    affinity::rules::Call,
    assignments::optimum::{Alternatives, Effort, Pair, Progress, Refusal, Solution, Stage, Watch, best, fair},
};
use entity::types::{
    ids::{EvaluatorId, PlanPairId, ProposalId},
    states::PairOrigin,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Progress is told in hundredths of the whole.
pub const WHOLE: u32 = 100;
/// From here on the assignment is found and pairs are explained.
const EXPLAINING: u32 = 90;

/// What each pair's alternative may cost together, in cells of the problem looked at, so that a run of a call of usual
/// size knows all of them and a large one leaves them to be asked for.
const PLAIN: usize = 60_000_000;
const RULED: usize = 4_000_000;

/// A pair as it was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundPair {
    /// The pair of the draft before, when it is one.
    pub id: Option<PlanPairId>,
    pub proposal: ProposalId,
    pub evaluator: EvaluatorId,
    /// In millionths.
    pub affinity: i32,
    pub locked: bool,
    pub origin: PairOrigin,
    pub why: Vec<Share>,
    pub next: Option<Next>,
}

/// What a run found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    pub pairs: Vec<FoundPair>,
    pub outcome: Outcome,
}

/// Why a run found nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfound {
    /// It was stopped.
    Stopped,
    Failed(Failure),
}

/// Tells how far a run is in hundredths, and hears whether to go on.
pub type Tell<'a> = &'a dyn Fn(u32) -> bool;

/// A call made ready: its words read, its people as numbers.
struct Ready {
    scene: Scene,
    affinity: Call,
    asked: Asked,
    inputs: Inputs,
}

impl Ready {
    fn of(mut inputs: Inputs) -> Self {
        let scene = inputs.scene();
        let (evaluators, proposals) = (std::mem::take(&mut inputs.evaluators), std::mem::take(&mut inputs.proposals));
        let wishes = std::mem::take(&mut inputs.wishes);
        let affinity = Call::new(inputs.settings.terms(), evaluators, proposals, wishes);
        let asked = asked(&scene, &inputs.settings, |proposal| affinity.values(proposal));
        Self { scene, affinity, asked, inputs }
    }

    fn effort(&self) -> Effort {
        Effort::for_size(self.scene.proposals.len(), self.scene.evaluators.len())
    }

    fn failed(&self, refusal: &Refusal) -> Unfound {
        match refusal {
            Refusal::Stopped => Unfound::Stopped,
            other => Unfound::Failed(failure(other, &self.asked, &self.scene, &self.inputs.settings)),
        }
    }

    fn ids(&self, pair: Pair) -> (ProposalId, EvaluatorId) {
        (self.scene.proposals[pair.proposal].0, self.scene.evaluators[pair.evaluator].0)
    }

    /// The place of two, when both are in the call.
    fn place(&self, proposal: ProposalId, evaluator: EvaluatorId) -> Option<(usize, usize)> {
        let p = self.scene.proposals.iter().position(|(id, _)| *id == proposal)?;
        Some((p, self.scene.evaluators.iter().position(|(id, _)| *id == evaluator)?))
    }

    fn chosen(&self, pairs: &BTreeSet<(usize, usize)>) -> Vec<Vec<usize>> {
        let mut chosen = vec![Vec::new(); self.scene.proposals.len()];
        pairs.iter().for_each(|(p, e)| chosen[*p].push(*e));
        chosen
    }
}

/// Finds the best assignment of a plan, or says why there is none; `priced` works out what going without each pair
/// costs as well, as far as the size of the call allows.
///
/// # Errors
/// That it was stopped, or which rules cannot be kept.
pub fn solve(inputs: Inputs, priced: bool, tell: Tell<'_>) -> Result<Found, Unfound> {
    let ready = Ready::of(inputs);
    if ready.scene.proposals.is_empty() || ready.scene.evaluators.is_empty() {
        let why = "There is nothing to assign yet: no proposal is evaluated, or nobody takes part as an evaluator.";
        return Err(Unfound::Failed(Failure { why: why.to_owned(), about: Vec::new() }));
    }
    let mut at = |progress: Progress| tell(share(&progress));
    let mut watch = Watch::new(&mut at);
    let (problem, effort) = (&ready.asked.problem, ready.effort());
    let found = match ready.inputs.settings.objective {
        Objective::Total => best(problem, effort, &mut watch).map(|solution| (solution, None)),
        Objective::Fair => fair(problem, effort, &mut watch).map(|f| (f.solution, Some((f.floor, f.floor_bound)))),
    };
    let (solution, floor) = found.map_err(|refusal| ready.failed(&refusal))?;
    let mut pairs = explained(&ready, &solution, tell)?;
    if priced {
        alternatives(&ready, &solution, floor.map(|(floor, _)| floor), &mut pairs, tell)?;
    }
    let now: BTreeSet<(usize, usize)> =
        solution.chosen.iter().enumerate().flat_map(|(p, set)| set.iter().map(move |e| (p, *e))).collect();
    // Tasks given meanwhile are no change of this run.
    let before: BTreeSet<(usize, usize)> = ready.scene.kept.difference(&ready.scene.tasks).copied().collect();
    let drafted: BTreeSet<(usize, usize)> = now.difference(&ready.scene.tasks).copied().collect();
    let outcome = Outcome {
        proof: Some(Proof { gap: solution.gap(), floor }),
        came: missing(&drafted, &before).len(),
        went: missing(&before, &drafted).len(),
        again: !before.is_empty(),
        uncovered: lacking(&ready, &solution.chosen),
    };
    Ok(Found { pairs, outcome })
}

/// Works out affinities and gaps of a draft as it stands, after pairs came by hand or from a list.
pub fn measure(inputs: Inputs) -> Found {
    let ready = Ready::of(inputs);
    let mut there = BTreeSet::new();
    let mut pairs = Vec::new();
    for row in &ready.inputs.pairs {
        let place = ready.place(row.proposal_id, row.evaluator_id);
        there.extend(place);
        let told = place.map(|(p, e)| ready.affinity.explain(p, e));
        pairs.push(FoundPair {
            id: Some(row.id),
            proposal: row.proposal_id,
            evaluator: row.evaluator_id,
            affinity: told.as_ref().map_or(0, |told| small(told.total)),
            locked: row.locked,
            origin: row.origin,
            why: told.map(shares).unwrap_or_default(),
            next: None,
        });
    }
    let uncovered = lacking(&ready, &ready.chosen(&there));
    Found { pairs, outcome: Outcome { uncovered, ..Outcome::default() } }
}

/// What is lost without one pair of a draft that was computed and not changed since; nothing for other pairs.
///
/// # Errors
/// That it was stopped.
pub fn price(inputs: Inputs, pair: PlanPairId, tell: Tell<'_>) -> Result<Option<Next>, Unfound> {
    let ready = Ready::of(inputs);
    let Some(row) = ready.inputs.pair(pair) else { return Ok(None) };
    let Some((p, e)) = ready.place(row.proposal_id, row.evaluator_id) else { return Ok(None) };
    let Some(floor) = ready.inputs.outcome.as_ref().and_then(|outcome| outcome.proof.as_ref()).map(|proof| proof.floor)
    else {
        return Ok(None);
    };
    let chosen = ready.chosen(&ready.scene.kept.union(&ready.scene.tasks).copied().collect());
    let solution = Solution { chosen, total: 0, worth: 0, bound: 0, places: Vec::new() };
    let mut at = |progress: Progress| tell(share(&progress));
    let mut watch = Watch::new(&mut at);
    let floor = floor.map(|(floor, _)| floor);
    let prepared = Alternatives::of(&ready.asked.problem, floor, &solution, ready.effort(), &mut watch);
    let mut prepared = match prepared {
        Ok(prepared) => prepared,
        Err(Refusal::Stopped) => return Err(Unfound::Stopped),
        // The call changed since the plan was computed.
        Err(_) => return Ok(None),
    };
    without(&ready, &mut prepared, Pair { proposal: p, evaluator: e }, &mut watch).map(Some)
}

fn explained(ready: &Ready, solution: &Solution, tell: Tell<'_>) -> Result<Vec<FoundPair>, Unfound> {
    let before: BTreeMap<(ProposalId, EvaluatorId), &entity::evaluation::plan_pair::Model> =
        ready.inputs.pairs.iter().map(|row| ((row.proposal_id, row.evaluator_id), row)).collect();
    let mut pairs = Vec::new();
    for (p, set) in solution.chosen.iter().enumerate() {
        if !tell(EXPLAINING) {
            return Err(Unfound::Stopped);
        }
        for e in set {
            let (proposal, evaluator) = ready.ids(Pair { proposal: p, evaluator: *e });
            let kept = before.get(&(proposal, evaluator));
            let told = ready.affinity.explain(p, *e);
            let task = ready.scene.tasks.contains(&(p, *e));
            let origin = kept.map(|row| row.origin).filter(|origin| *origin != PairOrigin::Task);
            pairs.push(FoundPair {
                id: kept.map(|row| row.id),
                proposal,
                evaluator,
                affinity: small(told.total),
                locked: task || kept.is_some_and(|row| row.locked),
                origin: if task { PairOrigin::Task } else { origin.unwrap_or(PairOrigin::Computed) },
                why: shares(told),
                next: None,
            });
        }
    }
    Ok(pairs)
}

/// What going without each pair costs, as far as the size of the call lets all of them be worked out at once.
fn alternatives(
    ready: &Ready,
    solution: &Solution,
    floor: Option<i64>,
    pairs: &mut [FoundPair],
    tell: Tell<'_>,
) -> Result<(), Unfound> {
    let problem = &ready.asked.problem;
    let plain = problem.needs.is_empty() && problem.apart.is_empty() && floor.is_none();
    let work = pairs.len() * problem.proposals * problem.evaluators;
    if work > if plain { PLAIN } else { RULED } {
        return Ok(());
    }
    let whole = ready.effort();
    let effort = Effort { rounds: whole.rounds.min(20), nodes: whole.nodes.min(60), floors: whole.floors };
    let total = u32::try_from(pairs.len()).unwrap_or(u32::MAX).max(1);
    let mut at = |_: Progress| tell(EXPLAINING);
    let mut watch = Watch::new(&mut at);
    let prepared = Alternatives::of(problem, floor, solution, effort, &mut watch);
    let mut prepared = prepared.map_err(|refusal| ready.failed(&refusal))?;
    for (done, pair) in (1..).zip(pairs) {
        if pair.locked {
            continue;
        }
        let Some((p, e)) = ready.place(pair.proposal, pair.evaluator) else { continue };
        let mut at = |_: Progress| tell(EXPLAINING + (WHOLE - EXPLAINING) * done / total);
        let mut watch = Watch::new(&mut at);
        let next = without(ready, &mut prepared, Pair { proposal: p, evaluator: e }, &mut watch)?;
        // What a short search could not settle is left to be asked for.
        let settled = |next: &Next| match next {
            Next::Costs { loss, least_loss, .. } => loss == least_loss,
            Next::Needed => true,
            Next::Unknown => false,
        };
        pair.next = Some(next).filter(settled);
    }
    Ok(())
}

fn without(ready: &Ready, prepared: &mut Alternatives<'_>, pair: Pair, watch: &mut Watch<'_>) -> Result<Next, Unfound> {
    let told = |pairs: Vec<Pair>| pairs.into_iter().map(|pair| ready.ids(pair)).collect();
    match prepared.without(pair, watch) {
        Ok(next) => Ok(Next::Costs {
            loss: next.loss,
            least_loss: next.least_loss,
            gone: told(next.gone),
            come: told(next.come),
        }),
        Err(Refusal::Stopped) => Err(Unfound::Stopped),
        Err(Refusal::NotFound { .. }) => Ok(Next::Unknown),
        Err(_) => Ok(Next::Needed),
    }
}

fn lacking(ready: &Ready, chosen: &[Vec<usize>]) -> Vec<(ProposalId, String)> {
    let all = uncovered(&ready.scene, &ready.inputs.settings, chosen);
    all.into_iter().map(|(p, what)| (ready.scene.proposals[p].0, what)).collect()
}

/// How far a search is, in hundredths: each stage has its part of the bar.
fn share(progress: &Progress) -> u32 {
    let (from, to) = match progress.stage {
        Stage::Flow => (5, 10),
        Stage::Floor => (10, 60),
        Stage::Rules => (60, 75),
        Stage::Branch => (75, EXPLAINING),
    };
    let part = progress.rounds.map_or(0, |rounds| u64::from(to - from) * progress.round.min(rounds) / rounds.max(1));
    from + u32::try_from(part).unwrap_or_default()
}

fn small(millionths: i64) -> i32 {
    i32::try_from(millionths).unwrap_or(i32::MAX)
}
