//! What the rule or the clock asks for, and what waits for somebody.

use super::Facts;
use crate::{
    evaluation::consensus::rules::{
        divergence::FollowUp,
        states::{MOST_REMINDERS, is_open, shown_to_reviewers},
    },
    kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject},
};
use chrono::TimeDelta;
use entity::{
    calls::call,
    evaluation::{consensus, consensus_voice},
    proposals::proposal,
    types::{
        ids::{AccountId, ProposalId},
        states::{CallState, ConsensusState, VoiceState},
        terms::CallTerms,
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

/// What is to be done about a proposal's sheets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    Nothing,
    AskThird,
    Open,
    Settle,
    /// Somebody with a voice has no sheet any more: a conflict of interest.
    Drop(AccountId),
}

impl Due {
    /// From the sheets, the case there is, and its voices.
    pub fn of(
        terms: &CallTerms,
        facts: &Facts,
        case: Option<&consensus::Model>,
        voices: &[consensus_voice::Model],
    ) -> Self {
        let gone = voices
            .iter()
            .find(|v| v.state != VoiceState::Left && facts.submitted.iter().all(|given| given.account != v.account_id));
        if let Some(gone) = gone
            && case.is_some_and(|c| is_open(c.state) || c.state == ConsensusState::Agreed)
            && facts.open == 0
        {
            return Self::Drop(gone.account_id);
        }
        if facts.open > 0 || facts.submitted.len() < 2 {
            return Self::Nothing;
        }
        let outcome = facts.verdict(terms).outcome;
        match (case.map(|c| c.state), outcome) {
            (None | Some(ConsensusState::Settled), Some(FollowUp::ThirdReview)) => Self::AskThird,
            (None | Some(ConsensusState::ThirdReview | ConsensusState::Settled), Some(FollowUp::Consensus)) => {
                Self::Open
            }
            (Some(ConsensusState::ThirdReview), None) => Self::Settle,
            _ => Self::Nothing,
        }
    }
}

/// Whether the sheets of a proposal ask for something.
pub struct WhatIsDue(pub ProposalId);

impl Query for WhatIsDue {
    const NEEDS: Permission = Permission::ManageConsensus;
    type Output = bool;

    fn about(&self) -> Subject {
        Subject::Proposal(self.0)
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<bool> {
        let db = db.conn();
        let found = proposal::Entity::find_by_id(self.0).find_also_related(call::Entity).one(db).await?;
        let Some((_, Some(call))) = found else { return Err(AppError::NotFound) };
        if call.state != CallState::Evaluating {
            return Ok(false);
        }
        let facts = Facts::of(db, [self.0]).await?.remove(&self.0).unwrap_or_default();
        let case = consensus::Entity::find().filter(consensus::Column::ProposalId.eq(self.0)).one(db).await?;
        let voices = match &case {
            Some(case) => {
                consensus_voice::Entity::find().filter(consensus_voice::Column::ConsensusId.eq(case.id)).all(db).await?
            }
            None => Vec::new(),
        };
        Ok(Due::of(&call.terms, &facts, case.as_ref(), &voices) != Due::Nothing)
    }
}

/// Proposals whose reviewers are to be reminded: the date is less than three days away or has passed, and the last
/// reminder was the one before.
pub struct DueReminders;

impl Query for DueReminders {
    const NEEDS: Permission = Permission::ManageConsensus;
    type Output = Vec<ProposalId>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<Vec<ProposalId>> {
        let now = db.now();
        let rows = consensus::Entity::find()
            .filter(consensus::Column::State.is_in([
                ConsensusState::Writing,
                ConsensusState::Signing,
                ConsensusState::Disputed,
            ]))
            .filter(consensus::Column::DueAt.lt(now + TimeDelta::days(3)))
            .all(db.conn())
            .await?;
        let late = |row: &consensus::Model| {
            let passed = row.due_at.is_some_and(|at| at <= now);
            row.reminded < if passed { MOST_REMINDERS } else { 1 }
        };
        Ok(rows.into_iter().filter(late).map(|row| row.proposal_id).collect())
    }
}

/// A consensus in which somebody has a voice.
#[derive(Debug, Clone)]
pub struct WaitingForMe {
    pub proposal: ProposalId,
    pub code: String,
    pub title: String,
    pub state: ConsensusState,
    /// Whether this person is to write or to sign.
    pub mine: bool,
}

/// The open consensus cases of a person, those that wait for them first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn waiting_for(db: &impl ConnectionTrait, account: AccountId) -> Result<Vec<WaitingForMe>> {
    let voices = consensus_voice::Entity::find()
        .find_also_related(consensus::Entity)
        .filter(consensus_voice::Column::AccountId.eq(account))
        .filter(consensus_voice::Column::State.ne(VoiceState::Left))
        .all(db)
        .await?;
    let cases: Vec<_> = voices
        .into_iter()
        .filter_map(|(voice, case)| Some((voice, case?)))
        .filter(|(_, case)| shown_to_reviewers(case.state))
        .collect();
    let proposals = proposal::Entity::find()
        .filter(proposal::Column::Id.is_in(cases.iter().map(|(_, case)| case.proposal_id)))
        .order_by_asc(proposal::Column::Code)
        .all(db)
        .await?;
    let mut waiting: Vec<WaitingForMe> = proposals
        .into_iter()
        .filter_map(|proposal| {
            let (voice, case) = cases.iter().find(|(_, case)| case.proposal_id == proposal.id)?;
            let writes = case.state == ConsensusState::Writing && case.rapporteur_id == Some(account);
            let signs = matches!(case.state, ConsensusState::Signing | ConsensusState::Disputed)
                && voice.state == VoiceState::Open;
            Some(WaitingForMe {
                proposal: proposal.id,
                code: proposal.code,
                title: proposal.title,
                state: case.state,
                mine: writes || signs,
            })
        })
        .collect();
    waiting.sort_by_key(|w| !w.mine);
    Ok(waiting)
}

/// The actor's own open consensus cases.
pub struct OwnConsensus;

impl Query for OwnConsensus {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = Vec<WaitingForMe>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Vec<WaitingForMe>> {
        waiting_for(db.conn(), leave.account()?).await
    }
}
