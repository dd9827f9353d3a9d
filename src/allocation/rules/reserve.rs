//! Reserve lists: for every agency the parts that wait for money, in the order of the walk (domain.md 6.4).

use super::scenario::{Fate, ScenarioLine, Verdict};
use entity::types::{
    ids::{OrganisationId, PartId, ProposalId},
    money::Money,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReservePlace {
    /// From 1.
    pub place: u32,
    pub proposal: ProposalId,
    pub part: PartId,
    pub asked: Money,
    /// Whether its own agency lacks the money, another one does, or the walk never came to it.
    pub fate: Fate,
}

/// Parts that ask for money and got none, of proposals that still stand; dropped parts of funded ones included.
pub(super) fn lists(lines: &[ScenarioLine]) -> BTreeMap<OrganisationId, Vec<ReservePlace>> {
    let mut lists: BTreeMap<OrganisationId, Vec<ReservePlace>> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.verdict != Verdict::Broken) {
        let waits = |fate| matches!(fate, Fate::Dropped | Fate::Lacking | Fate::Stranded | Fate::NotReached);
        for part in line.parts.iter().filter(|part| waits(part.fate) && part.asked.minor > 0) {
            let list = lists.entry(part.agency).or_default();
            let place = u32::try_from(list.len() + 1).unwrap_or(u32::MAX);
            let (proposal, asked, fate) = (line.proposal, part.asked, part.fate);
            list.push(ReservePlace { place, proposal, part: part.part, asked, fate });
        }
    }
    lists
}
