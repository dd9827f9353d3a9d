//! What an uploaded list of evaluators would change, kept for a day for the person who uploaded it.

use crate::types::ids::{AccountId, EvaluatorImportId};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "evaluator_import")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EvaluatorImportId,
    pub account_id: AccountId,
    #[sea_orm(column_type = "String(StringLen::N(200))")]
    pub file: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub list: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub plan: Json,
    pub made_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub applied_at: Option<DateTimeUtc>,
    #[sea_orm(belongs_to, from = "account_id", to = "id", on_delete = "Cascade")]
    pub account: BelongsTo<crate::accounts::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
