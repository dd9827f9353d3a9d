//! Who has a live view open: a sign of life in the database from time to time, so that several processes know the
//! same. It is no act of anybody and stands in no log.

use super::error::Result;
use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    kernel::live_view::{ActiveModel, Column, Entity},
    types::ids::AccountId,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::OnConflict,
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// How often a live view gives a sign of life, in seconds.
pub const BEAT: i64 = 15;

/// Writes a sign of life.
pub(super) async fn beat(db: &impl ConnectionTrait, topic: Uuid, account: AccountId, now: DateTime<Utc>) -> Result<()> {
    let row = ActiveModel { topic: Set(topic), account_id: Set(account), seen_at: Set(now) };
    let again = OnConflict::columns([Column::Topic, Column::AccountId]).update_column(Column::SeenAt).to_owned();
    Entity::insert(row).on_conflict(again).exec_without_returning(db).await?;
    Ok(())
}

/// Everybody who looks at something now: two missed signs are a lost connection.
///
/// # Errors
/// When the database cannot be asked.
pub async fn connected(db: &impl ConnectionTrait, topic: Uuid, now: DateTime<Utc>) -> Result<BTreeSet<AccountId>> {
    let since = now - TimeDelta::seconds(BEAT * 2 + 5);
    let seen = Entity::find()
        .select_only()
        .column(Column::AccountId)
        .filter(Column::Topic.eq(topic))
        .filter(Column::SeenAt.gt(since));
    Ok(seen.into_tuple::<AccountId>().all(db).await?.into_iter().collect())
}
