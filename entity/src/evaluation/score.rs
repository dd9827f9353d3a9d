//! Points and comment of one evaluator for one criterion, or for one part of it (`c1.market`).

use crate::types::ids::{AssignmentId, ScoreId};
use crate::types::points::Points;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "score")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ScoreId,
    pub assignment_id: AssignmentId,
    #[sea_orm(column_type = "String(StringLen::N(48))")]
    pub criterion: String,
    pub points: Option<Points>,
    #[sea_orm(column_type = "Text")]
    pub comment: String,
    /// Why no points are given, when somebody abstains.
    #[sea_orm(column_type = "String(StringLen::N(300))")]
    pub abstained: Option<String>,
    pub version: i64,
    pub updated_at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "assignment_id", to = "id", on_delete = "Cascade")]
    pub assignment: BelongsTo<crate::evaluation::assignment::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
