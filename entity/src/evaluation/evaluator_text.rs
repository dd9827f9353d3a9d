//! A section of an evaluator's curriculum: a publication, a project, a post.

use crate::types::ids::EvaluatorId;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "evaluator_text")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub evaluator_id: EvaluatorId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    #[sea_orm(column_type = "String(StringLen::N(200))")]
    pub title: String,
    #[sea_orm(column_type = "Text")]
    pub body: String,
    #[sea_orm(belongs_to, from = "evaluator_id", to = "id", on_delete = "Cascade")]
    pub evaluator: BelongsTo<crate::evaluation::evaluator::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
