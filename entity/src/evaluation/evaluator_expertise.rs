//! A field of the taxonomy an evaluator knows, with how well.

use crate::types::ids::EvaluatorId;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "evaluator_expertise")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub evaluator_id: EvaluatorId,
    #[sea_orm(primary_key, auto_increment = false, column_type = "String(StringLen::N(80))")]
    pub tag: String,
    pub level: i32,
    #[sea_orm(belongs_to, from = "evaluator_id", to = "id", on_delete = "Cascade")]
    pub evaluator: BelongsTo<crate::evaluation::evaluator::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
