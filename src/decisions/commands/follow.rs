//! Pending decisions after a new version of the ranking was signed.

use super::super::{events::DecisionEvent, walk};
use crate::kernel::{Command, Done, Leave, Permission, Result, Subject, Tx};
use entity::{
    decisions::decision,
    types::{ids::CallId, states::DecisionState},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};

/// Lets pending decisions refer to the ranking that is fixed now, after a new version was signed. What agencies wrote
/// stays: they are told to look again, and a list confirmed before is confirmed anew.
#[derive(Clone)]
pub struct FollowRanking(pub CallId);

impl Command for FollowRanking {
    const NEEDS: Permission = Permission::ProposeDecisions;
    /// The number of decisions that refer to another ranking now.
    type Output = u64;

    fn about(&self) -> Subject {
        Subject::Call(self.0)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<u64>> {
        let walk = walk::load(tx.conn(), self.0).await?;
        let mut moved = 0;
        for (_, part) in walk.parts() {
            let pending = part.decision.clone().filter(|row| row.state == DecisionState::Pending);
            let Some(row) = pending.filter(|row| row.ranking_id != walk.ranking) else { continue };
            let version = row.version + 1;
            let mut row: decision::ActiveModel = row.into();
            row.ranking_id = Set(walk.ranking);
            row.version = Set(version);
            row.update(tx.conn()).await?;
            moved += 1;
        }
        Ok(tx.done(DecisionEvent::Followed { call: self.0, decisions: moved }, moved))
    }
}
