//! Rate limits: tries per bucket and window, counted in the database.

use super::error::{AppError, Result};
use chrono::{DateTime, TimeDelta, Utc};
use entity::kernel::rate_window::{ActiveModel, Column, Entity};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, sea_query::OnConflict};

/// Counts one more try; the window begins with the first.
pub(super) async fn count(
    db: &impl ConnectionTrait,
    bucket: &str,
    most: i32,
    window: TimeDelta,
    now: DateTime<Utc>,
) -> Result<()> {
    let bucket: String = bucket.chars().take(120).collect();
    let current = Entity::find_by_id(bucket.clone()).one(db).await?.filter(|row| now - row.started_at < window);
    let (started_at, tries) = current.map_or((now, 0), |row| (row.started_at, row.count));
    if tries >= most {
        let left = (started_at + window - now).num_minutes() + 1;
        return Err(AppError::TooMany { minutes: u32::try_from(left.max(1)).unwrap_or(1) });
    }
    let row = ActiveModel { bucket: Set(bucket), started_at: Set(started_at), count: Set(tries + 1) };
    let replace = OnConflict::column(Column::Bucket).update_columns([Column::StartedAt, Column::Count]).to_owned();
    Entity::insert(row).on_conflict(replace).exec_without_returning(db).await?;
    Ok(())
}

pub(super) async fn forget(db: &impl ConnectionTrait, bucket: &str) -> Result<()> {
    Entity::delete_by_id(bucket.chars().take(120).collect::<String>()).exec(db).await?;
    Ok(())
}
