//! What the secretariat, experts and the clock do with invitations to a call.

mod clock;
mod expert;
mod staff;

pub use clock::{EscalateSilence, FollowUpRecruitment};
pub use expert::{AcceptRecruitment, DeclineRecruitment, RecordDeclined};
pub use staff::{ListAddress, ListEvaluators, RemindRecruitment, SendInvitation, WithdrawRecruitment};

use super::{
    events::{About, Letter, Whom},
    rules::{Step, next},
};
use crate::{
    accounts::invitations::commands::{New, create, withdraw},
    kernel::{AppError, Result, Tx},
};
use entity::{
    accounts::{account, invitation},
    calls::call,
    evaluation::{evaluator, recruitment},
    types::{
        ids::{CallId, RecruitmentId},
        period,
        states::InvitationKind,
    },
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// Empties the lists of a call, for a demo that writes them anew.
///
/// # Errors
/// When the database refuses.
pub async fn clear(tx: &Tx, call: CallId) -> Result<()> {
    let own = recruitment::Column::CallId.eq(call);
    recruitment::Entity::delete_many().filter(own).exec(tx.conn()).await?;
    Ok(())
}

/// Somebody on the list with what events need.
struct Rows {
    row: recruitment::Model,
    call: call::Model,
    /// The account of a member of the pool.
    account: Option<account::Model>,
}

impl Rows {
    /// # Errors
    /// `NotFound` when nobody on the list has this id, or not on the list of this call.
    async fn load(tx: &Tx, call: CallId, id: RecruitmentId) -> Result<Self> {
        let found = recruitment::Entity::find_by_id(id).find_also_related(call::Entity).one(tx.conn()).await?;
        let Some((row, Some(call))) = found.filter(|(row, _)| row.call_id == call) else {
            return Err(AppError::NotFound);
        };
        let account = match row.evaluator_id {
            Some(evaluator) => {
                let found = evaluator::Entity::find_by_id(evaluator).find_also_related(account::Entity);
                found.one(tx.conn()).await?.and_then(|(_, account)| account)
            }
            None => None,
        };
        Ok(Self { row, call, account })
    }

    fn about(&self) -> About {
        About {
            id: self.row.id,
            call: self.call.id,
            call_title: self.call.title.clone(),
            name: self.row.name.clone(),
            to: match &self.account {
                Some(account) => Whom::Account(account.id),
                None => Whom::Address(self.row.email.clone()),
            },
        }
    }

    /// Takes a step and gives the row to be changed further; the caller writes it.
    fn advance(&self, step: Step) -> Result<recruitment::ActiveModel> {
        let to = next(self.row.state, step)
            .map_err(|illegal| AppError::refused("recruitment_state", illegal.to_string()))?;
        let mut change: recruitment::ActiveModel = self.row.clone().into();
        change.state = Set(to);
        change.version = Set(self.row.version + 1);
        Ok(change)
    }

    /// The letter to be sent now, with the page that answers it. Somebody who is not in the pool gets a link that
    /// brings them in; an earlier one stops working, because only its hash is kept.
    async fn letter(&self, tx: &Tx, change: &mut recruitment::ActiveModel, by: Sender) -> Result<Letter> {
        let path = match &self.account {
            Some(_) => format!("/recruitment/{}", self.row.id),
            None => {
                self.take_link_back(tx).await?;
                let new = New {
                    kind: InvitationKind::Evaluator,
                    email: self.row.email.clone(),
                    name: self.row.name.clone(),
                    role: None,
                    call: Some(self.call.id),
                    organisation: None,
                    proposal: None,
                    part: None,
                    message: by.message.clone(),
                    invited_by: by.account,
                };
                let (id, path) = create(tx, new).await?;
                change.invitation_id = Set(Some(id));
                path
            }
        };
        Ok(Letter { by: by.name, message: by.message, until: period::in_zone(by.until, self.call.terms.zone), path })
    }

    async fn take_link_back(&self, tx: &Tx) -> Result<()> {
        let Some(id) = self.row.invitation_id else { return Ok(()) };
        let before = invitation::Entity::find_by_id(id).one(tx.conn()).await?;
        if before.is_some_and(|one| one.answered_at.is_none() && one.withdrawn_at.is_none()) {
            withdraw(tx, id).await?;
        }
        Ok(())
    }
}

/// Who writes a letter, and until when it holds.
struct Sender {
    account: entity::types::ids::AccountId,
    name: String,
    message: String,
    until: chrono::DateTime<chrono::Utc>,
}
