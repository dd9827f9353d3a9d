//! What a part promises to reach on one indicator.

use crate::types::ids::{KpiTargetId, PartId};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "kpi_target")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: KpiTargetId,
    pub part_id: PartId,
    #[sea_orm(column_type = "String(StringLen::N(48))")]
    pub kpi: String,
    pub target: i64,
    pub version: i64,
    #[sea_orm(belongs_to, from = "part_id", to = "id", on_delete = "Cascade")]
    pub part: BelongsTo<crate::proposals::part::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
