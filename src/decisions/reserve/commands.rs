//! A grant is declined, and what waits moves up.

use super::{
    events::{Declined, MovedUp},
    queries::{moving, withdrawn},
};
use crate::{
    decisions::{
        events::Told,
        rules,
        stranded::queries::answers,
        walk::{self, call_of},
    },
    evaluation::rules::signature,
    kernel::{
        AppError, Command, Done, Leave, Permission, Result, Subject, Tx,
        error::{FieldErrors, OnUnique},
    },
    proposals::{rules::PartStep, states::commands::advance},
};
use entity::{
    accounts::account,
    decisions::{decision, decline},
    types::{
        ids::PartId,
        money::Money,
        states::{DecisionState, Outcome, PartState},
        text,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};

/// Declines the grant of a part, before its agreement has dates.
#[derive(Clone)]
pub struct DeclineGrant {
    pub part: PartId,
    pub reason: String,
    pub signed_name: String,
}

impl Command for DeclineGrant {
    const NEEDS: Permission = Permission::DeclineGrant;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Part(self.part)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let signer = account::Entity::find_by_id(leave.account()?).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
        let mut errors = FieldErrors::default();
        let reason = errors.take("decline_reason", text::prose(&self.reason, 2_000)).unwrap_or_default();
        if reason.is_empty() && errors.is_empty() {
            errors.add("decline_reason", "Say why: the agency reads it");
        }
        errors.take("signed_name", signature(&self.signed_name, &signer.name));
        errors.done()?;
        let walk = walk::load(tx.conn(), call_of(tx.conn(), self.part).await?).await?;
        let Some((line, part)) = walk.parts().find(|(_, one)| one.part.id == self.part) else {
            return Err(AppError::refused("no_grant", "There is no grant to decline."));
        };
        let row = part
            .decision
            .as_ref()
            .filter(|row| row.state == DecisionState::Released && row.outcome == Outcome::Fund && row.minor > 0);
        let Some(row) = row.filter(|_| part.part.state == PartState::Awarded) else {
            let message = "Only a grant that was awarded and has no agreement yet can be declined.";
            return Err(AppError::refused("no_grant", message));
        };
        let event = Declined {
            call: walk.call.id,
            proposal: line.proposal.id,
            part: self.part,
            agency: part.agency,
            code: line.proposal.code.clone(),
            title: line.proposal.title.clone(),
            organisation: part.organisation.clone(),
            amount: Money::new(row.minor, row.currency),
            reason: reason.clone(),
        };
        let new = decline::ActiveModel {
            id: Set(tx.new_id()),
            part_id: Set(self.part),
            reason: Set(reason),
            declined_by: Set(signer.id),
            declined_at: Set(tx.now()),
        };
        let twice = AppError::refused("no_grant", "This grant was declined already.");
        decline::Entity::insert(new).exec_without_returning(tx.conn()).await.on_unique(twice)?;
        advance(tx, self.part, PartStep::Decline).await?;
        Ok(tx.done(event, ()))
    }
}

/// Awards a part from the reserve list, when it is next.
#[derive(Clone)]
pub struct AwardFromReserve {
    pub part: PartId,
    /// The version of the decision that was seen.
    pub seen: i64,
}

impl Command for AwardFromReserve {
    const NEEDS: Permission = Permission::AwardFromReserve;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Part(self.part)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let walk = walk::load(tx.conn(), call_of(tx.conn(), self.part).await?).await?;
        let Some((line, part)) = walk.parts().find(|(_, one)| one.part.id == self.part) else {
            return Err(AppError::NotFound);
        };
        let waits = |row: &&decision::Model| row.state == DecisionState::Released && row.outcome == Outcome::Reserve;
        let Some(row) = part.decision.as_ref().filter(waits) else {
            return Err(AppError::refused("not_waiting", "This part is not on a reserve list."));
        };
        if row.version != self.seen {
            return Err(AppError::Stale { by: "somebody".to_owned(), at: row.drafted_at, version: row.version });
        }
        let today = tx.now().with_timezone(&walk.call.terms.zone).date_naive();
        if row.reserve_until.is_some_and(|until| until < today) {
            return Err(AppError::refused("expired", "Its place on the reserve list has expired."));
        }
        let answers = answers(tx.conn(), walk.lines.iter().map(|line| line.proposal.id)).await?;
        let Some(amount) = moving(&walk, &withdrawn(&answers))?.get(&self.part).copied() else {
            let message = "It is not next: the money that is free does not reach it by the adopted scenario.";
            return Err(AppError::refused("not_next", message));
        };
        let agency = walk.agency(part.agency).ok_or(AppError::NotFound)?;
        let funded = walk.funded(part.agency, Some(self.part)) + amount.minor;
        rules::check_budget(walk.available(agency), Money::new(funded, amount.currency))?;
        let reason = format!("The proposal holds place {} of the joint ranking, and money became free.", line.rank);
        let told = Told {
            proposal: line.proposal.id,
            part: self.part,
            code: line.proposal.code.clone(),
            title: line.proposal.title.clone(),
            agency: agency.name.clone(),
            outcome: Outcome::Fund,
            amount,
            reason: reason.clone(),
            conditions: row.conditions.clone(),
            reserve_place: None,
            reserve_until: None,
        };
        let version = row.version + 1;
        let mut change: decision::ActiveModel = row.clone().into();
        change.outcome = Set(Outcome::Fund);
        change.minor = Set(amount.minor);
        change.reason = Set(reason);
        change.released_by = Set(Some(leave.account()?));
        change.released_at = Set(Some(tx.now()));
        change.reserve_place = Set(None);
        change.reserve_until = Set(None);
        // The letter of the award takes the place of the letter that told of the reserve list.
        change.letter_file_id = Set(None);
        change.version = Set(version);
        change.update(tx.conn()).await?;
        advance(tx, self.part, PartStep::Award).await?;
        Ok(tx.done(MovedUp { call: walk.call.id, told }, ()))
    }
}
