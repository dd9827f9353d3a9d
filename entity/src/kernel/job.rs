//! Work ordered by what happened, done after it.

use crate::types::ids::{AccountId, JobId};
use crate::types::states::JobState;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "job")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: JobId,
    #[sea_orm(column_type = "String(StringLen::N(48))")]
    pub name: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub payload: Json,
    pub state: JobState,
    pub attempts: i32,
    pub due_at: DateTimeUtc,
    pub locked_until: Option<DateTimeUtc>,
    pub done: i32,
    pub total: i32,
    #[sea_orm(column_type = "JsonBinary")]
    pub result: Option<Json>,
    #[sea_orm(column_type = "Text")]
    pub error: String,
    pub ordered_by: Option<AccountId>,
    #[sea_orm(unique, column_type = "String(StringLen::N(120))")]
    pub once: Option<String>,
    pub created_at: DateTimeUtc,
    pub finished_at: Option<DateTimeUtc>,
    #[sea_orm(belongs_to, from = "ordered_by", to = "id", on_delete = "SetNull")]
    pub ordered_by_account: BelongsTo<Option<crate::accounts::account::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
