//! The ranking of a call with the money asked for, as a scenario is computed from it.

use crate::{
    allocation::rules::{Consortium, Input, LeftOut, Purse, Ranked, RankedPart},
    kernel::{AppError, Result},
    proposals::rules::{PartFacts, check_consortium},
};
use entity::{
    calls::{annex, call},
    evaluation::{ranking, ranking_line},
    organisations::organisation,
    proposals::{part, proposal},
    types::{
        country::Country,
        ids::{AnnexId, CallId, OrganisationId, PartId, ProposalId, RankingId},
        money::Money,
        points::Points,
        states::{PartState, RankingState},
        terms::AnnexTerms,
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::{BTreeMap, BTreeSet};

/// A call with its agencies and its fixed ranking.
pub(crate) struct Ground {
    pub call: call::Model,
    pub agencies: Vec<Agency>,
    /// None before a ranking is signed.
    pub ranking: Option<(RankingId, Input)>,
}

/// An agency with its terms in the call.
#[derive(Debug, Clone)]
pub(crate) struct Agency {
    pub annex: AnnexId,
    pub id: OrganisationId,
    pub name: String,
    pub terms: AnnexTerms,
}

impl Agency {
    pub fn budget(&self) -> Money {
        self.terms.budget.unwrap_or(Money::zero(self.terms.currency))
    }
}

/// Parts that are in the ranking, and so count: what was withdrawn or is not eligible does not.
const COUNTED: [PartState; 7] = [
    PartState::Recommended,
    PartState::NotRecommended,
    PartState::Awarded,
    PartState::Reserve,
    PartState::Rejected,
    PartState::Contracted,
    PartState::Closed,
];

impl Ground {
    /// Six statements, however many proposals there are.
    ///
    /// # Errors
    /// `NotFound` without the call.
    pub async fn load(db: &impl ConnectionTrait, id: CallId) -> Result<Self> {
        let call = call::Entity::find_by_id(id).one(db).await?.ok_or(AppError::NotFound)?;
        let agencies = agencies(db, id).await?;
        let ranking = ranking::Entity::find()
            .filter(ranking::Column::CallId.eq(id))
            .filter(ranking::Column::State.eq(RankingState::Fixed))
            .one(db)
            .await?;
        let Some(ranking) = ranking else { return Ok(Self { call, agencies, ranking: None }) };
        let lines = ranking_line::Entity::find()
            .find_also_related(proposal::Entity)
            .filter(ranking_line::Column::RankingId.eq(ranking.id))
            .order_by_asc(ranking_line::Column::Rank)
            .order_by_asc(proposal::Column::Code)
            .all(db)
            .await?;
        let ids: Vec<ProposalId> = lines.iter().map(|(line, _)| line.proposal_id).collect();
        let mut parts = parts(db, &ids, &agencies).await?;
        let mut input = Input {
            ranking: ranking.number,
            signed: ranking.digest,
            currency: call.terms.currency,
            agencies: agencies
                .iter()
                .map(|one| Purse {
                    agency: one.id,
                    budget: one.budget(),
                    rate: one.terms.rate,
                    rate_on: one.terms.rate_on,
                    floor: one.terms.floor,
                })
                .collect(),
            consortium: consortium(&call),
            candidates: Vec::new(),
            left_out: Vec::new(),
        };
        for (line, proposal) in lines {
            let Some(proposal) = proposal else { continue };
            let parts = parts.remove(&proposal.id).unwrap_or_default();
            let rank = u32::try_from(line.rank).unwrap_or(0);
            match why_not(&call, &agencies, &line, &parts) {
                Some(why) => input.left_out.push(LeftOut { proposal: proposal.id, rank, why }),
                None => input.candidates.push(Ranked {
                    proposal: proposal.id,
                    code: proposal.code,
                    rank,
                    score: Points::hundredths(line.total),
                    parts,
                }),
            }
        }
        Ok(Self { call, agencies, ranking: Some((ranking.id, input)) })
    }

    pub fn name(&self, id: OrganisationId) -> &str {
        self.agencies.iter().find(|one| one.id == id).map_or("", |one| one.name.as_str())
    }

    /// The agencies with their budgets of the call.
    pub fn called(&self) -> Vec<(OrganisationId, Money)> {
        self.agencies.iter().map(|one| (one.id, one.budget())).collect()
    }
}

fn consortium(call: &call::Model) -> Consortium {
    let least = |n: u32| usize::try_from(n).unwrap_or(usize::MAX);
    let rules = &call.terms.consortium;
    Consortium {
        parts: least(rules.min_parts),
        countries: least(rules.min_countries),
        funding_countries: least(rules.min_funding_countries),
    }
}

/// Why a ranked proposal cannot be funded at all.
fn why_not(
    call: &call::Model,
    agencies: &[Agency],
    line: &ranking_line::Model,
    parts: &[RankedPart],
) -> Option<String> {
    if !line.passes {
        return Some("Below a threshold of the call".to_owned());
    }
    let fact = |part: &RankedPart| {
        let class = agencies.iter().find(|one| one.id == part.agency)?.terms.class;
        // A part that was decided counts as it did before the decision.
        Some(PartFacts { country: part.country, class, state: PartState::Recommended })
    };
    let facts: Vec<PartFacts> = parts.iter().filter_map(fact).collect();
    let broken: Vec<String> =
        check_consortium(&call.terms, &facts).into_iter().map(|finding| finding.message).collect();
    (!broken.is_empty()).then(|| broken.join("; "))
}

async fn agencies(db: &impl ConnectionTrait, call: CallId) -> Result<Vec<Agency>> {
    let rows = annex::Entity::find()
        .find_also_related(organisation::Entity)
        .filter(annex::Column::CallId.eq(call))
        .order_by_asc(organisation::Column::Name)
        .all(db)
        .await?;
    let agency = |(annex, organisation): (annex::Model, Option<organisation::Model>)| Agency {
        annex: annex.id,
        id: annex.agency_id,
        name: organisation.map(|one| one.name).unwrap_or_default(),
        terms: annex.terms,
    };
    Ok(rows.into_iter().map(agency).collect())
}

async fn parts(
    db: &impl ConnectionTrait,
    proposals: &[ProposalId],
    agencies: &[Agency],
) -> Result<BTreeMap<ProposalId, Vec<RankedPart>>> {
    let rows = part::Entity::find()
        .find_also_related(organisation::Entity)
        .filter(part::Column::ProposalId.is_in(proposals.iter().copied()))
        .filter(part::Column::State.is_in(COUNTED))
        .order_by_desc(part::Column::IsCoordinator)
        .order_by_asc(part::Column::CreatedAt)
        .order_by_asc(part::Column::Id)
        .all(db)
        .await?;
    let mut by_proposal: BTreeMap<ProposalId, Vec<RankedPart>> = BTreeMap::new();
    for (row, organisation) in rows {
        let Some(agency) = agencies.iter().find(|one| one.annex == row.annex_id) else { continue };
        let country: Option<Country> = organisation.map(|one| one.country);
        let Some(country) = country else { continue };
        by_proposal.entry(row.proposal_id).or_default().push(RankedPart {
            part: row.id,
            agency: agency.id,
            country,
            asked: Money::new(row.requested_minor, row.currency),
            needed: row.is_coordinator,
        });
    }
    Ok(by_proposal)
}

/// A ranked proposal as lists name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    pub code: String,
    pub title: String,
}

/// The proposals of these rankings that are there for everybody who may see them; one statement.
pub(crate) async fn named(
    db: &impl ConnectionTrait,
    rankings: &BTreeSet<RankingId>,
) -> Result<BTreeMap<ProposalId, Named>> {
    let rows = ranking_line::Entity::find()
        .find_also_related(proposal::Entity)
        .filter(ranking_line::Column::RankingId.is_in(rankings.iter().copied()))
        .all(db)
        .await?;
    let named = |(line, proposal): (ranking_line::Model, Option<proposal::Model>)| {
        let proposal = proposal?;
        Some((line.proposal_id, Named { code: proposal.code, title: proposal.title }))
    };
    Ok(rows.into_iter().filter_map(named).collect())
}

/// The organisations behind parts of these proposals; one statement.
pub(crate) async fn organisations(
    db: &impl ConnectionTrait,
    proposals: impl IntoIterator<Item = ProposalId>,
) -> Result<BTreeMap<PartId, String>> {
    let rows = part::Entity::find()
        .find_also_related(organisation::Entity)
        .filter(part::Column::ProposalId.is_in(proposals))
        .all(db)
        .await?;
    let named = |(part, organisation): (part::Model, Option<organisation::Model>)| Some((part.id, organisation?.name));
    Ok(rows.into_iter().filter_map(named).collect())
}
