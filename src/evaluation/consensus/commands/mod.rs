//! What the system, officers and reviewers do with the case of a proposal.

mod draft;
mod examine;
mod officer;
mod remind;
mod sign;

pub use draft::{DraftConsensus, Entry};
pub use examine::ExamineSheets;
pub use officer::{Act, ActOnConsensus, NameRapporteur, OpenConsensus};
pub use remind::RemindReviewers;
pub use sign::{DisagreeConsensus, SayInConsensus, SignConsensus};

use super::{
    events::{About, Changed},
    rules::states::{Step, next},
};
use crate::kernel::{AppError, Leave, Result, Tx};
use chrono::{DateTime, Utc};
use entity::{
    accounts::account,
    calls::call,
    evaluation::{agreed_score, consensus, consensus_point, consensus_voice},
    proposals::proposal,
    types::{
        ids::{AccountId, AgreedScoreId, ConsensusVoiceId, ProposalId},
        period,
        points::Points,
        states::{AgreedSource, ConsensusState, VoiceState},
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::BTreeMap;

/// A case with its proposal, call and voices.
struct Case {
    row: consensus::Model,
    proposal: proposal::Model,
    call: call::Model,
    voices: Vec<consensus_voice::Model>,
}

impl Case {
    /// # Errors
    /// `NotFound` when there is none.
    async fn load(tx: &Tx, id: ProposalId) -> Result<Self> {
        let (proposal, call) = place(tx, id).await?;
        let row = consensus::Entity::find()
            .filter(consensus::Column::ProposalId.eq(id))
            .one(tx.conn())
            .await?
            .ok_or(AppError::NotFound)?;
        let voices = voices_of(tx, &row).await?;
        Ok(Self { row, proposal, call, voices })
    }

    fn about(&self) -> About {
        about(&self.row, &self.proposal, &self.call, &self.voices)
    }

    /// # Errors
    /// `Stale` when somebody changed the draft since it was seen.
    fn not_changed(&self, seen: i64) -> Result<()> {
        if self.row.version == seen {
            return Ok(());
        }
        let at = self.row.sent_at.unwrap_or(self.row.opened_at);
        Err(AppError::Stale { by: "somebody".to_owned(), at, version: self.row.version })
    }

    /// The actor's own voice: whoever has none does not take part.
    ///
    /// # Errors
    /// `NotFound` when the actor is no reviewer of this case.
    fn own(&self, leave: Leave<'_>) -> Result<&consensus_voice::Model> {
        let account = leave.account()?;
        let mine = self.voices.iter().find(|v| v.account_id == account && v.state != VoiceState::Left);
        mine.ok_or(AppError::NotFound)
    }

    /// Takes a step and gives the row to be changed further.
    fn advance(&self, step: Step) -> Result<consensus::ActiveModel> {
        let to = next(self.row.state, step).map_err(|e| AppError::refused("consensus_state", e.to_string()))?;
        Ok(self.moved(to))
    }

    fn moved(&self, to: ConsensusState) -> consensus::ActiveModel {
        let version = self.row.version + 1;
        let mut change: consensus::ActiveModel = self.row.clone().into();
        change.state = Set(to);
        change.version = Set(version);
        change
    }

    /// Takes every answer back, because what was answered is no longer what is written.
    async fn take_back(&self, tx: &Tx) -> Result<()> {
        for voice in self.voices.iter().filter(|v| matches!(v.state, VoiceState::Signed | VoiceState::Disagrees)) {
            let mut change: consensus_voice::ActiveModel = voice.clone().into();
            change.state = Set(VoiceState::Open);
            change.signed_name = Set(None);
            change.answered_at = Set(None);
            change.update(tx.conn()).await?;
        }
        Ok(())
    }
}

async fn place(tx: &Tx, id: ProposalId) -> Result<(proposal::Model, call::Model)> {
    let found = proposal::Entity::find_by_id(id).find_also_related(call::Entity).one(tx.conn()).await?;
    match found {
        Some((proposal, Some(call))) => Ok((proposal, call)),
        _ => Err(AppError::NotFound),
    }
}

async fn voices_of(tx: &Tx, row: &consensus::Model) -> Result<Vec<consensus_voice::Model>> {
    let voices = consensus_voice::Entity::find()
        .filter(consensus_voice::Column::ConsensusId.eq(row.id))
        .order_by_asc(consensus_voice::Column::Id);
    Ok(voices.all(tx.conn()).await?)
}

fn about(
    row: &consensus::Model,
    proposal: &proposal::Model,
    call: &call::Model,
    voices: &[consensus_voice::Model],
) -> About {
    About {
        call: call.id,
        call_title: call.title.clone(),
        proposal: proposal.id,
        code: proposal.code.clone(),
        title: proposal.title.clone(),
        reviewers: voices.iter().filter(|v| v.state != VoiceState::Left).map(|v| v.account_id).collect(),
        due: row.due_at.map(|at: DateTime<Utc>| period::in_zone(at, call.terms.zone)).unwrap_or_default(),
    }
}

/// Gives everybody with a sheet a voice: those who were there answer anew, whoever is new joins.
async fn seat(tx: &Tx, case: &consensus::Model, sheets: &[super::queries::Given]) -> Result<()> {
    let there = voices_of(tx, case).await?;
    for given in sheets {
        match there.iter().find(|v| v.account_id == given.account) {
            Some(voice) => {
                let mut change: consensus_voice::ActiveModel = voice.clone().into();
                change.state = Set(VoiceState::Open);
                change.signed_name = Set(None);
                change.answered_at = Set(None);
                change.update(tx.conn()).await?;
            }
            None => {
                let row = consensus_voice::ActiveModel {
                    id: Set(tx.new_id::<ConsensusVoiceId>()),
                    consensus_id: Set(case.id),
                    assignment_id: Set(given.task.id),
                    account_id: Set(given.account),
                    state: Set(VoiceState::Open),
                    signed_name: Set(None),
                    statement: Set(String::new()),
                    answered_at: Set(None),
                };
                consensus_voice::Entity::insert(row).exec_without_returning(tx.conn()).await?;
            }
        }
    }
    Ok(())
}

/// The drafted points of a case, by criterion.
async fn points_of(tx: &Tx, case: &consensus::Model) -> Result<BTreeMap<String, consensus_point::Model>> {
    let rows = consensus_point::Entity::find().filter(consensus_point::Column::ConsensusId.eq(case.id));
    Ok(rows.all(tx.conn()).await?.into_iter().map(|row| (row.criterion.clone(), row)).collect())
}

/// Makes the drafted points count; gives what changed against the points that counted before.
async fn agree(tx: &Tx, case: &Case, by: AccountId) -> Result<Vec<Changed>> {
    let mut before = agreed(tx, case.proposal.id).await?;
    let mut changed = Vec::new();
    for (criterion, point) in points_of(tx, &case.row).await? {
        let Some(points) = point.points else { continue };
        let old = before.remove(&criterion);
        if old.as_ref().map(|row| row.points) != Some(points) {
            changed.push(Changed {
                before: old.as_ref().map(|row| row.points.to_string()),
                after: Some(points.to_string()),
                criterion: criterion.clone(),
            });
        }
        write_agreed(tx, case.proposal.id, old, (criterion, points, point.comment), by).await?;
    }
    Ok(changed)
}

async fn agreed(tx: &Tx, proposal: ProposalId) -> Result<BTreeMap<String, agreed_score::Model>> {
    let rows = agreed_score::Entity::find()
        .filter(agreed_score::Column::ProposalId.eq(proposal))
        .filter(agreed_score::Column::Source.eq(AgreedSource::Consensus))
        .all(tx.conn())
        .await?;
    Ok(rows.into_iter().map(|row| (row.criterion.clone(), row)).collect())
}

async fn write_agreed(
    tx: &Tx,
    proposal: ProposalId,
    old: Option<agreed_score::Model>,
    (criterion, points, comment): (String, Points, String),
    by: AccountId,
) -> Result<()> {
    match old {
        Some(old) => {
            let mut change: agreed_score::ActiveModel = old.into();
            change.points = Set(points);
            change.comment = Set(comment);
            change.agreed_by = Set(by);
            change.agreed_at = Set(tx.now());
            change.update(tx.conn()).await?;
        }
        None => {
            let row = agreed_score::ActiveModel {
                id: Set(tx.new_id::<AgreedScoreId>()),
                proposal_id: Set(proposal),
                source: Set(AgreedSource::Consensus),
                criterion: Set(criterion),
                points: Set(points),
                comment: Set(comment),
                agreed_by: Set(by),
                agreed_at: Set(tx.now()),
            };
            agreed_score::Entity::insert(row).exec_without_returning(tx.conn()).await?;
        }
    }
    Ok(())
}

/// What was agreed on no longer counts; the trail keeps it.
async fn unagree(tx: &Tx, proposal: ProposalId) -> Result<Vec<Changed>> {
    let rows = agreed(tx, proposal).await?;
    let gone = |(criterion, row): (&String, &agreed_score::Model)| Changed {
        criterion: criterion.clone(),
        before: Some(row.points.to_string()),
        after: None,
    };
    let changed = rows.iter().map(gone).collect();
    agreed_score::Entity::delete_many()
        .filter(agreed_score::Column::ProposalId.eq(proposal))
        .filter(agreed_score::Column::Source.eq(AgreedSource::Consensus))
        .exec(tx.conn())
        .await?;
    Ok(changed)
}

/// The name of an account.
async fn name_of(tx: &Tx, id: AccountId) -> Result<String> {
    Ok(account::Entity::find_by_id(id).one(tx.conn()).await?.ok_or(AppError::NotFound)?.name)
}
