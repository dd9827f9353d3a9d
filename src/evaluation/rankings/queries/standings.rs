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
    organisations::organisation,
    proposals::{part, participant, proposal},
    types::{
        country::Country,
        decimal,
        ids::{CallId, OrganisationId, PartId, ProposalId},
        judging::RankBy,
        states::{AgreedSource, AssignmentState, OrganisationKind, PartState, SizeClass},
        terms::{CallTerms, TieBreak},
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, QueryTrait};
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
        let makeup = Makeup::load(db, &judged).await?;
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
            let own = judged.parts.iter().filter(|(p, _)| p.proposal_id == *id);
            let countries: BTreeSet<Country> = own.clone().map(|(_, country)| *country).collect();
            let own: Vec<&part::Model> = own.map(|(part, _)| part).collect();
            candidates.push(Candidate {
                proposal: *id,
                code: proposal.code.clone(),
                sheets: judged.of(*id).map(|sheet| sheet.points.clone()).collect(),
                agreed: agreed.get(id).cloned().unwrap_or_default(),
                countries: whole(countries.len()),
                smes: makeup.smes(&own),
                sme_share: makeup.sme_share(&own),
                earlier_awards: makeup.earlier_awards(&own),
                submitted_at: own.iter().filter_map(|p| p.submitted_at).max(),
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

/// Who takes part in the proposals, as far as the tie rule may ask.
struct Makeup {
    /// The part of every company, and whether it is an SME.
    companies: Vec<(PartId, bool)>,
    /// Applicants that are SMEs themselves.
    applying: BTreeSet<OrganisationId>,
    /// Awards in other calls, by applicant; only where the call's tie rule asks.
    awards: BTreeMap<OrganisationId, u32>,
}

impl Makeup {
    async fn load(db: &impl ConnectionTrait, judged: &Judged) -> Result<Self> {
        let companies = participant::Entity::find()
            .select_only()
            .columns([participant::Column::PartId, participant::Column::SizeClass])
            .filter(participant::Column::PartId.is_in(judged.parts.iter().map(|(p, _)| p.id)))
            .into_tuple::<(PartId, SizeClass)>()
            .all(db)
            .await?;
        let applicants: BTreeSet<OrganisationId> = judged.parts.iter().map(|(p, _)| p.organisation_id).collect();
        let applying = organisation::Entity::find()
            .select_only()
            .column(organisation::Column::Id)
            .filter(organisation::Column::Id.is_in(applicants.iter().copied()))
            .filter(organisation::Column::Kind.eq(OrganisationKind::Sme))
            .into_tuple::<OrganisationId>()
            .all(db)
            .await?;
        let mut awards: BTreeMap<OrganisationId, u32> = BTreeMap::new();
        if judged.call.terms.evaluation.tie_rule.contains(&TieBreak::EarlierAwards) {
            let elsewhere = proposal::Entity::find()
                .select_only()
                .column(proposal::Column::Id)
                .filter(proposal::Column::CallId.ne(judged.call.id))
                .into_query();
            let awarded: Vec<OrganisationId> = part::Entity::find()
                .select_only()
                .column(part::Column::OrganisationId)
                .filter(part::Column::OrganisationId.is_in(applicants))
                .filter(part::Column::State.is_in([PartState::Awarded, PartState::Contracted, PartState::Closed]))
                .filter(part::Column::ProposalId.in_subquery(elsewhere))
                .into_tuple()
                .all(db)
                .await?;
            for organisation in awarded {
                *awards.entry(organisation).or_default() += 1;
            }
        }
        Ok(Self {
            companies: companies.into_iter().map(|(part, size)| (part, size != SizeClass::Large)).collect(),
            applying: applying.into_iter().collect(),
            awards,
        })
    }

    /// The companies of these parts, and whether each is an SME.
    fn of(&self, parts: &[&part::Model]) -> impl Iterator<Item = bool> {
        self.companies.iter().filter(move |(id, _)| parts.iter().any(|p| p.id == *id)).map(|(_, sme)| *sme)
    }

    fn smes(&self, parts: &[&part::Model]) -> u32 {
        whole(self.of(parts).filter(|sme| *sme).count())
    }

    /// SMEs among companies and applicants, and how many all are.
    fn sme_share(&self, parts: &[&part::Model]) -> (u32, u32) {
        let applying = parts.iter().filter(|p| self.applying.contains(&p.organisation_id)).count();
        (self.smes(parts) + whole(applying), whole(self.of(parts).count() + parts.len()))
    }

    fn earlier_awards(&self, parts: &[&part::Model]) -> u32 {
        let applicants: BTreeSet<OrganisationId> = parts.iter().map(|p| p.organisation_id).collect();
        applicants.iter().filter_map(|id| self.awards.get(id)).sum()
    }
}

fn whole(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Hundredths of points as people read them.
pub fn shown(hundredths: i32) -> String {
    decimal::fixed(i64::from(hundredths), 2)
}
