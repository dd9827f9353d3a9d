//! What a scenario came to, as it is kept.

use super::{
    input::Input,
    next_unlock::{Sensitivity, sensitivity},
    scenario::Scenario,
    setting::Refusal,
    settings::Settings,
    strategies::{Mirror, allocate, mirror},
    ties::TieReason,
    top_up::{TopUpLine, top_up},
};
use crate::allocation::optimum::{Effort, Progress};
use entity::types::{
    ids::{OrganisationId, ProposalId},
    money::Money,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A scenario with what is told beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub scenario: Scenario,
    /// Why equals stand as they stand, in the order of the walk.
    pub ties: Vec<Option<TieReason>>,
    /// What a little more or less money changes; not for the optimum.
    pub sensitivity: Option<Sensitivity>,
    pub top_up: Option<ToppedUp>,
    /// How good an optimum is.
    pub proof: Option<Proof>,
}

/// Who gets how much of the top-up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToppedUp {
    pub money: Money,
    pub lines: Vec<TopUpLine>,
    pub left: Money,
}

/// What is proved about an optimum: hundredths of points, or proposals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    pub value: i64,
    pub bound: i64,
    pub relaxed: i64,
    pub steps: u64,
    /// What a thousand units more of an agency's money would add at most in thousandths, were proposals divisible.
    pub hints: BTreeMap<OrganisationId, i64>,
}

impl Proof {
    /// What a better choice could add at most; nothing when this is proved to be the best.
    pub fn gap(&self) -> i64 {
        self.bound - self.value
    }
}

/// Walks down the ranking, with what more or less money would change.
///
/// # Errors
/// When settings and ranking contradict each other. None for the optimum, which is no walk.
pub fn walked(input: &Input, settings: &Settings) -> Result<Option<Outcome>, Refusal> {
    let Some(strategy) = settings.strategy(input.currency) else { return Ok(None) };
    let (setting, ties) = input.setting(settings);
    let scenario = allocate(&setting, &strategy)?;
    let sensitivity = Some(sensitivity(&setting, &strategy)?);
    let top_up = topped_up(settings, &setting, &scenario);
    Ok(Some(Outcome { scenario, ties, sensitivity, top_up, proof: None }))
}

/// Searches the optimum; `tell` is told how far it is and says whether to go on.
///
/// # Errors
/// When settings and ranking contradict each other, or there is too much to choose from.
pub fn mirrored(
    input: &Input,
    settings: &Settings,
    effort: Effort,
    tell: &mut dyn FnMut(Progress) -> bool,
) -> Result<Outcome, Refusal> {
    let (setting, ties) = input.setting(settings);
    let Mirror { scenario, value, bound, relaxed, hints, steps } = mirror(&setting, settings.goal, effort, tell)?;
    let top_up = topped_up(settings, &setting, &scenario);
    let proof = Some(Proof { value, bound, relaxed, steps, hints });
    Ok(Outcome { scenario, ties, sensitivity: None, top_up, proof })
}

fn topped_up(settings: &Settings, setting: &super::Setting, scenario: &Scenario) -> Option<ToppedUp> {
    let rule = settings.top_up()?;
    let (lines, left) = top_up(&rule, setting, scenario);
    Some(ToppedUp { money: rule.money, lines, left })
}

impl Outcome {
    /// The same for somebody for whom some proposals were never handed in. What would tell of them is left out:
    /// sensitivity, proof, and reasons of ties.
    #[must_use]
    pub fn without(&self, input: &Input, settings: &Settings, hidden: &BTreeSet<ProposalId>) -> Self {
        let (setting, _) = input.without(hidden).setting(settings);
        let scenario = self.scenario.without(&setting, hidden);
        let top_up = self.top_up.as_ref().map(|all| {
            let shown = all.lines.iter().filter(|line| !hidden.contains(&line.proposal));
            let lines: Vec<TopUpLine> = shown.copied().collect();
            let paid: i64 = lines.iter().map(|line| line.paid.minor).sum();
            ToppedUp { money: all.money, lines, left: Money::new(all.money.minor - paid, all.money.currency) }
        });
        let ties = vec![None; scenario.lines.len()];
        Self { scenario, ties, sensitivity: None, top_up, proof: None }
    }
}
