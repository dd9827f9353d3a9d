//! What the secretariat does with the pool, and what those it asks answer.

use super::{fill, name_of, of_account, read, write_details};
use crate::{
    accounts::invitations::commands::{New, create, take, withdraw},
    evaluation::evaluators::{events::EvaluatorEvent, rules::Typed},
    kernel::{
        AppError, Command, Done, Leave, Permission, Result, Subject, Tx,
        error::{FieldErrors, OnUnique},
    },
};
use entity::{
    accounts::account,
    evaluation::{evaluator, evaluator_draft},
    types::{
        ids::{EvaluatorId, InvitationId},
        states::{EvaluatorState, InvitationKind},
        text::{self, Email},
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// Invites somebody to the pool by mail.
#[derive(Clone)]
pub struct InviteToPool {
    pub email: String,
    pub name: String,
    pub message: String,
}

impl Command for InviteToPool {
    const NEEDS: Permission = Permission::ManageEvaluators;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let mut errors = FieldErrors::default();
        let email = errors.take("email", Email::parse(&self.email));
        let name = errors.take("name", text::line(&self.name, 120));
        let message = errors.take("message", text::prose(&self.message, 2_000));
        let (Some(email), Some(name), Some(message)) = (email, name, message) else {
            return Err(AppError::Invalid(errors));
        };
        let known = account::Entity::find().filter(account::Column::Email.eq(email.clone())).one(tx.conn()).await?;
        if let Some(known) = known
            && of_account(tx, known.id).await?.is_some_and(|row| row.state == EvaluatorState::Active)
        {
            return Err(AppError::invalid("email", "This person is in the pool already"));
        }
        let by = leave.account()?;
        let new = New {
            kind: InvitationKind::Evaluator,
            email: email.clone(),
            name: name.clone(),
            role: None,
            call: None,
            organisation: None,
            proposal: None,
            part: None,
            message: message.clone(),
            invited_by: by,
        };
        let (_, path) = create(tx, new).await?;
        let by = leave.actor().name().to_owned();
        Ok(tx.done(EvaluatorEvent::Invited { email, name, message, by, path }, ()))
    }
}

/// Takes an invitation to the pool back.
#[derive(Clone)]
pub struct WithdrawPoolInvitation(pub InvitationId);

impl Command for WithdrawPoolInvitation {
    const NEEDS: Permission = Permission::ManageEvaluators;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let row = withdraw(tx, self.0).await?;
        if row.kind != InvitationKind::Evaluator {
            return Err(AppError::NotFound);
        }
        Ok(tx.done(EvaluatorEvent::InvitationWithdrawn { email: row.email }, ()))
    }
}

/// Accepts an invitation to the pool with a profile, or declines it.
#[derive(Clone)]
pub struct AnswerPoolInvitation {
    pub token: String,
    /// None declines.
    pub profile: Option<Typed>,
}

impl Command for AnswerPoolInvitation {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let me = leave.account()?;
        let profile = self.profile.as_ref().map(read).transpose()?;
        let invitation = take(tx, &self.token, InvitationKind::Evaluator, me, profile.is_some()).await?;
        // What a list said of the person was there to fill in the form.
        evaluator_draft::Entity::delete_by_id(invitation.id).exec(tx.conn()).await?;
        let Some(profile) = profile else {
            return Ok(tx.done(EvaluatorEvent::Declined { account: me }, ()));
        };
        let name = name_of(tx, me).await?;
        let before = of_account(tx, me).await?;
        let mut row = match before.clone() {
            Some(row) => row.into(),
            None => evaluator::ActiveModel { account_id: Set(me), ..Default::default() },
        };
        fill(&mut row, &profile, &name);
        row.renewed_at = Set(Some(tx.now()));
        row.erased_at = Set(None);
        row.state = Set(EvaluatorState::Active);
        row.answered_at = Set(Some(tx.now()));
        row.invited_at = Set(invitation.created_at);
        row.version = Set(before.as_ref().map_or(1, |b| b.version + 1));
        let id = match &before {
            Some(before) => before.id,
            None => tx.new_id(),
        };
        if before.is_some() {
            row.update(tx.conn()).await?;
        } else {
            row.id = Set(id);
            let twice = AppError::refused("answered", "You are in the pool already.");
            evaluator::Entity::insert(row).exec_without_returning(tx.conn()).await.on_unique(twice)?;
        }
        write_details(tx, id, &profile).await?;
        Ok(tx.done(EvaluatorEvent::Joined { account: me }, ()))
    }
}

/// Lets somebody leave the pool, or brings them back; tasks that were accepted stay.
#[derive(Clone)]
pub struct SetEvaluatorState {
    pub evaluator: EvaluatorId,
    pub active: bool,
}

impl Command for SetEvaluatorState {
    const NEEDS: Permission = Permission::ManageEvaluators;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let row = evaluator::Entity::find_by_id(self.evaluator).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
        let to = if self.active { EvaluatorState::Active } else { EvaluatorState::Left };
        let (account, name, version) = (row.account_id, name_of(tx, row.account_id).await?, row.version + 1);
        let mut row: evaluator::ActiveModel = row.into();
        row.state = Set(to);
        row.version = Set(version);
        row.update(tx.conn()).await?;
        Ok(tx.done(EvaluatorEvent::StateChanged { account, name, to }, ()))
    }
}
