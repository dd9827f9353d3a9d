//! Equal ranks are put in one order before money is given (ERA-LEARN: equally ranked projects may be re-ordered;
//! domain.md 2.3, 2.5 and 6.4: ties by a stored rule, the deciding rule shown).

use super::setting::{Candidate, Setting};
use entity::types::{country::Country, ids::ProposalId};
use serde::{Deserialize, Serialize};
use std::{cmp::Ordering, collections::BTreeSet};

/// One step of the tie rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tie {
    /// The higher score.
    Score,
    /// The higher of the measures at this place of [`Candidate::measures`].
    Measure(usize),
    /// More countries in which an agency pays.
    FundingCountries,
    /// Less money asked, in the currency of the call.
    LessMoney,
}

/// Why a candidate stands after one of the same rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TieReason {
    pub after: ProposalId,
    /// The step that decided; none when the code did.
    pub by: Option<Tie>,
    /// What the step compared: of this one, and of the one before; cents, hundredths of points, numbers.
    pub own: i64,
    pub other: i64,
}

/// Puts the candidates into the order of the walk: by rank, then by the tie rule, then by code. For every candidate,
/// why it stands after the one before, where the rank does not say it.
pub fn order(setting: &mut Setting, rule: &[Tie]) -> Vec<Option<TieReason>> {
    let mut candidates = std::mem::take(&mut setting.candidates);
    candidates.sort_by(|a, b| {
        let by_rule = || decide(setting, rule, a, b).map_or(Ordering::Equal, |(order, ..)| order);
        a.rank.cmp(&b.rank).then_with(by_rule).then_with(|| a.code.cmp(&b.code))
    });
    let reason = |at: usize| {
        let (own, before) = (&candidates[at], &candidates[at.checked_sub(1)?]);
        if own.rank != before.rank {
            return None;
        }
        let (by, own, other) = match decide(setting, rule, before, own) {
            Some((_, tie, other, own)) => (Some(tie), own, other),
            None => (None, 0, 0),
        };
        Some(TieReason { after: before.proposal, by, own, other })
    };
    let reasons = (0..candidates.len()).map(reason).collect();
    setting.candidates = candidates;
    reasons
}

/// The first step that tells two candidates apart, with what it compared.
fn decide(setting: &Setting, rule: &[Tie], a: &Candidate, b: &Candidate) -> Option<(Ordering, Tie, i64, i64)> {
    rule.iter().find_map(|tie| {
        let (one, other) = (figure(setting, *tie, a), figure(setting, *tie, b));
        let order = if *tie == Tie::LessMoney { one.cmp(&other) } else { other.cmp(&one) };
        (order != Ordering::Equal).then_some((order, *tie, one, other))
    })
}

fn figure(setting: &Setting, tie: Tie, one: &Candidate) -> i64 {
    match tie {
        Tie::Score => i64::from(one.score.as_hundredths()),
        Tie::Measure(at) => one.measures.get(at).copied().unwrap_or(i64::MIN),
        Tie::FundingCountries => {
            let paid = one.parts.iter().filter(|part| part.asked.minor > 0);
            let countries: BTreeSet<Country> = paid.map(|part| part.country).collect();
            i64::try_from(countries.len()).unwrap_or(i64::MAX)
        }
        Tie::LessMoney => {
            let places = setting.places();
            let known = one.parts.iter().filter_map(|part| Some((*places.get(&part.agency)?, part.asked.minor)));
            known.map(|(agency, minor)| setting.in_call(agency, minor).minor).fold(0, i64::saturating_add)
        }
    }
}
