//! What is seen of the recruitment of a call, and who takes part in it.

mod expert;
mod staff;

pub use expert::{Asked, OwnRecruitment, OwnRecruitments};
pub use staff::{Counts, FindFor, Found, Head, ListLine, Listing, RecruitmentOf, Tab};

use super::rules::{Due, Waiting, due, recruits};
use crate::kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject};
use entity::{
    accounts::account,
    calls::call,
    evaluation::{evaluator, recruitment},
    types::{
        ids::{CallId, EvaluatorId, RecruitmentId},
        states::{CallState, RecruitmentState},
    },
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::BTreeMap;

/// The row as an invitation that waits; nothing when none was sent.
pub(super) fn waiting(row: &recruitment::Model) -> Option<Waiting> {
    if row.state != RecruitmentState::Invited {
        return None;
    }
    Some(Waiting {
        invited_at: row.invited_at?,
        lapses_at: row.lapses_at?,
        reminders: row.reminders,
        reminded_at: row.reminded_at,
        escalated: row.escalated_at.is_some(),
    })
}

/// Rows about the actor: as a member of the pool, or by the address of the account.
async fn mine(db: &impl ConnectionTrait, leave: Leave<'_>) -> Result<Condition> {
    let person = account::Entity::find_by_id(leave.account()?).one(db).await?.ok_or(AppError::NotFound)?;
    let member = evaluator::Entity::find().filter(evaluator::Column::AccountId.eq(person.id)).one(db).await?;
    let by_address = Condition::all()
        .add(recruitment::Column::EvaluatorId.is_null())
        .add(recruitment::Column::Email.eq(person.email));
    let by_member = member.map(|member| recruitment::Column::EvaluatorId.eq(member.id));
    Ok(Condition::any().add(by_address).add_option(by_member))
}

/// The actor's own row of this id, when an invitation was sent and not taken back.
///
/// # Errors
/// `NotFound` when it is somebody else's, or was never sent.
pub(super) async fn own(db: &impl ConnectionTrait, leave: Leave<'_>, id: RecruitmentId) -> Result<recruitment::Model> {
    let row = recruitment::Entity::find_by_id(id).filter(mine(db, leave).await?).one(db).await?;
    row.filter(|row| recruits(row.state)).ok_or(AppError::NotFound)
}

/// Who takes part in a call, with how many proposals they take; nothing while the call recruits nobody, so that the
/// whole pool may be asked.
///
/// # Errors
/// When the database cannot be asked.
pub async fn accepted(db: &impl ConnectionTrait, call: CallId) -> Result<Option<BTreeMap<EvaluatorId, i32>>> {
    let rows = recruitment::Entity::find().filter(recruitment::Column::CallId.eq(call)).all(db).await?;
    if !rows.iter().any(|row| recruits(row.state)) {
        return Ok(None);
    }
    let taking_part = rows.into_iter().filter(|row| row.state == RecruitmentState::Accepted);
    Ok(Some(taking_part.filter_map(|row| Some((row.evaluator_id?, row.places?))).collect()))
}

/// Invitations with which something is due, in calls that still recruit.
pub struct DueRecruitments;

impl Query for DueRecruitments {
    const NEEDS: Permission = Permission::RecruitEvaluators;
    type Output = Vec<(CallId, RecruitmentId, Due)>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<Vec<(CallId, RecruitmentId, Due)>> {
        let running = [CallState::AgencyReview, CallState::Announced, CallState::Open, CallState::Closed];
        let rows = recruitment::Entity::find()
            .inner_join(call::Entity)
            .filter(recruitment::Column::State.eq(RecruitmentState::Invited))
            .filter(call::Column::State.is_in(running.into_iter().chain([CallState::Evaluating])))
            .order_by_asc(recruitment::Column::Id)
            .all(db.conn())
            .await?;
        let one = |row: recruitment::Model| Some((row.call_id, row.id, due(&waiting(&row)?, db.now())?));
        Ok(rows.into_iter().filter_map(one).collect())
    }
}
