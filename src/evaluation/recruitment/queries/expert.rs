//! What those who are invited see.

use super::{mine, own};
use crate::kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::{
    accounts::account,
    calls::call,
    evaluation::{evaluator, recruitment},
    types::{
        ids::RecruitmentId,
        states::{EvaluatorState, RecruitmentState},
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

/// An invitation as the invited person sees it.
#[derive(Debug, Clone)]
pub struct Asked {
    pub id: RecruitmentId,
    pub state: RecruitmentState,
    pub call_code: String,
    pub call_title: String,
    pub zone: Tz,
    pub message: String,
    /// Who of the secretariat asks.
    pub by: String,
    pub lapses_at: Option<DateTime<Utc>>,
    /// Proposals that were promised; before the answer, as many as the profile says.
    pub places: i32,
    /// Whether the person is in the pool and can accept.
    pub in_pool: bool,
}

/// One own invitation.
pub struct OwnRecruitment(pub RecruitmentId);

impl Query for OwnRecruitment {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = Asked;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Asked> {
        let row = own(db.conn(), leave, self.0).await?;
        let id = row.id;
        let all = asked(db, leave, vec![row]).await?;
        all.into_iter().find(|one| one.id == id).ok_or(AppError::NotFound)
    }
}

/// All own invitations that wait for an answer, the most urgent first.
pub struct OwnRecruitments;

impl Query for OwnRecruitments {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = Vec<Asked>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Vec<Asked>> {
        let rows = recruitment::Entity::find()
            .filter(mine(db.conn(), leave).await?)
            .filter(recruitment::Column::State.eq(RecruitmentState::Invited))
            .filter(recruitment::Column::LapsesAt.gt(db.now()))
            .order_by_asc(recruitment::Column::LapsesAt)
            .all(db.conn())
            .await?;
        asked(db, leave, rows).await
    }
}

async fn asked(db: &Snapshot, leave: Leave<'_>, rows: Vec<recruitment::Model>) -> Result<Vec<Asked>> {
    let db = db.conn();
    let member = evaluator::Entity::find()
        .filter(evaluator::Column::AccountId.eq(leave.account()?))
        .filter(evaluator::Column::State.eq(EvaluatorState::Active))
        .one(db)
        .await?;
    let calls = call::Entity::find().filter(call::Column::Id.is_in(rows.iter().map(|row| row.call_id))).all(db).await?;
    let officers = account::Entity::find()
        .filter(account::Column::Id.is_in(rows.iter().filter_map(|row| row.invited_by)))
        .all(db)
        .await?;
    let one = |row: recruitment::Model| {
        let call = calls.iter().find(|call| call.id == row.call_id)?;
        let by = officers.iter().find(|officer| Some(officer.id) == row.invited_by);
        Some(Asked {
            id: row.id,
            state: row.state,
            call_code: call.code.clone(),
            call_title: call.title.clone(),
            zone: call.terms.zone,
            message: row.message,
            by: by.map(|officer| officer.name.clone()).unwrap_or_default(),
            lapses_at: row.lapses_at,
            places: row.places.or(member.as_ref().map(|m| m.capacity)).unwrap_or_default(),
            in_pool: member.is_some(),
        })
    };
    Ok(rows.into_iter().filter_map(one).collect())
}
