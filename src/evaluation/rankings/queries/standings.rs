//! How the proposals of a call would stand if the ranking were drawn now.

use crate::{
    evaluation::{
        rankings::rules::{Candidate, RankedLine, rank},
        rules::weighted,
    },
    kernel::{AppError, Result},
};
use entity::{
    calls::call,
    evaluation::{assignment, score},
    organisations::organisation,
    proposals::{part, participant, proposal},
    types::{
        country::Country,
        decimal,
        ids::{AssignmentId, CallId, ProposalId},
        points::Points,
        states::{AssignmentState, PartState},
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a ranking keeps of one proposal beside its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    pub failed: Vec<String>,
    pub criteria: Vec<DetailCriterion>,
    /// The weighted total of each sheet, lowest first.
    pub totals: Vec<i32>,
    pub countries: u32,
    pub smes: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DetailCriterion {
    pub key: String,
    pub name: String,
    pub mean: Option<i32>,
    pub spread: i32,
    pub passes: bool,
}

/// The standings of a call.
pub struct Standings {
    pub call: call::Model,
    /// Proposals with an eligible part, by id.
    pub proposals: BTreeMap<ProposalId, proposal::Model>,
    pub lines: Vec<RankedLine>,
    pub details: BTreeMap<ProposalId, Detail>,
    /// Sheets being written.
    pub open: usize,
}

impl Standings {
    /// # Errors
    /// `NotFound` when there is no such call.
    pub async fn load(db: &impl ConnectionTrait, id: CallId) -> Result<Self> {
        let call = call::Entity::find_by_id(id).one(db).await?.ok_or(AppError::NotFound)?;
        let parts = eligible(db, id).await?;
        let proposals: BTreeMap<ProposalId, proposal::Model> = proposal::Entity::find()
            .filter(proposal::Column::Id.is_in(parts.iter().map(|(p, _)| p.proposal_id)))
            .all(db)
            .await?
            .into_iter()
            .map(|p| (p.id, p))
            .collect();
        let companies = participant::Entity::find()
            .filter(participant::Column::PartId.is_in(parts.iter().map(|(p, _)| p.id)))
            .all(db)
            .await?;
        let tasks = assignment::Entity::find()
            .filter(assignment::Column::CallId.eq(id))
            .filter(assignment::Column::State.is_in([
                AssignmentState::Accepted,
                AssignmentState::InProgress,
                AssignmentState::Submitted,
            ]))
            .order_by_asc(assignment::Column::Id)
            .all(db)
            .await?;
        let open = tasks.iter().filter(|t| t.state != AssignmentState::Submitted).count();
        let mut sheets = sheets(db, tasks).await?;
        let mut candidates = Vec::new();
        for (id, proposal) in &proposals {
            let own: Vec<_> = parts.iter().filter(|(p, _)| p.proposal_id == *id).collect();
            let countries: BTreeSet<Country> = own.iter().map(|(_, country)| *country).collect();
            let smes = companies.iter().filter(|c| own.iter().any(|(p, _)| p.id == c.part_id)).count();
            candidates.push(Candidate {
                proposal: *id,
                code: proposal.code.clone(),
                sheets: sheets.remove(id).unwrap_or_default(),
                countries: u32::try_from(countries.len()).unwrap_or(u32::MAX),
                smes: u32::try_from(smes).unwrap_or(u32::MAX),
                submitted_at: own.iter().filter_map(|(p, _)| p.submitted_at).max(),
            });
        }
        let lines = rank(&call.terms, &candidates);
        let details = lines.iter().map(|line| (line.proposal, detail(&call, line, &candidates))).collect();
        Ok(Self { call, proposals, lines, details, open })
    }

    /// The standings as if some proposals had never been handed in.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn without(mut self, db: &impl ConnectionTrait, hidden: &[ProposalId]) -> Result<Self> {
        if hidden.is_empty() {
            return Ok(self);
        }
        self.proposals.retain(|id, _| !hidden.contains(id));
        self.details.retain(|id, _| !hidden.contains(id));
        self.lines.retain(|line| !hidden.contains(&line.proposal));
        for (line, rank) in self.lines.iter_mut().zip(1..) {
            line.rank = rank;
        }
        self.open = usize::try_from(
            assignment::Entity::find()
                .filter(assignment::Column::CallId.eq(self.call.id))
                .filter(assignment::Column::State.is_in([AssignmentState::Accepted, AssignmentState::InProgress]))
                .filter(assignment::Column::ProposalId.is_not_in(hidden.iter().copied()))
                .count(db)
                .await?,
        )
        .unwrap_or_default();
        Ok(self)
    }

    /// The code of a proposal.
    pub fn code(&self, id: ProposalId) -> &str {
        self.proposals.get(&id).map_or("", |p| p.code.as_str())
    }
}

fn detail(call: &call::Model, line: &RankedLine, candidates: &[Candidate]) -> Detail {
    let candidate = candidates.iter().find(|c| c.proposal == line.proposal);
    let total = |sheet: &BTreeMap<String, Points>| {
        let points: Vec<(&str, Points)> = sheet.iter().map(|(key, points)| (key.as_str(), *points)).collect();
        weighted(&call.terms, &points).hundredths
    };
    let mut totals: Vec<i32> = candidate.map(|c| c.sheets.iter().map(total).collect()).unwrap_or_default();
    totals.sort_unstable();
    let criteria = &call.terms.criteria;
    let name = |key: &str| criteria.iter().find(|c| c.key == key).map_or_else(String::new, |c| c.name.clone());
    Detail {
        failed: line.failed.clone(),
        criteria: line
            .per_criterion
            .iter()
            .map(|c| DetailCriterion {
                key: c.key.clone(),
                name: name(&c.key),
                mean: c.mean,
                spread: c.spread,
                passes: c.passes,
            })
            .collect(),
        totals,
        countries: candidate.map_or(0, |c| c.countries),
        smes: candidate.map_or(0, |c| c.smes),
    }
}

/// Parts that count, with the country of their organisation; after the ranking they are no longer "eligible".
async fn eligible(db: &impl ConnectionTrait, call: CallId) -> Result<Vec<(part::Model, Country)>> {
    use sea_orm::{QuerySelect, QueryTrait};
    let here = proposal::Entity::find()
        .select_only()
        .column(proposal::Column::Id)
        .filter(proposal::Column::CallId.eq(call))
        .into_query();
    let rows = part::Entity::find()
        .find_also_related(organisation::Entity)
        .filter(part::Column::ProposalId.in_subquery(here))
        .filter(part::Column::State.is_not_in([
            PartState::Draft,
            PartState::Submitted,
            PartState::Withdrawn,
            PartState::Ineligible,
        ]))
        .all(db)
        .await?;
    Ok(rows.into_iter().filter_map(|(p, o)| Some((p, o?.country))).collect())
}

/// Submitted sheets by proposal.
async fn sheets(
    db: &impl ConnectionTrait,
    tasks: Vec<assignment::Model>,
) -> Result<BTreeMap<ProposalId, Vec<BTreeMap<String, Points>>>> {
    let submitted: Vec<_> = tasks.into_iter().filter(|t| t.state == AssignmentState::Submitted).collect();
    let scores =
        score::Entity::find().filter(score::Column::AssignmentId.is_in(submitted.iter().map(|t| t.id))).all(db).await?;
    let mut given: BTreeMap<AssignmentId, BTreeMap<String, Points>> = BTreeMap::new();
    for row in scores {
        if let Some(points) = row.points {
            given.entry(row.assignment_id).or_default().insert(row.criterion, points);
        }
    }
    let mut sheets: BTreeMap<ProposalId, Vec<_>> = BTreeMap::new();
    for task in submitted {
        sheets.entry(task.proposal_id).or_default().push(given.remove(&task.id).unwrap_or_default());
    }
    Ok(sheets)
}

/// Hundredths of points as people read them.
pub fn shown(hundredths: i32) -> String {
    decimal::fixed(i64::from(hundredths), 2)
}
