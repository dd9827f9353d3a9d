//! What those who are invited answer.

use super::Rows;
use crate::{
    evaluation::{
        evaluators::rules::MOST,
        recruitment::{
            events::RecruitmentEvent,
            queries::own,
            rules::{self, Step},
        },
        rules::signed,
    },
    kernel::{
        AppError, Command, Done, Leave, Permission, Result, Subject, Tx,
        error::{FieldErrors, ForField},
    },
};
use entity::{
    evaluation::{evaluator, recruitment},
    types::{
        ids::{InvitationId, RecruitmentId},
        states::{EvaluatorState, RecruitmentState},
        text,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// The actor's own invitation: somebody else's does not exist for them, whatever role they have.
async fn own_rows(tx: &Tx, leave: Leave<'_>, id: RecruitmentId) -> Result<Rows> {
    let row = own(tx.conn(), leave, id).await?;
    Rows::load(tx, row.call_id, row.id).await
}

/// Accepts the own invitation, signed, for so many proposals.
#[derive(Clone)]
pub struct AcceptRecruitment {
    pub recruitment: RecruitmentId,
    /// How many proposals; fewer than the profile says is a reduced load.
    pub places: String,
    pub signed_name: String,
}

impl Command for AcceptRecruitment {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let mut rows = own_rows(tx, leave, self.recruitment).await?;
        let member = evaluator::Entity::find()
            .filter(evaluator::Column::AccountId.eq(leave.account()?))
            .filter(evaluator::Column::State.eq(EvaluatorState::Active))
            .one(tx.conn())
            .await?;
        let Some(member) = member else {
            return Err(AppError::refused(
                "not_in_pool",
                "Join the pool of evaluators first, with the link in the mail you got.",
            ));
        };
        if rows.row.lapses_at.is_some_and(|at| at <= tx.now()) {
            return Err(AppError::refused("invitation_over", "This invitation is over. Please ask for a new one."));
        }
        let mut errors = FieldErrors::default();
        let places = self.places.trim().parse::<i32>().ok().filter(|n| (1..=MOST).contains(n));
        if places.is_none() {
            errors.add("places", format!("Enter a number between 1 and {MOST}"));
        }
        if !signed(&self.signed_name, leave.actor().name()) {
            errors.add("signed_name", format!("Type your name as it is in your account: {}", leave.actor().name()));
        }
        errors.done()?;
        let places = places.unwrap_or(1);
        let mut change = rows.advance(Step::Accept)?;
        rows.row.evaluator_id = Some(member.id);
        change.evaluator_id = Set(Some(member.id));
        change.places = Set(Some(places));
        let signed_name = leave.actor().name().to_owned();
        change.signed_name = Set(Some(signed_name.clone()));
        change.answered_at = Set(Some(tx.now()));
        change.update(tx.conn()).await?;
        Ok(tx.done(RecruitmentEvent::Accepted { about: rows.about(), places, signed: signed_name }, ()))
    }
}

/// Declines the own invitation with a reason.
#[derive(Clone)]
pub struct DeclineRecruitment {
    pub recruitment: RecruitmentId,
    pub reason: String,
    pub note: String,
}

impl Command for DeclineRecruitment {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let rows = own_rows(tx, leave, self.recruitment).await?;
        let sentence = rules::decline(&self.reason).ok_or_else(|| AppError::invalid("reason", "Choose a reason"))?;
        let note = text::optional_line(&self.note, 200).for_field("note")?;
        let reason = note.map_or_else(|| sentence.to_owned(), |note| format!("{sentence}: {note}"));
        decline(tx, &rows, reason).await
    }
}

async fn decline(tx: &Tx, rows: &Rows, reason: String) -> Result<Done<()>> {
    let mut change = rows.advance(Step::Decline)?;
    rows.take_link_back(tx).await?;
    change.reason = Set(Some(reason.chars().take(300).collect()));
    change.answered_at = Set(Some(tx.now()));
    change.update(tx.conn()).await?;
    Ok(tx.done(RecruitmentEvent::Declined { about: rows.about(), reason }, ()))
}

/// Notes that somebody without an account declined by the link in the mail.
#[derive(Clone)]
pub struct RecordDeclined {
    pub invitation: InvitationId,
    pub reason: String,
}

impl Command for RecordDeclined {
    const NEEDS: Permission = Permission::RecruitEvaluators;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let row = recruitment::Entity::find()
            .filter(recruitment::Column::InvitationId.eq(self.invitation))
            .filter(recruitment::Column::State.eq(RecruitmentState::Invited))
            .one(tx.conn())
            .await?
            .ok_or(AppError::NotFound)?;
        let rows = Rows::load(tx, row.call_id, row.id).await?;
        let reason = if self.reason.is_empty() { "declined by the link in the mail".to_owned() } else { self.reason };
        decline(tx, &rows, reason).await
    }
}
