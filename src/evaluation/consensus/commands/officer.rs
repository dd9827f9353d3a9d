//! What the secretariat does.

use super::{
    Case,
    examine::{self, Opening},
    place, unagree,
};
use crate::{
    evaluation::consensus::{events::ConsensusEvent, queries::Facts, rules::states::Step},
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx, error::ForField},
};
use chrono::{DateTime, Utc};
use entity::{
    evaluation::consensus,
    types::{
        ids::{AccountId, ProposalId},
        states::{ConsensusState, VoiceState},
        text,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// Longest reason, in characters.
const REASON: usize = 300;

/// Asks the evaluators of a proposal to agree, whatever the rule says; also takes up again what was closed.
#[derive(Clone)]
pub struct OpenConsensus {
    pub proposal: ProposalId,
    pub reason: String,
    /// Who drafts; none leaves it to the reviewer nearest the mean.
    pub rapporteur: Option<AccountId>,
    pub due: Option<DateTime<Utc>>,
}

impl Command for OpenConsensus {
    const NEEDS: Permission = Permission::ManageConsensus;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Proposal(self.proposal)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let reason = text::line(&self.reason, REASON).for_field("reason")?;
        if self.due.is_some_and(|at| at <= tx.now()) {
            return Err(AppError::invalid("due", "Choose a date that lies ahead"));
        }
        let (proposal, call) = place(tx, self.proposal).await?;
        let facts = Facts::of(tx.conn(), [self.proposal]).await?.remove(&self.proposal).unwrap_or_default();
        if facts.submitted.len() < 2 {
            let message = "At least two evaluators must have handed in their sheets before they can agree.";
            return Err(AppError::refused("too_few_sheets", message));
        }
        if let Some(drafts) = self.rapporteur
            && !facts.submitted.iter().any(|given| given.account == drafts)
        {
            return Err(AppError::invalid("rapporteur", "Choose one of those who handed in a sheet"));
        }
        let case = consensus::Entity::find().filter(consensus::Column::ProposalId.eq(self.proposal));
        let case = case.one(tx.conn()).await?;
        let opening = Opening { reason, by: leave.actor().account(), rapporteur: self.rapporteur, due: self.due };
        examine::open(tx, (&proposal, &call), case, &facts, opening).await
    }
}

/// What an officer decides about a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Waive,
    SendBack,
    Escalate,
}

/// Decides about a case, with a reason.
#[derive(Clone)]
pub struct ActOnConsensus {
    pub proposal: ProposalId,
    pub act: Act,
    pub reason: String,
}

impl Command for ActOnConsensus {
    const NEEDS: Permission = Permission::ManageConsensus;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Proposal(self.proposal)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let case = Case::load(tx, self.proposal).await?;
        let reason = text::line(&self.reason, REASON).for_field("reason")?;
        let step = match self.act {
            Act::Waive => Step::Waive,
            Act::SendBack => Step::SendBack,
            Act::Escalate => Step::Escalate,
        };
        let mut change = case.advance(step)?;
        change.reason = Set(reason.clone());
        if self.act == Act::SendBack {
            case.take_back(tx).await?;
        }
        change.update(tx.conn()).await?;
        if case.row.state == ConsensusState::Agreed {
            unagree(tx, self.proposal).await?;
        }
        let about = case.about();
        let event = match self.act {
            Act::Waive => ConsensusEvent::Waived { about, reason },
            Act::SendBack => ConsensusEvent::SentBack { about, reason },
            Act::Escalate => ConsensusEvent::Escalated { about, reason },
        };
        Ok(tx.done(event, ()))
    }
}

/// Names another reviewer rapporteur.
#[derive(Clone)]
pub struct NameRapporteur {
    pub proposal: ProposalId,
    pub rapporteur: AccountId,
}

impl Command for NameRapporteur {
    const NEEDS: Permission = Permission::ManageConsensus;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Proposal(self.proposal)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let case = Case::load(tx, self.proposal).await?;
        let seated = |v: &entity::evaluation::consensus_voice::Model| {
            v.account_id == self.rapporteur && v.state != VoiceState::Left
        };
        if !case.voices.iter().any(seated) {
            return Err(AppError::invalid("rapporteur", "Choose one of the reviewers"));
        }
        if matches!(case.row.state, ConsensusState::Agreed | ConsensusState::Waived | ConsensusState::Settled) {
            return Err(AppError::refused("consensus_state", "Nothing is being written here at present."));
        }
        let name = super::name_of(tx, self.rapporteur).await?;
        let mut change: consensus::ActiveModel = case.row.clone().into();
        change.rapporteur_id = Set(Some(self.rapporteur));
        change.update(tx.conn()).await?;
        Ok(tx.done(ConsensusEvent::RapporteurNamed { about: case.about(), name }, ()))
    }
}
