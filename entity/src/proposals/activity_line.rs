//! An activity planned in a part.

use crate::types::ids::{ActivityLineId, PartId};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "activity_line")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ActivityLineId,
    pub part_id: PartId,
    pub position: i32,
    #[sea_orm(column_type = "String(StringLen::N(48))")]
    pub activity: String,
    #[sea_orm(column_type = "String(StringLen::N(200))")]
    pub title: String,
    #[sea_orm(column_type = "Text")]
    pub description: String,
    #[sea_orm(column_type = "String(StringLen::N(120))")]
    pub place: String,
    pub start_month: i32,
    pub end_month: i32,
    pub participants: i32,
    pub version: i64,
    #[sea_orm(belongs_to, from = "part_id", to = "id", on_delete = "Cascade")]
    pub part: BelongsTo<crate::proposals::part::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
