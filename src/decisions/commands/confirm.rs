//! Confirming an agency's list of decisions.

use super::super::{events::DecisionEvent, rules, walk};
use crate::kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx};
use entity::{calls::annex, decisions::decision_list, types::ids::AnnexId};
use sea_orm::{ActiveValue::Set, EntityTrait};

/// Confirms all decisions of an agency in a call as they stand: they are the agency's then, and its letters are signed
/// by whoever confirmed (lifecycle.json: "each agency confirmed its list").
#[derive(Clone)]
pub struct ConfirmDecisions {
    pub annex: AnnexId,
    /// The marks of the decisions that were shown.
    pub seen: String,
}

impl Command for ConfirmDecisions {
    const NEEDS: Permission = Permission::ConfirmDecisions;
    /// The number of decisions that were confirmed.
    type Output = u64;

    fn about(&self) -> Subject {
        Subject::Annex(self.annex)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<u64>> {
        let annex = annex::Entity::find_by_id(self.annex).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
        let walk = walk::load(tx.conn(), annex.call_id).await?;
        let agency = walk.agency(annex.agency_id).ok_or(AppError::NotFound)?;
        let visible = walk.visible(tx.conn(), leave).await?;
        let own = |line: &&walk::WalkLine| line.parts.iter().any(|p| p.agency == agency.agency);
        if walk.lines.iter().filter(own).any(|line| !visible.contains(&line.proposal.id)) {
            // Said without a reason, because of a conflict of interest nothing tells that the proposal is there.
            let message = "A colleague of your agency must confirm this list.";
            return Err(AppError::refused("colleague_confirms", message));
        }
        match walk.undecided(agency.agency) {
            0 => {}
            1 => return Err(AppError::refused("undecided", "One part of your agency has no decision yet.")),
            n => return Err(AppError::refused("undecided", format!("{n} parts of your agency have no decision yet."))),
        }
        let decided = walk.decided(Some(agency.agency));
        if decided.is_empty() {
            return Err(AppError::refused("nothing_to_confirm", "Your agency has no part to decide on in this call."));
        }
        super::unchanged(&walk, &self.seen, &decided, &visible)?;
        if walk.confirmation(agency).is_some_and(|c| Some(c.by) == leave.actor().account()) {
            return Err(AppError::refused("already_confirmed", "You have confirmed this list already."));
        }
        let row = decision_list::ActiveModel {
            id: Set(tx.new_id()),
            annex_id: Set(self.annex),
            digest: Set(rules::fingerprint(&decided)),
            parts: Set(i32::try_from(decided.len()).unwrap_or(i32::MAX)),
            confirmed_by: Set(leave.account()?),
            confirmed_at: Set(tx.now()),
        };
        decision_list::Entity::insert(row).exec_without_returning(tx.conn()).await?;
        let event = DecisionEvent::Confirmed {
            call: annex.call_id,
            code: walk.call.code.clone(),
            annex: self.annex,
            agency: agency.name.clone(),
            parts: decided.len(),
            digest: rules::fingerprint(&decided),
        };
        Ok(tx.done(event, decided.len() as u64))
    }
}
