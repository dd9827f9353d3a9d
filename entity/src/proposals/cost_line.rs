//! A cost of a part.

use crate::types::ids::{ActivityLineId, CostLineId, PartId};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "cost_line")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CostLineId,
    pub part_id: PartId,
    pub position: i32,
    #[sea_orm(column_type = "String(StringLen::N(48))")]
    pub category: String,
    pub activity_line_id: Option<ActivityLineId>,
    #[sea_orm(column_type = "String(StringLen::N(200))")]
    pub description: String,
    pub minor: i64,
    pub version: i64,
    #[sea_orm(belongs_to, from = "part_id", to = "id", on_delete = "Cascade")]
    pub part: BelongsTo<crate::proposals::part::Entity>,
    #[sea_orm(belongs_to, from = "activity_line_id", to = "id", on_delete = "SetNull")]
    pub activity_line: BelongsTo<Option<crate::proposals::activity_line::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
