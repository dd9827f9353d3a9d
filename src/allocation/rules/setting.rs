//! What an allocation starts from: agencies, candidates, the least consortium, and what is settled already.

use entity::types::{
    country::Country,
    ids::{OrganisationId, PartId, ProposalId},
    money::{Currency, Money, Rate},
    points::Points,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// An agency with its money in the call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agency {
    pub id: OrganisationId,
    pub budget: Money,
    /// What one unit of its currency is worth in the call's, fixed for the call on a day.
    pub rate: Rate,
    /// The smallest grant it gives for one part.
    pub floor: Option<Money>,
}

/// One organisation's share of a proposal, as it is asked of its home agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedPart {
    pub part: PartId,
    pub agency: OrganisationId,
    pub country: Country,
    /// In the agency's currency; nothing for a part that takes part without a grant.
    pub asked: Money,
    /// Whether the proposal falls without this part: the coordinator's.
    pub needed: bool,
}

/// A ranked proposal above all thresholds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub proposal: ProposalId,
    /// What people quote, and what decides when nothing else does.
    pub code: String,
    pub rank: u32,
    pub score: Points,
    /// What the tie rule may ask, the higher the better: points of criteria, numbers of SMEs.
    pub measures: Vec<i64>,
    /// In the order of the proposal: where money is short, the last give way first.
    pub parts: Vec<AskedPart>,
}

/// What must be left of a consortium (rules R1 to R6 of the call, domain.md 1.4; two funding countries, 6.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consortium {
    pub parts: usize,
    pub countries: usize,
    /// Countries in which an agency pays.
    pub funding_countries: usize,
}

impl Consortium {
    /// Two parts from two countries that pay (domain.md 6.4).
    pub const TWO: Self = Self { parts: 2, countries: 2, funding_countries: 2 };

    /// Whether these parts are still a consortium; those that ask for no money count, but do not make a country pay.
    pub fn stands<'a>(&self, parts: impl Iterator<Item = &'a AskedPart> + Clone) -> bool {
        let countries: BTreeSet<Country> = parts.clone().map(|part| part.country).collect();
        let paying: BTreeSet<Country> =
            parts.clone().filter(|part| part.asked.minor > 0).map(|part| part.country).collect();
        parts.count() >= self.parts && countries.len() >= self.countries && paying.len() >= self.funding_countries
    }
}

/// Everything a strategy is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The currency of sums over agencies.
    pub currency: Currency,
    pub agencies: Vec<Agency>,
    /// In the order of the walk: [`order`](super::order) puts equal ranks in one.
    pub candidates: Vec<Candidate>,
    pub consortium: Consortium,
    /// Grants that are signed, as far as the agency pays them itself: they stay, and their money is gone before
    /// anything else is decided.
    pub signed: BTreeMap<PartId, Money>,
    /// Parts that were declined or withdrawn: they take no money, and the proposal must stand without them.
    pub declined: BTreeSet<PartId>,
}

/// What is asked contradicts itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("An agency is listed twice.")]
    AgencyTwice { agency: OrganisationId },
    #[error("A proposal is ranked twice.")]
    ProposalTwice { proposal: ProposalId },
    #[error("A part is asked for twice.")]
    PartTwice { part: PartId },
    #[error("A part asks an agency that is not in the call.")]
    UnknownAgency { part: PartId },
    #[error("A part, its agency's budget and its floor are not in one currency.")]
    Currency { agency: OrganisationId },
    #[error("An amount or a rate is negative or beyond what money is reckoned with.")]
    Amount { agency: OrganisationId },
    #[error("A ranking is not in order.")]
    Order { proposal: ProposalId },
    #[error("A signed grant is for no candidate, above what was asked, or declined as well.")]
    Signed { part: PartId },
    #[error("The grants that are signed pass an agency's budget by {missing}.")]
    SignedAboveBudget { agency: OrganisationId, missing: Money },
    #[error("The pot is negative or too large.")]
    Pot,
    #[error("There are too many proposals or agencies for an optimum.")]
    TooMany,
}

/// The largest amount, in minor units; sums of thousands of them stay exact.
pub const LARGEST: i64 = 100_000_000_000_000;

impl Setting {
    /// Whether the whole can be understood.
    ///
    /// # Errors
    /// The first contradiction.
    pub fn check(&self) -> Result<(), Refusal> {
        let mut currencies = BTreeMap::new();
        for one in &self.agencies {
            let agency = one.id;
            if currencies.insert(agency, one.budget.currency).is_some() {
                return Err(Refusal::AgencyTwice { agency });
            }
            let floor = one.floor.unwrap_or(Money::zero(one.budget.currency));
            if floor.currency != one.budget.currency {
                return Err(Refusal::Currency { agency });
            }
            if [one.budget, floor].iter().any(|money| !(0..=LARGEST).contains(&money.minor))
                || !(1..=LARGEST).contains(&one.rate.micros)
            {
                return Err(Refusal::Amount { agency });
            }
        }
        let (mut proposals, mut asked) = (BTreeSet::new(), BTreeMap::new());
        for (at, one) in self.candidates.iter().enumerate() {
            let proposal = one.proposal;
            if !proposals.insert(proposal) {
                return Err(Refusal::ProposalTwice { proposal });
            }
            if at > 0 && self.candidates[at - 1].rank > one.rank {
                return Err(Refusal::Order { proposal });
            }
            for part in &one.parts {
                let Some(currency) = currencies.get(&part.agency) else {
                    return Err(Refusal::UnknownAgency { part: part.part });
                };
                if part.asked.currency != *currency {
                    return Err(Refusal::Currency { agency: part.agency });
                }
                if !(0..=LARGEST).contains(&part.asked.minor) {
                    return Err(Refusal::Amount { agency: part.agency });
                }
                if asked.insert(part.part, part.asked).is_some() {
                    return Err(Refusal::PartTwice { part: part.part });
                }
            }
        }
        for (part, grant) in &self.signed {
            let fits = asked
                .get(part)
                .is_some_and(|asked| asked.currency == grant.currency && (0..=asked.minor).contains(&grant.minor));
            if !fits || self.declined.contains(part) {
                return Err(Refusal::Signed { part: *part });
            }
        }
        let short = self.agencies.iter().zip(self.free()).find(|(_, left)| *left < 0);
        short.map_or(Ok(()), |(agency, left)| {
            let missing = Money::new(left.saturating_neg(), agency.budget.currency);
            Err(Refusal::SignedAboveBudget { agency: agency.id, missing })
        })
    }

    /// The place of every agency in the list.
    pub(super) fn places(&self) -> BTreeMap<OrganisationId, usize> {
        self.agencies.iter().enumerate().map(|(at, agency)| (agency.id, at)).collect()
    }

    /// What each agency has left when the signed grants are paid.
    pub(super) fn free(&self) -> Vec<i64> {
        let places = self.places();
        let mut free: Vec<i64> = self.agencies.iter().map(|agency| agency.budget.minor).collect();
        for part in self.candidates.iter().flat_map(|candidate| &candidate.parts) {
            if let (Some(grant), Some(at)) = (self.signed.get(&part.part), places.get(&part.agency)) {
                free[*at] = free[*at].saturating_sub(grant.minor);
            }
        }
        free
    }

    /// Money of an agency in the currency of the call, rounded half up.
    pub(super) fn in_call(&self, agency: usize, minor: i64) -> Money {
        let agency = &self.agencies[agency];
        let own = Money::new(minor, agency.budget.currency);
        if agency.budget.currency == self.currency { own } else { own.to(self.currency, agency.rate) }
    }
}
