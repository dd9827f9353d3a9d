//! A joint call: its state and its terms.

use crate::types::ids::{AccountId, CallId};
use crate::types::states::CallState;
use crate::types::terms::CallTerms;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "call")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CallId,
    #[sea_orm(unique, column_type = "String(StringLen::N(24))")]
    pub code: String,
    #[sea_orm(column_type = "String(StringLen::N(200))")]
    pub title: String,
    pub state: CallState,
    #[sea_orm(column_type = "JsonBinary")]
    pub terms: CallTerms,
    #[sea_orm(column_type = "Text")]
    pub search: String,
    pub next_number: i32,
    pub opens_at: Option<DateTimeUtc>,
    pub closes_at: Option<DateTimeUtc>,
    pub announced_at: Option<DateTimeUtc>,
    pub closed_at: Option<DateTimeUtc>,
    pub created_by: Option<AccountId>,
    pub created_at: DateTimeUtc,
    pub version: i64,
    /// Counts every change people may see of the call: terms, annexes, state, corrigenda.
    pub revision: i64,
    #[sea_orm(belongs_to, from = "created_by", to = "id", on_delete = "Restrict")]
    pub created_by_account: BelongsTo<Option<crate::accounts::account::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
