//! A list of interests as somebody signed it.

use crate::types::ids::{AccountId, StatementId};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "interest_statement")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StatementId,
    pub account_id: AccountId,
    #[sea_orm(column_type = "String(StringLen::N(120))")]
    pub signed_name: String,
    pub signed_at: DateTimeUtc,
    pub valid_until: DateTimeUtc,
    #[sea_orm(column_type = "JsonBinary")]
    pub content: Json,
    #[sea_orm(belongs_to, from = "account_id", to = "id", on_delete = "Cascade")]
    pub account: BelongsTo<crate::accounts::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
