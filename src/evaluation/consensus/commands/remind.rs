//! Reminders to those whose answer is missing: three days before the date, on the day, and never more than twice.

use super::Case;
use crate::{
    evaluation::consensus::events::ConsensusEvent,
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx},
};
use entity::types::{
    ids::{AccountId, ProposalId},
    states::{ConsensusState, VoiceState},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};

/// Reminds reviewers who have not answered; before a draft exists, its rapporteur.
#[derive(Clone)]
pub struct RemindReviewers(pub ProposalId);

impl Command for RemindReviewers {
    const NEEDS: Permission = Permission::ManageConsensus;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Proposal(self.0)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let case = Case::load(tx, self.0).await?;
        let whom: Vec<AccountId> = match case.row.state {
            ConsensusState::Writing => case.row.rapporteur_id.into_iter().collect(),
            ConsensusState::Signing | ConsensusState::Disputed => {
                case.voices.iter().filter(|v| v.state == VoiceState::Open).map(|v| v.account_id).collect()
            }
            _ => Vec::new(),
        };
        if whom.is_empty() {
            return Err(AppError::refused("nothing_open", "Nobody has anything to do here."));
        }
        let about = case.about();
        let mut change: entity::evaluation::consensus::ActiveModel = case.row.into();
        change.reminded = Set(change.reminded.take().unwrap_or_default() + 1);
        change.update(tx.conn()).await?;
        Ok(tx.done(ConsensusEvent::Reminded { about, whom }, ()))
    }
}
