//! How the proposals of a call would stand if the ranking were drawn now.

use super::lottery;
use crate::{
    evaluation::{
        calibration::{
            figures::Side,
            queries::{Kept, latest},
        },
        judged::{Judged, agreed},
        rankings::rules::{Candidate, Lot, RankedLine, rank},
    },
    kernel::Result,
};
use entity::{
    calls::call,
    evaluation::assignment,
    proposals::proposal,
    types::{
        country::Country,
        decimal,
        ids::{CallId, ProposalId},
        judging::RankBy,
        states::{AgreedSource, AssignmentState},
        terms::CallTerms,
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a ranking keeps of one proposal beside its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    pub failed: Vec<String>,
    pub criteria: Vec<DetailCriterion>,
    /// The weighted total of each complete sheet, lowest first.
    pub totals: Vec<i32>,
    pub countries: u32,
    pub smes: u32,
    /// Submitted sheets, where some are not complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheets: Option<u32>,
    /// Hundredths of the expected rank, where the call ranks by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DetailCriterion {
    pub key: String,
    pub name: String,
    pub mean: Option<i32>,
    pub spread: i32,
    pub passes: bool,
    /// Who agreed on the points, when they are not the evaluators' own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed: Option<AgreedSource>,
    /// Evaluators left out by the call's outlier rule.
    #[serde(default, skip_serializing_if = "nothing")]
    pub left_out: u32,
}

fn nothing(count: &u32) -> bool {
    *count == 0
}

impl Detail {
    /// What is kept of a ranked candidate.
    pub fn of(terms: &CallTerms, candidate: &Candidate, line: &RankedLine) -> Self {
        let name = |key: &str| {
            terms.criteria.iter().find(|c| c.key == key).map_or_else(String::new, |criterion| criterion.name.clone())
        };
        let incomplete = usize::try_from(line.sheets).unwrap_or(usize::MAX) > line.sheet_totals.len();
        Self {
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
                    agreed: c.agreed,
                    left_out: c.left_out,
                })
                .collect(),
            totals: line.sheet_totals.clone(),
            countries: candidate.countries,
            smes: candidate.smes,
            sheets: incomplete.then_some(line.sheets),
            expected: candidate.expected,
        }
    }

    /// Submitted sheets.
    pub fn sheets(&self) -> usize {
        self.sheets.map_or(self.totals.len(), |all| usize::try_from(all).unwrap_or(usize::MAX))
    }
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
    /// The calibration that orders, and the lottery that was signed.
    pub calibration: Option<i32>,
    pub lottery: Option<i32>,
    /// What the order still needs, in words; none when it can be drawn.
    pub lacking: Option<String>,
    /// What must happen before it is signed, in words: a call that draws lots draws them first.
    pub undrawn: Option<String>,
}

