//! Proposing decisions from the adopted scenario.

use super::super::{events::DecisionEvent, rules, walk};
use crate::kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx};
use entity::{
    decisions::decision,
    types::{
        ids::CallId,
        states::{DecisionState, Outcome},
    },
};
use sea_orm::{ActiveValue::Set, EntityTrait};

/// Proposes an outcome for every part without a decision, from the scenario that was adopted for the fixed ranking.
#[derive(Clone)]
pub struct ProposeDecisions(pub CallId);

impl Command for ProposeDecisions {
    const NEEDS: Permission = Permission::ProposeDecisions;
    /// The number of parts that got a proposal.
    type Output = u64;

    fn about(&self) -> Subject {
        Subject::Call(self.0)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<u64>> {
        let walk = walk::load(tx.conn(), self.0).await?;
        let Some(ranking) = walk.ranking else {
            return Err(AppError::refused("no_ranking", "The ranking is not fixed yet."));
        };
        if walk.adopted.is_none() {
            let message = "No scenario is adopted for this ranking yet. Decisions follow from the adopted one.";
            return Err(AppError::refused("no_scenario", message));
        }
        let proposed = rules::propose(&walk.ranked(), &walk.course()?, &walk.names());
        let until = rules::reserve_until(tx.now().with_timezone(&walk.call.terms.zone).date_naive());
        let mut rows = Vec::new();
        for (_, line) in walk.parts().filter(|(_, p)| p.decision.is_none()) {
            let Some(one) = proposed.get(&line.part.id) else {
                continue;
            };
            rows.push(decision::ActiveModel {
                id: Set(tx.new_id()),
                part_id: Set(line.part.id),
                ranking_id: Set(Some(ranking)),
                outcome: Set(one.outcome),
                minor: Set(if one.outcome == Outcome::Fund { one.minor } else { 0 }),
                currency: Set(line.part.currency),
                reason: Set(one.reason.clone()),
                conditions: Set(String::new()),
                state: Set(DecisionState::Pending),
                drafted_by: Set(leave.account()?),
                drafted_at: Set(tx.now()),
                released_by: Set(None),
                released_at: Set(None),
                letter_file_id: Set(None),
                reserve_place: Set(None),
                reserve_until: Set((one.outcome == Outcome::Reserve).then_some(until)),
                version: Set(1),
            });
        }
        let parts = rows.len();
        if parts == 0 {
            return Err(AppError::refused("nothing_to_propose", "Every part has a decision already."));
        }
        decision::Entity::insert_many(rows).exec_without_returning(tx.conn()).await?;
        let event = DecisionEvent::Proposed { call: self.0, code: walk.call.code, parts };
        Ok(tx.done(event, parts as u64))
    }
}
