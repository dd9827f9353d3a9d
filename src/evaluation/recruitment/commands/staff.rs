//! What the secretariat does.

use super::{Rows, Sender};
use crate::{
    evaluation::recruitment::{
        events::RecruitmentEvent,
        rules::{HOLDS, LONGEST, REMINDERS, Step},
    },
    kernel::{
        AppError, Command, Done, Leave, Permission, Result, Subject, Tx,
        error::{FieldErrors, ForField, OnUnique},
    },
};
use chrono::{DateTime, Utc};
use entity::{
    accounts::account,
    evaluation::{evaluator, recruitment},
    types::{
        ids::{CallId, EvaluatorId, RecruitmentId},
        states::{EvaluatorState, RecruitmentState},
        text::{self, Email},
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::BTreeSet;

/// Rows written by one statement.
const AT_ONCE: usize = 500;

fn listed(tx: &Tx, call: CallId, leave: Leave<'_>, email: Email, name: String) -> Result<recruitment::Model> {
    Ok(recruitment::Model {
        id: tx.new_id(),
        call_id: call,
        evaluator_id: None,
        invitation_id: None,
        email,
        name,
        state: RecruitmentState::Listed,
        message: String::new(),
        added_by: leave.account()?,
        added_at: tx.now(),
        invited_by: None,
        invited_at: None,
        lapses_at: None,
        reminders: 0,
        reminded_at: None,
        escalated_at: None,
        answered_at: None,
        signed_name: None,
        places: None,
        reason: None,
        version: 1,
    })
}

/// Puts members of the pool on the invite list of a call; those who are on it already stay where they are.
#[derive(Clone)]
pub struct ListEvaluators {
    pub call: CallId,
    pub evaluators: Vec<EvaluatorId>,
}

impl Command for ListEvaluators {
    const NEEDS: Permission = Permission::RecruitEvaluators;
    /// How many were added.
    type Output = usize;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<usize>> {
        let known: BTreeSet<Email> = recruitment::Entity::find()
            .select_only()
            .column(recruitment::Column::Email)
            .filter(recruitment::Column::CallId.eq(self.call))
            .into_tuple::<Email>()
            .all(tx.conn())
            .await?
            .into_iter()
            .collect();
        let pool = evaluator::Entity::find()
            .find_also_related(account::Entity)
            .filter(evaluator::Column::Id.is_in(self.evaluators))
            .filter(evaluator::Column::State.eq(EvaluatorState::Active))
            .all(tx.conn())
            .await?;
        let mut rows = Vec::new();
        for (one, person) in pool {
            let Some(person) = person.filter(|person| !known.contains(&person.email)) else { continue };
            let row = listed(tx, self.call, leave, person.email, person.name)?;
            rows.push(recruitment::Model { evaluator_id: Some(one.id), ..row });
        }
        if rows.is_empty() {
            return Err(AppError::refused("nobody_new", "Everybody you chose is on the list of this call already."));
        }
        let (added, names) = (rows.len(), rows.iter().map(|row| row.name.clone()).collect());
        for some in rows.chunks(AT_ONCE) {
            let some = some.iter().map(|row| recruitment::ActiveModel::from(row.clone()).reset_all());
            recruitment::Entity::insert_many(some).exec_without_returning(tx.conn()).await?;
        }
        Ok(tx.done(RecruitmentEvent::Listed { call: self.call, names }, added))
    }
}

/// Puts somebody on the invite list by name and address, whether they are in the pool or not.
#[derive(Clone)]
pub struct ListAddress {
    pub call: CallId,
    pub name: String,
    pub email: String,
}

impl Command for ListAddress {
    const NEEDS: Permission = Permission::RecruitEvaluators;
    type Output = RecruitmentId;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<RecruitmentId>> {
        let mut errors = FieldErrors::default();
        let email = errors.take("email", Email::parse(&self.email));
        let name = errors.take("name", text::line(&self.name, 120));
        let (Some(email), Some(name)) = (email, name) else { return Err(AppError::Invalid(errors)) };
        let member = evaluator::Entity::find()
            .inner_join(account::Entity)
            .filter(account::Column::Email.eq(email.clone()))
            .filter(evaluator::Column::State.eq(EvaluatorState::Active))
            .one(tx.conn())
            .await?;
        let row = listed(tx, self.call, leave, email, name.clone())?;
        let row = recruitment::Model { evaluator_id: member.map(|member| member.id), ..row };
        let id = row.id;
        let twice = AppError::invalid("email", "This person is on the list of this call already");
        let new = recruitment::ActiveModel::from(row).reset_all();
        recruitment::Entity::insert(new).exec_without_returning(tx.conn()).await.on_unique(twice)?;
        Ok(tx.done(RecruitmentEvent::Listed { call: self.call, names: vec![name] }, id))
    }
}

/// Sends one person the invitation.
#[derive(Clone)]
pub struct SendInvitation {
    pub call: CallId,
    pub recruitment: RecruitmentId,
    pub message: String,
    /// When it lapses; after three weeks when nothing is said.
    pub lapses_at: Option<DateTime<Utc>>,
}

impl Command for SendInvitation {
    const NEEDS: Permission = Permission::RecruitEvaluators;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        // A line that begins with an arrow would become a link of the mail.
        let message = text::prose(&self.message.replace('→', "–"), 2_000).for_field("message")?;
        let until = self.lapses_at.unwrap_or(tx.now() + HOLDS);
        if until <= tx.now() || until > tx.now() + LONGEST {
            return Err(AppError::invalid("until", "Choose a day within the next four months"));
        }
        let rows = Rows::load(tx, self.call, self.recruitment).await?;
        let mut change = rows.advance(Step::Invite)?;
        let (account, name) = (leave.account()?, leave.actor().name().to_owned());
        let sender = Sender { account, name, message: message.clone(), until };
        let letter = rows.letter(tx, &mut change, sender).await?;
        change.message = Set(message);
        change.invited_by = Set(Some(account));
        change.invited_at = Set(Some(tx.now()));
        change.lapses_at = Set(Some(until));
        change.reminders = Set(0);
        change.reminded_at = Set(None);
        change.escalated_at = Set(None);
        change.answered_at = Set(None);
        change.reason = Set(None);
        change.update(tx.conn()).await?;
        Ok(tx.done(RecruitmentEvent::Invited { about: rows.about(), letter }, ()))
    }
}

/// Reminds somebody who has not answered.
#[derive(Clone)]
pub struct RemindRecruitment {
    pub call: CallId,
    pub recruitment: RecruitmentId,
}

impl Command for RemindRecruitment {
    const NEEDS: Permission = Permission::RecruitEvaluators;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        leave.account()?;
        let rows = Rows::load(tx, self.call, self.recruitment).await?;
        let event = super::clock::remind(tx, &rows).await?;
        Ok(tx.done(event, ()))
    }
}

/// Takes somebody off the list: an invitation that was sent can no longer be answered, and whoever accepted is not
/// assigned from now on.
#[derive(Clone)]
pub struct WithdrawRecruitment {
    pub call: CallId,
    pub recruitment: RecruitmentId,
}

impl Command for WithdrawRecruitment {
    const NEEDS: Permission = Permission::RecruitEvaluators;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let rows = Rows::load(tx, self.call, self.recruitment).await?;
        let change = rows.advance(Step::Withdraw)?;
        rows.take_link_back(tx).await?;
        change.update(tx.conn()).await?;
        Ok(tx.done(RecruitmentEvent::Withdrawn { about: rows.about() }, ()))
    }
}

/// Whether somebody may still be reminded by hand.
pub(super) fn may_remind(row: &recruitment::Model) -> Result<()> {
    if row.state != RecruitmentState::Invited {
        return Err(AppError::refused("nothing_open", format!("{} has nothing to answer.", row.name)));
    }
    if row.reminders >= REMINDERS {
        let message = format!("{} had {REMINDERS} reminders already. Please call.", row.name);
        return Err(AppError::refused("reminded_enough", message));
    }
    Ok(())
}