impl Standings {
    /// # Errors
    /// `NotFound` when there is no such call.
    pub async fn load(db: &impl ConnectionTrait, id: CallId) -> Result<Self> {
        let judged = Judged::load(db, id).await?;
        let companies = companies(db, &judged).await?;
        let agreed = agreed(db, id).await?;
        let ranking = judged.call.terms.evaluation.ranking;
        let by_model = ranking.by == RankBy::ExpectedRanks;
        let model = if by_model || ranking.lottery { latest(db, &judged).await? } else { None };
        let lottery = if ranking.lottery { lottery::signed(db, id).await? } else { None };
        let mut expected: BTreeMap<ProposalId, u32> = BTreeMap::new();
        if let (true, Some(model)) = (by_model, &model) {
            expected.extend(model.calibrated.proposals.iter().map(|one| (one.proposal, one.hundredths())));
        }
        let lots: BTreeMap<ProposalId, Lot> = lottery.as_ref().map(|l| l.lots.clone()).unwrap_or_default();
        let mut candidates = Vec::new();
        for (id, proposal) in &judged.proposals {
            let own: Vec<_> = judged.parts.iter().filter(|(p, _)| p.proposal_id == *id).collect();
            let countries: BTreeSet<Country> = own.iter().map(|(_, country)| *country).collect();
            let smes = companies.iter().filter(|part| own.iter().any(|(p, _)| p.id == **part)).count();
            candidates.push(Candidate {
                proposal: *id,
                code: proposal.code.clone(),
                sheets: judged.of(*id).map(|sheet| sheet.points.clone()).collect(),
                agreed: agreed.get(id).cloned().unwrap_or_default(),
                countries: u32::try_from(countries.len()).unwrap_or(u32::MAX),
                smes: u32::try_from(smes).unwrap_or(u32::MAX),
                submitted_at: own.iter().filter_map(|(p, _)| p.submitted_at).max(),
                expected: expected.get(id).copied(),
                lot: lottery.as_ref().map(|_| lots.get(id).copied().unwrap_or(Lot::Below)),
            });
        }
        let terms = &judged.call.terms;
        let lines = rank(terms, &candidates);
        let by_id: BTreeMap<ProposalId, &Candidate> = candidates.iter().map(|c| (c.proposal, c)).collect();
        let details = lines
            .iter()
            .filter_map(|line| Some((line.proposal, Detail::of(terms, by_id.get(&line.proposal)?, line))))
            .collect();
        let stale = model.as_ref().is_some_and(|model| model.out_of_date);
        let lacking = match (by_model, &model) {
            (true, None) => Some("This call ranks by expected ranks: make a calibration first.".to_owned()),
            (true, Some(_)) if stale => Some(
                "Sheets have changed since the latest calibration, which orders this ranking: make it again.".into(),
            ),
            _ => None,
        };
        Ok(Self {
            details,
            open: judged.open,
            lacking,
            undrawn: if ranking.lottery { undrawn(model.as_ref(), &lines, lottery.is_some()) } else { None },
            calibration: model.map(|model| model.number),
            lottery: lottery.map(|one| one.number),
            lines,
            call: judged.call,
            proposals: judged.proposals,
        })
    }

    /// The standings as if some proposals had never been handed in.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn without(mut self, db: &impl ConnectionTrait, hidden: &[ProposalId]) -> Result<Self> {
        if !self.proposals.keys().any(|id| hidden.contains(id)) {
            return Ok(self);
        }
        self.proposals.retain(|id, _| !hidden.contains(id));
        self.details.retain(|id, _| !hidden.contains(id));
        // Expected ranks add up to a known sum: those of the others would tell the one that is hidden.
        self.details.values_mut().for_each(|detail| detail.expected = None);
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

/// What a call that draws lots still has to do before its ranking is signed.
fn undrawn(model: Option<&Kept>, lines: &[RankedLine], signed: bool) -> Option<String> {
    let Some(model) = model else {
        return Some("This call draws lots where the points cannot tell: make a calibration first.".to_owned());
    };
    if model.out_of_date {
        return Some("Sheets have changed since the calibration the lottery rests on: make it again.".to_owned());
    }
    let passing: BTreeSet<ProposalId> = lines.iter().filter(|line| line.passes).map(|line| line.proposal).collect();
    let within = model.calibrated.proposals.iter().filter(|one| one.side == Side::Within);
    let within = within.filter(|one| passing.contains(&one.proposal)).count();
    let open = model.calibrated.open;
    (!signed && open > 0 && within > open).then(|| {
        "More proposals than there are places cannot be told apart: the lottery has not been drawn and signed."
            .to_owned()
    })
}

/// The part of every company of a part that counts.
async fn companies(db: &impl ConnectionTrait, judged: &Judged) -> Result<Vec<entity::types::ids::PartId>> {
    use entity::proposals::participant::{Column, Entity};
    use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
    Ok(Entity::find()
        .select_only()
        .column(Column::PartId)
        .filter(Column::PartId.is_in(judged.parts.iter().map(|(p, _)| p.id)))
        .into_tuple()
        .all(db)
        .await?)
}

/// Hundredths of points as people read them.
pub fn shown(hundredths: i32) -> String {
    decimal::fixed(i64::from(hundredths), 2)
}
