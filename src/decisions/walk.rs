//! The ranking, the parts and the budgets of a call, read once for the screen, the proposal and the release.

use super::rules::{self, Decided, RankedParts};
use crate::{
    allocation::{
        queries::{Adopted, adopted},
        rules::{Agency, AskedPart, Candidate, Consortium, ScenarioLine, Setting, Strategy, allocate},
    },
    kernel::{AppError, Leave, Result, access::scope},
    proposals::rules::{PartFacts, check_consortium},
};
use chrono::{DateTime, Utc};
use entity::{
    accounts::account,
    calls::{annex, call},
    decisions::{decision, decision_list},
    evaluation::{ranking, ranking_line},
    organisations::organisation,
    proposals::{part, proposal},
    types::{
        country::Country,
        ids::{AccountId, AnnexId, CallId, OrganisationId, PartId, ProposalId, RankingId},
        money::Money,
        points::Points,
        states::{CallState, Outcome, PartState, RankingState},
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{BTreeMap, BTreeSet};

/// One agency with its money in this call.
#[derive(Debug, Clone)]
pub struct AgencyMoney {
    pub annex: AnnexId,
    pub agency: OrganisationId,
    pub name: String,
    pub terms: entity::types::terms::AnnexTerms,
    pub budget: Money,
    /// Its last confirmation, whether it still counts or not.
    pub confirmed: Option<Confirmed>,
}

/// Who confirmed an agency's list of decisions, when, and which.
#[derive(Debug, Clone)]
pub struct Confirmed {
    pub by: AccountId,
    pub name: String,
    pub at: DateTime<Utc>,
    pub digest: String,
}

/// One ranked proposal with its parts.
#[derive(Debug, Clone)]
pub struct WalkLine {
    pub rank: i32,
    pub total: i32,
    pub passes: bool,
    /// What the parts that are left break of the consortium rule of the call (rules R1 to R6).
    pub broken: Vec<String>,
    pub proposal: proposal::Model,
    pub parts: Vec<WalkPart>,
}

#[derive(Debug, Clone)]
pub struct WalkPart {
    pub part: part::Model,
    pub organisation: String,
    pub country: Country,
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
    /// The scenario that was adopted for the ranking.
    pub adopted: Option<Adopted>,
    /// The agencies whose list was confirmed as it stands now, whoever looks at how much of it.
    standing: BTreeSet<OrganisationId>,
}

impl WalkLine {
    /// Whether the proposal can be funded at all.
    pub fn competes(&self) -> bool {
        self.passes && self.broken.is_empty()
    }
}

impl WalkPart {
    /// The decision as it is confirmed and released.
    pub fn decided(&self) -> Option<Decided> {
        let row = self.decision.as_ref()?;
        let amount = Money::new(row.minor, row.currency);
        Some(Decided { part: self.part.id, version: row.version, outcome: row.outcome, amount })
    }
}

impl Walk {
    /// Where a part stands: which line, and which of its parts.
    pub fn place(&self, id: PartId) -> Option<(usize, usize)> {
        let here = |(n, line): (usize, &WalkLine)| Some((n, line.parts.iter().position(|p| p.part.id == id)?));
        self.lines.iter().enumerate().find_map(here)
    }

    /// The part at a place that [`place`](Self::place) gave.
    pub fn at(&self, (line, part): (usize, usize)) -> (&WalkLine, &WalkPart) {
        (&self.lines[line], &self.lines[line].parts[part])
    }

    /// Takes over the decision that was written for the part at a place.
    pub fn decide(&mut self, (line, part): (usize, usize), row: decision::Model) {
        let part = &mut self.lines[line].parts[part];
        part.decision = Some(row);
        self.standing.remove(&part.agency);
    }

    /// The proposals that the actor may see: none of a conflict.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn visible(&self, db: &impl ConnectionTrait, leave: Leave<'_>) -> Result<BTreeSet<ProposalId>> {
        let seen = scope::proposals(leave)
            .filter(proposal::Column::CallId.eq(self.call.id))
            .select_only()
            .column(proposal::Column::Id)
            .into_tuple::<ProposalId>()
            .all(db)
            .await?;
        Ok(seen.into_iter().collect())
    }

    /// The decisions so far, of one agency or of all.
    pub fn decided(&self, agency: Option<OrganisationId>) -> Vec<Decided> {
        let of = self.parts().filter(|(_, p)| agency.is_none_or(|id| id == p.agency));
        of.filter_map(|(_, p)| p.decided()).collect()
    }

    /// The decisions so far, but those on proposals that are hidden from somebody.
    pub fn decided_but(&self, hidden: &[ProposalId]) -> Vec<Decided> {
        let shown = self.parts().filter(|(line, _)| !hidden.contains(&line.proposal.id));
        shown.filter_map(|(_, p)| p.decided()).collect()
    }

    /// Parts of an agency that have no decision.
    pub fn undecided(&self, agency: OrganisationId) -> usize {
        self.parts().filter(|(_, p)| p.agency == agency && p.decision.is_none()).count()
    }

    /// The agencies that have something to decide.
    pub fn deciding(&self) -> impl Iterator<Item = &AgencyMoney> {
        self.agencies.iter().filter(|a| self.parts().any(|(_, p)| p.agency == a.agency))
    }

    /// The confirmation of an agency's list, if it was confirmed as it stands now.
    pub fn confirmation<'a>(&self, agency: &'a AgencyMoney) -> Option<&'a Confirmed> {
        agency.confirmed.as_ref().filter(|_| self.standing.contains(&agency.agency))
    }

    /// Whether the last confirmation of an agency is of its list as it stands in this walk.
    fn stands(&self, agency: &AgencyMoney) -> bool {
        // What was released is what was confirmed, though the release gave every decision another version.
        let released = matches!(self.call.state, CallState::Decided | CallState::Archived);
        let digest = || rules::fingerprint(&self.decided(Some(agency.agency)));
        let same = |confirmed: &Confirmed| self.undecided(agency.agency) == 0 && confirmed.digest == digest();
        agency.confirmed.as_ref().is_some_and(|confirmed| released || same(confirmed))
    }

    /// The place of every part on its agency's reserve list, down the ranking.
    pub fn reserve_places(&self) -> BTreeMap<PartId, i32> {
        let mut last: BTreeMap<OrganisationId, i32> = BTreeMap::new();
        let reserve = self.parts().filter(|(_, p)| p.decision.as_ref().is_some_and(|d| d.outcome == Outcome::Reserve));
        reserve
            .map(|(_, p)| {
                let place = last.entry(p.agency).or_insert(0);
                *place += 1;
                (p.part.id, *place)
            })
            .collect()
    }

    pub fn agency(&self, id: OrganisationId) -> Option<&AgencyMoney> {
        self.agencies.iter().find(|a| a.agency == id)
    }

    /// The walk as if some proposals had never been handed in: for somebody with a conflict of interest they were not,
    /// and neither a place nor a sum may tell of them.
    #[must_use]
    pub fn without(mut self, hidden: &[ProposalId]) -> Self {
        let mut above = 0;
        self.lines.retain_mut(|line| {
            if hidden.contains(&line.proposal.id) {
                above += 1;
                return false;
            }
            line.rank -= above;
            true
        });
        self
    }

    /// Parts in rank order.
    pub fn parts(&self) -> impl Iterator<Item = (&WalkLine, &WalkPart)> {
        self.lines.iter().flat_map(|line| line.parts.iter().map(move |part| (line, part)))
    }

    /// The ranked proposals as rules take them.
    pub fn ranked(&self) -> Vec<RankedParts> {
        let parts = |line: &WalkLine| line.parts.iter().map(|p| (p.part.id, p.agency, p.requested.minor)).collect();
        let ranked = |line: &WalkLine| RankedParts {
            proposal: line.proposal.id,
            rank: line.rank,
            passes: line.passes,
            broken: line.broken.clone(),
            parts: parts(line),
        };
        self.lines.iter().map(ranked).collect()
    }

    /// What the money allows for every proposal that competes: as it was adopted, or else, as a look ahead, by strict
    /// skip. What is lacking is left out where the adopted scenario knows proposals this walk is without.
    ///
    /// # Errors
    /// When budgets and parts contradict each other.
    pub fn course(&self) -> Result<BTreeMap<ProposalId, ScenarioLine>> {
        let Some(adopted) = &self.adopted else { return self.look_ahead() };
        let known: BTreeSet<ProposalId> = self.lines.iter().map(|line| line.proposal.id).collect();
        let cut = adopted.scenario.lines.iter().any(|line| !known.contains(&line.proposal));
        let lines = adopted.scenario.lines.iter().filter(|line| known.contains(&line.proposal)).cloned();
        let shown = lines.map(|line| match cut {
            true => ScenarioLine { lacking: Vec::new(), ..line },
            false => line,
        });
        Ok(shown.map(|line| (line.proposal, line)).collect())
    }

    /// Strict skip down the ranking with every agency's whole budget.
    ///
    /// # Errors
    /// When budgets and parts contradict each other.
    pub fn look_ahead(&self) -> Result<BTreeMap<ProposalId, ScenarioLine>> {
        let least = |n: u32| usize::try_from(n).unwrap_or(usize::MAX);
        let rules = &self.call.terms.consortium;
        let agency = |one: &AgencyMoney| Agency {
            id: one.agency,
            budget: one.budget,
            rate: one.terms.rate,
            floor: one.terms.floor,
        };
        let part = |one: &WalkPart| AskedPart {
            part: one.part.id,
            agency: one.agency,
            country: one.country,
            asked: one.requested,
            needed: one.part.is_coordinator,
        };
        let candidate = |line: &WalkLine| Candidate {
            proposal: line.proposal.id,
            code: line.proposal.code.clone(),
            rank: u32::try_from(line.rank).unwrap_or(0),
            score: Points::hundredths(line.total),
            measures: Vec::new(),
            parts: line.parts.iter().map(part).collect(),
        };
        let setting = Setting {
            currency: self.call.terms.currency,
            agencies: self.agencies.iter().map(agency).collect(),
            candidates: self.lines.iter().filter(|line| line.competes()).map(candidate).collect(),
            consortium: Consortium {
                parts: least(rules.min_parts),
                countries: least(rules.min_countries),
                funding_countries: least(rules.min_funding_countries),
            },
            signed: BTreeMap::new(),
            declined: BTreeSet::new(),
        };
        let scenario = allocate(&setting, &Strategy::StrictSkip).map_err(|why| AppError::broken(why.to_string()))?;
        Ok(scenario.lines.into_iter().map(|line| (line.proposal, line)).collect())
    }

    /// What an agency can give: its budget, and what the pot of the adopted scenario adds for its parts.
    pub fn available(&self, agency: &AgencyMoney) -> Money {
        let known: BTreeSet<ProposalId> = self.lines.iter().map(|line| line.proposal.id).collect();
        let lines = self.adopted.iter().flat_map(|adopted| &adopted.scenario.lines);
        let parts = lines.filter(|line| known.contains(&line.proposal)).flat_map(|line| &line.parts);
        let pot: i64 = parts.filter(|part| part.agency == agency.agency).map(|part| part.filled.minor).sum();
        Money::new(agency.budget.minor + pot, agency.budget.currency)
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

/// Reads the walk of a call in nine statements, however many proposals there are.
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
    let mut confirmed = confirmations(db, annexes.iter().map(|(annex, _)| annex.id).collect()).await?;
    let agencies: Vec<AgencyMoney> = annexes
        .into_iter()
        .map(|(annex, agency)| AgencyMoney {
            annex: annex.id,
            agency: annex.agency_id,
            name: agency.map(|a| a.name).unwrap_or_default(),
            budget: annex.terms.budget.unwrap_or(Money::zero(annex.terms.currency)),
            confirmed: confirmed.remove(&annex.id),
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
        return Ok(Walk { call, ranking: None, agencies, lines: Vec::new(), adopted: None, standing: BTreeSet::new() });
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
            Some(WalkLine {
                rank: line.rank,
                total: line.total,
                passes: line.passes,
                broken: broken(&call, &agencies, &parts),
                proposal: proposal?,
                parts,
            })
        })
        .collect();
    let adopted = adopted(db, ranking.id).await?;
    let mut walk = Walk { call, ranking: Some(ranking.id), agencies, lines, adopted, standing: BTreeSet::new() };
    walk.standing = walk.agencies.iter().filter(|a| walk.stands(a)).map(|a| a.agency).collect();
    Ok(walk)
}

