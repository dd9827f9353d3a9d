//! The ranking, the parts and the budgets of a call, read once for the screen, the proposal and the release.

use super::rules::RankedParts;
use crate::{
    allocation::rules::{Allocation, Ask, strict_skip},
    kernel::{AppError, Result},
};
use entity::{
    calls::{annex, call},
    decisions::decision,
    evaluation::{ranking, ranking_line},
    organisations::organisation,
    proposals::{part, proposal},
    types::{
        ids::{AnnexId, CallId, OrganisationId, PartId, ProposalId, RankingId},
        money::Money,
        states::{Outcome, PartState, RankingState},
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::BTreeMap;

/// One agency with its money in this call.
#[derive(Debug, Clone)]
pub struct AgencyMoney {
    pub annex: AnnexId,
    pub agency: OrganisationId,
    pub name: String,
    pub terms: entity::types::terms::AnnexTerms,
    pub budget: Money,
}

/// One ranked proposal with its parts.
#[derive(Debug, Clone)]
pub struct WalkLine {
    pub rank: i32,
    pub total: i32,
    pub passes: bool,
    pub proposal: proposal::Model,
    pub parts: Vec<WalkPart>,
}

#[derive(Debug, Clone)]
pub struct WalkPart {
    pub part: part::Model,
    pub organisation: String,
    pub agency: OrganisationId,
    pub requested: Money,
    pub decision: Option<decision::Model>,
}

/// Everything a decision needs to know of a call.
pub struct Walk {
    pub call: call::Model,
    pub ranking: Option<RankingId>,
    pub agencies: Vec<AgencyMoney>,
    pub lines: Vec<WalkLine>,
}

impl Walk {
    pub fn agency(&self, id: OrganisationId) -> Option<&AgencyMoney> {
        self.agencies.iter().find(|a| a.agency == id)
    }

    /// Parts in rank order.
    pub fn parts(&self) -> impl Iterator<Item = (&WalkLine, &WalkPart)> {
        self.lines.iter().flat_map(|line| line.parts.iter().map(move |part| (line, part)))
    }

    /// The ranked proposals as rules take them.
    pub fn ranked(&self) -> Vec<RankedParts> {
        let parts = |line: &WalkLine| line.parts.iter().map(|p| (p.part.id, p.agency, p.requested.minor)).collect();
        self.lines.iter().map(|line| RankedParts { rank: line.rank, passes: line.passes, parts: parts(line) }).collect()
    }

    /// Strict skip down the ranking with every agency's whole budget.
    pub fn strict_skip(&self) -> Allocation {
        let asks: Vec<Ask> = self
            .lines
            .iter()
            .filter(|line| line.passes)
            .map(|line| Ask {
                proposal: line.proposal.id,
                parts: line.parts.iter().map(|p| (p.part.id, p.agency, p.requested.minor)).collect(),
            })
            .collect();
        strict_skip(&asks, &self.budgets())
    }

    pub fn budgets(&self) -> BTreeMap<OrganisationId, i64> {
        self.agencies.iter().map(|a| (a.agency, a.budget.minor)).collect()
    }

    pub fn names(&self) -> BTreeMap<OrganisationId, String> {
        self.agencies.iter().map(|a| (a.agency, a.name.clone())).collect()
    }

    /// What an agency funds by the decisions so far, other than this part.
    pub fn funded(&self, agency: OrganisationId, except: Option<PartId>) -> i64 {
        self.parts()
            .filter(|(_, p)| p.agency == agency && Some(p.part.id) != except)
            .filter_map(|(_, p)| p.decision.as_ref())
            .filter(|d| d.outcome == Outcome::Fund)
            .map(|d| d.minor)
            .sum()
    }
}

/// States in which a part waits for, or has, a decision.
const DECIDABLE: [PartState; 7] = [
    PartState::Recommended,
    PartState::NotRecommended,
    PartState::Awarded,
    PartState::Reserve,
    PartState::Rejected,
    PartState::Contracted,
    PartState::Closed,
];

/// Reads the walk of a call in seven statements, however many proposals there are.
///
/// # Errors
/// `NotFound` without the call.
pub async fn load(db: &impl ConnectionTrait, id: CallId) -> Result<Walk> {
    along(db, id, &[RankingState::Fixed], &DECIDABLE).await
}

/// The same along the latest ranking, a draft or the fixed one, to look ahead before anything is decided.
///
/// # Errors
/// `NotFound` without the call.
pub async fn ahead(db: &impl ConnectionTrait, id: CallId) -> Result<Walk> {
    let parts = [DECIDABLE.as_slice(), &[PartState::Eligible]].concat();
    along(db, id, &[RankingState::Draft, RankingState::Fixed], &parts).await
}

async fn along(db: &impl ConnectionTrait, id: CallId, rankings: &[RankingState], states: &[PartState]) -> Result<Walk> {
    let call = call::Entity::find_by_id(id).one(db).await?.ok_or(AppError::NotFound)?;
    let annexes = annex::Entity::find()
        .find_also_related(organisation::Entity)
        .filter(annex::Column::CallId.eq(id))
        .order_by_asc(organisation::Column::Name)
        .all(db)
        .await?;
    let agencies: Vec<AgencyMoney> = annexes
        .into_iter()
        .map(|(annex, agency)| AgencyMoney {
            annex: annex.id,
            agency: annex.agency_id,
            name: agency.map(|a| a.name).unwrap_or_default(),
            budget: annex.terms.budget.unwrap_or(Money::zero(annex.terms.currency)),
            terms: annex.terms,
        })
        .collect();
    let ranking = ranking::Entity::find()
        .filter(ranking::Column::CallId.eq(id))
        .filter(ranking::Column::State.is_in(rankings.iter().copied()))
        .order_by_desc(ranking::Column::Number)
        .one(db)
        .await?;
    let Some(ranking) = ranking else {
        return Ok(Walk { call, ranking: None, agencies, lines: Vec::new() });
    };
    let ranked = ranking_line::Entity::find()
        .find_also_related(proposal::Entity)
        .filter(ranking_line::Column::RankingId.eq(ranking.id))
        .order_by_asc(ranking_line::Column::Rank)
        .order_by_asc(proposal::Column::Code)
        .all(db)
        .await?;
    let ids: Vec<ProposalId> = ranked.iter().map(|(line, _)| line.proposal_id).collect();
    let mut parts = parts_of(db, &ids, &agencies, states).await?;
    let lines = ranked
        .into_iter()
        .filter_map(|(line, proposal)| {
            let parts = parts.remove(&line.proposal_id).unwrap_or_default();
            Some(WalkLine { rank: line.rank, total: line.total, passes: line.passes, proposal: proposal?, parts })
        })
        .collect();
    Ok(Walk { call, ranking: Some(ranking.id), agencies, lines })
}

async fn parts_of(
    db: &impl ConnectionTrait,
    proposals: &[ProposalId],
    agencies: &[AgencyMoney],
    states: &[PartState],
) -> Result<BTreeMap<ProposalId, Vec<WalkPart>>> {
    let rows = part::Entity::find()
        .find_also_related(organisation::Entity)
        .filter(part::Column::ProposalId.is_in(proposals.to_vec()))
        .filter(part::Column::State.is_in(states.iter().copied()))
        .order_by_desc(part::Column::IsCoordinator)
        .order_by_asc(part::Column::CreatedAt)
        .all(db)
        .await?;
    let ids: Vec<PartId> = rows.iter().map(|(part, _)| part.id).collect();
    let decisions = decision::Entity::find().filter(decision::Column::PartId.is_in(ids)).all(db).await?;
    let mut decisions: BTreeMap<PartId, decision::Model> = decisions.into_iter().map(|d| (d.part_id, d)).collect();
    let mut by_proposal: BTreeMap<ProposalId, Vec<WalkPart>> = BTreeMap::new();
    for (part, organisation) in rows {
        let Some(agency) = agencies.iter().find(|a| a.annex == part.annex_id) else {
            continue;
        };
        let line = WalkPart {
            organisation: organisation.map(|o| o.name).unwrap_or_default(),
            agency: agency.agency,
            requested: Money::new(part.requested_minor, part.currency),
            decision: decisions.remove(&part.id),
            part,
        };
        by_proposal.entry(line.part.proposal_id).or_default().push(line);
    }
    Ok(by_proposal)
}

/// The call a part belongs to.
pub(super) async fn call_of(db: &impl ConnectionTrait, part: PartId) -> Result<CallId> {
    use entity::proposals::{part as parts, proposal};
    let found = parts::Entity::find_by_id(part).find_also_related(proposal::Entity).one(db).await?;
    found.and_then(|(_, proposal)| proposal).map(|p| p.call_id).ok_or(AppError::NotFound)
}
