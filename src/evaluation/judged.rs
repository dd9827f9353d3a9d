//! The submitted sheets of a call, read once and in the same way for rankings, calibration and agreement.
//!
//! A review taken away by a conflict of interest, however late, is no longer submitted and so counts in no number;
//! nor does a proposal without an eligible part.

use super::exact::Given;
use crate::kernel::{AppError, Result};
use chrono::{DateTime, Utc};
use entity::{
    calls::call,
    evaluation::{agreed_score, assignment, score},
    organisations::organisation,
    proposals::{part, proposal},
    types::{
        country::Country,
        ids::{AccountId, AssignmentId, CallId, EvaluatorId, ProposalId},
        points::Points,
        states::{AgreedSource, AssignmentState, PartState},
    },
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{IntoCondition, SelectStatement},
};
use std::collections::BTreeMap;

/// One submitted sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgedSheet {
    pub assignment: AssignmentId,
    pub proposal: ProposalId,
    pub evaluator: EvaluatorId,
    pub account: AccountId,
    pub points: Given,
    /// Words of all its comments to the applicant.
    pub words: u32,
    pub due_at: Option<DateTime<Utc>>,
    pub submitted_at: Option<DateTime<Utc>>,
}

/// What was judged in a call.
pub struct Judged {
    pub call: call::Model,
    /// Proposals with an eligible part, by id.
    pub proposals: BTreeMap<ProposalId, proposal::Model>,
    /// Their parts that count, with the country of each one's organisation.
    pub parts: Vec<(part::Model, Country)>,
    /// In the order the tasks were given.
    pub sheets: Vec<JudgedSheet>,
    /// Sheets being written.
    pub open: usize,
    /// The proposals these are about, once for each sheet.
    writing: Vec<ProposalId>,
}

impl Judged {
    /// # Errors
    /// `NotFound` when there is no such call.
    pub async fn load(db: &impl ConnectionTrait, id: CallId) -> Result<Self> {
        let call = call::Entity::find_by_id(id).one(db).await?.ok_or(AppError::NotFound)?;
        let parts = counting(db, id).await?;
        let proposals: BTreeMap<ProposalId, proposal::Model> = proposal::Entity::find()
            .filter(proposal::Column::Id.is_in(parts.iter().map(|(p, _)| p.proposal_id)))
            .all(db)
            .await?
            .into_iter()
            .map(|p| (p.id, p))
            .collect();
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
        let written = tasks.iter().filter(|t| t.state != AssignmentState::Submitted);
        let writing: Vec<ProposalId> = written.map(|t| t.proposal_id).collect();
        let submitted = tasks.into_iter().filter(|t| t.state == AssignmentState::Submitted);
        let sheets = sheets(db, submitted.filter(|t| proposals.contains_key(&t.proposal_id)).collect()).await?;
        Ok(Self { call, proposals, parts, sheets, open: writing.len(), writing })
    }

    /// The code of a proposal.
    pub fn code(&self, id: ProposalId) -> &str {
        self.proposals.get(&id).map_or("", |p| p.code.as_str())
    }

    /// The sheets of a proposal.
    pub fn of(&self, id: ProposalId) -> impl Iterator<Item = &JudgedSheet> {
        self.sheets.iter().filter(move |sheet| sheet.proposal == id)
    }

    /// Leaves out what some reader must not see.
    pub fn only(&mut self, seen: impl Fn(ProposalId) -> bool) {
        self.proposals.retain(|id, _| seen(*id));
        self.sheets.retain(|sheet| seen(sheet.proposal));
        self.parts.retain(|(part, _)| seen(part.proposal_id));
        self.writing.retain(|id| seen(*id));
        self.open = self.writing.len();
    }
}

/// The points people agreed on, by proposal and key: the panel's before those of a consensus.
///
/// # Errors
/// When the database fails.
pub async fn agreed(
    db: &impl ConnectionTrait,
    call: CallId,
) -> Result<BTreeMap<ProposalId, BTreeMap<String, (Points, AgreedSource)>>> {
    let rows = agreed_rows(db, agreed_score::Column::ProposalId.in_subquery(proposals_of(call))).await?;
    let points = |of: BTreeMap<String, agreed_score::Model>| {
        of.into_iter().map(|(key, row)| (key, (row.points, row.source))).collect()
    };
    Ok(rows.into_iter().map(|(proposal, of)| (proposal, points(of))).collect())
}

/// The same with the comments, of the proposals that are meant.
///
/// # Errors
/// When the database fails.
pub async fn agreed_rows(
    db: &impl ConnectionTrait,
    meant: impl IntoCondition,
) -> Result<BTreeMap<ProposalId, BTreeMap<String, agreed_score::Model>>> {
    let rows = agreed_score::Entity::find().filter(meant.into_condition()).all(db).await?;
    let mut agreed: BTreeMap<ProposalId, BTreeMap<String, agreed_score::Model>> = BTreeMap::new();
    for row in rows {
        let of = agreed.entry(row.proposal_id).or_default();
        if row.source == AgreedSource::Panel || !of.contains_key(&row.criterion) {
            of.insert(row.criterion.clone(), row);
        }
    }
    Ok(agreed)
}

fn proposals_of(call: CallId) -> SelectStatement {
    proposal::Entity::find()
        .select_only()
        .column(proposal::Column::Id)
        .filter(proposal::Column::CallId.eq(call))
        .into_query()
}

/// Parts that count, with the country of their organisation; after the ranking they are no longer "eligible".
async fn counting(db: &impl ConnectionTrait, call: CallId) -> Result<Vec<(part::Model, Country)>> {
    let rows = part::Entity::find()
        .find_also_related(organisation::Entity)
        .filter(part::Column::ProposalId.in_subquery(proposals_of(call)))
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

async fn sheets(db: &impl ConnectionTrait, submitted: Vec<assignment::Model>) -> Result<Vec<JudgedSheet>> {
    let scores =
        score::Entity::find().filter(score::Column::AssignmentId.is_in(submitted.iter().map(|t| t.id))).all(db).await?;
    let mut given: BTreeMap<AssignmentId, (Given, usize)> = BTreeMap::new();
    for row in scores {
        let (points, words) = given.entry(row.assignment_id).or_default();
        *words += row.comment.split_whitespace().count();
        if let Some(one) = row.points {
            points.insert(row.criterion, one);
        }
    }
    let sheet = |task: assignment::Model| {
        let (points, words) = given.remove(&task.id).unwrap_or_default();
        JudgedSheet {
            assignment: task.id,
            proposal: task.proposal_id,
            evaluator: task.evaluator_id,
            account: task.account_id,
            points,
            words: u32::try_from(words + task.comment.split_whitespace().count()).unwrap_or(u32::MAX),
            due_at: task.due_at,
            submitted_at: task.submitted_at,
        }
    };
    Ok(submitted.into_iter().map(sheet).collect())
}
