//! Days on which an evaluator can or cannot work.

use crate::types::ids::EvaluatorId;
use crate::types::states::PeriodKind;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "evaluator_period")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub evaluator_id: EvaluatorId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    pub kind: PeriodKind,
    pub starts_on: Date,
    pub ends_on: Date,
    #[sea_orm(belongs_to, from = "evaluator_id", to = "id", on_delete = "Cascade")]
    pub evaluator: BelongsTo<crate::evaluation::evaluator::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
