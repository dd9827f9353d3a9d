//! A person in the pool of evaluators.

use crate::types::ids::{AccountId, EvaluatorId};
use crate::types::states::EvaluatorState;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "evaluator")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EvaluatorId,
    #[sea_orm(unique)]
    pub account_id: AccountId,
    pub state: EvaluatorState,
    #[sea_orm(column_type = "String(StringLen::N(200))")]
    pub organisation: String,
    #[sea_orm(column_type = "String(StringLen::N(300))")]
    pub expertise: String,
    #[sea_orm(column_type = "String(StringLen::N(120))")]
    pub languages: String,
    #[sea_orm(column_type = "String(StringLen::N(120))")]
    pub countries: String,
    pub capacity: i32,
    pub hours: Option<i32>,
    #[sea_orm(column_type = "Text")]
    pub bio: String,
    #[sea_orm(column_type = "Text")]
    pub search: String,
    pub invited_at: DateTimeUtc,
    pub answered_at: Option<DateTimeUtc>,
    pub contract_until: Option<Date>,
    pub declaration_until: Option<Date>,
    pub renewed_at: Option<DateTimeUtc>,
    pub erased_at: Option<DateTimeUtc>,
    pub version: i64,
    #[sea_orm(belongs_to, from = "account_id", to = "id", on_delete = "Cascade")]
    pub account: BelongsTo<crate::accounts::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
