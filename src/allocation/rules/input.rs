//! What a scenario is computed from, as it is kept: whoever has it can compute the scenario again.

use super::{
    setting::{Agency, AskedPart, Candidate, Consortium, Setting},
    settings::Settings,
    ties::{self, Tie, TieReason},
};
use chrono::NaiveDate;
use entity::types::{
    country::Country,
    ids::{OrganisationId, PartId, ProposalId},
    money::{Currency, Money, Rate},
    points::Points,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What decides between proposals the ranking puts at one place: the higher score, more countries that pay, less money
/// (ERA-LEARN lets a joint call re-order equals; the order of these steps is assumed).
pub const TIE_RULE: [Tie; 3] = [Tie::Score, Tie::FundingCountries, Tie::LessMoney];

/// A ranking with the money asked for, and the agencies with theirs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// The number of the signed ranking, and the digest of what was signed.
    pub ranking: i32,
    pub signed: Option<String>,
    pub currency: Currency,
    pub agencies: Vec<Purse>,
    pub consortium: Consortium,
    /// In rank order.
    pub candidates: Vec<Ranked>,
    /// Ranked proposals that cannot be funded at all, and why.
    pub left_out: Vec<LeftOut>,
}

/// An agency's money in the call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purse {
    pub agency: OrganisationId,
    pub budget: Money,
    pub rate: Rate,
    pub rate_on: Option<NaiveDate>,
    pub floor: Option<Money>,
}

/// A proposal that can be funded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ranked {
    pub proposal: ProposalId,
    pub code: String,
    pub rank: u32,
    pub score: Points,
    pub parts: Vec<RankedPart>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RankedPart {
    pub part: PartId,
    pub agency: OrganisationId,
    pub country: Country,
    pub asked: Money,
    pub needed: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    pub proposal: ProposalId,
    pub rank: u32,
    pub why: String,
}

impl Input {
    /// What a strategy is told, in the order of the walk, with why equals stand as they stand.
    pub fn setting(&self, settings: &Settings) -> (Setting, Vec<Option<TieReason>>) {
        let agency = |one: &Purse| Agency { id: one.agency, budget: one.budget, rate: one.rate, floor: one.floor };
        let part = |one: &RankedPart| AskedPart {
            part: one.part,
            agency: one.agency,
            country: one.country,
            asked: one.asked,
            needed: one.needed,
        };
        let candidate = |one: &Ranked| Candidate {
            proposal: one.proposal,
            code: one.code.clone(),
            rank: one.rank,
            score: one.score,
            measures: Vec::new(),
            parts: one.parts.iter().map(part).collect(),
        };
        let mut setting = Setting {
            currency: self.currency,
            agencies: self.agencies.iter().map(agency).collect(),
            candidates: self.candidates.iter().map(candidate).collect(),
            consortium: self.consortium,
            signed: BTreeMap::new(),
            declined: BTreeSet::new(),
        };
        settings.apply(&mut setting);
        let reasons = ties::order(&mut setting, &TIE_RULE);
        (setting, reasons)
    }

    /// Every proposal of the ranking.
    pub fn proposals(&self) -> impl Iterator<Item = ProposalId> {
        self.candidates.iter().map(|one| one.proposal).chain(self.left_out.iter().map(|one| one.proposal))
    }

    /// The same as if some proposals had never been handed in: places move up.
    #[must_use]
    pub fn without(&self, hidden: &BTreeSet<ProposalId>) -> Self {
        let ranks = self.candidates.iter().map(|one| (one.proposal, one.rank));
        let all: Vec<(ProposalId, u32)> =
            ranks.chain(self.left_out.iter().map(|one| (one.proposal, one.rank))).collect();
        let up = |rank: u32| {
            let above = all.iter().filter(|(proposal, other)| *other < rank && hidden.contains(proposal)).count();
            rank - u32::try_from(above).unwrap_or(0)
        };
        let shown = |proposal: &ProposalId| !hidden.contains(proposal);
        Self {
            candidates: self
                .candidates
                .iter()
                .filter(|one| shown(&one.proposal))
                .map(|one| Ranked { rank: up(one.rank), ..one.clone() })
                .collect(),
            left_out: self
                .left_out
                .iter()
                .filter(|one| shown(&one.proposal))
                .map(|one| LeftOut { rank: up(one.rank), ..one.clone() })
                .collect(),
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use entity::types::money::Currency::Eur;
    use uuid::Uuid;

    fn ranked(n: u128, rank: u32, score: i32) -> Ranked {
        Ranked {
            proposal: Uuid::from_u128(n).into(),
            code: format!("P{n}"),
            rank,
            score: Points::hundredths(score),
            parts: Vec::new(),
        }
    }

    fn input() -> Input {
        Input {
            ranking: 1,
            signed: None,
            currency: Eur,
            agencies: Vec::new(),
            consortium: Consortium::TWO,
            candidates: vec![ranked(1, 1, 400), ranked(2, 2, 300), ranked(3, 2, 350)],
            left_out: vec![LeftOut { proposal: Uuid::from_u128(4).into(), rank: 4, why: "Below".into() }],
        }
    }

    #[test]
    fn equals_are_ordered_with_a_reason() {
        let (setting, reasons) = input().setting(&Settings::usual(super::super::Kind::StrictSkip));
        let codes: Vec<&str> = setting.candidates.iter().map(|one| one.code.as_str()).collect();
        assert_eq!(codes, ["P1", "P3", "P2"]);
        assert_eq!(reasons[2].and_then(|reason| reason.by), Some(Tie::Score));
        assert_eq!(reasons[1], None);
    }

    #[test]
    fn without_a_proposal_the_others_move_up() {
        let less = input().without(&[Uuid::from_u128(1).into()].into());
        let ranks: Vec<u32> = less.candidates.iter().map(|one| one.rank).collect();
        assert_eq!((ranks, less.left_out[0].rank), (vec![1, 1], 3));
        assert_eq!(input().without(&BTreeSet::new()), input());
    }

    #[test]
    fn what_is_kept_is_read_again() {
        let text = serde_json::to_string(&input()).unwrap();
        assert_eq!(serde_json::from_str::<Input>(&text).unwrap(), input());
    }
}