/// The last confirmation of every agency.
async fn confirmations(db: &impl ConnectionTrait, annexes: Vec<AnnexId>) -> Result<BTreeMap<AnnexId, Confirmed>> {
    let rows = decision_list::Entity::find()
        .find_also_related(account::Entity)
        .filter(decision_list::Column::AnnexId.is_in(annexes))
        .order_by_asc(decision_list::Column::ConfirmedAt)
        .all(db)
        .await?;
    let confirmed = |(row, by): (decision_list::Model, Option<account::Model>)| {
        let name = by.map(|a| a.name).unwrap_or_default();
        (row.annex_id, Confirmed { by: row.confirmed_by, name, at: row.confirmed_at, digest: row.digest })
    };
    Ok(rows.into_iter().map(confirmed).collect())
}

/// What the parts that can be decided break of the consortium rule: others were withdrawn or are not eligible.
fn broken(call: &call::Model, agencies: &[AgencyMoney], parts: &[WalkPart]) -> Vec<String> {
    let fact = |part: &WalkPart| {
        let agency = agencies.iter().find(|a| a.agency == part.agency)?;
        // A part that was decided counts as it did before the decision.
        Some(PartFacts { country: part.country, class: agency.terms.class, state: PartState::Recommended })
    };
    let facts: Vec<PartFacts> = parts.iter().filter_map(fact).collect();
    check_consortium(&call.terms, &facts).into_iter().map(|finding| finding.message).collect()
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
        let agency = agencies.iter().find(|a| a.annex == part.annex_id);
        let (Some(agency), Some(organisation)) = (agency, organisation) else {
            continue;
        };
        let line = WalkPart {
            country: organisation.country,
            organisation: organisation.name,
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
