//! Money or work that covers what the grant does not.

use crate::types::ids::{FundingLineId, PartId};
use crate::types::states::FundingSource;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "funding_line")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FundingLineId,
    pub part_id: PartId,
    pub position: i32,
    pub source: FundingSource,
    #[sea_orm(column_type = "String(StringLen::N(200))")]
    pub description: String,
    pub minor: i64,
    pub version: i64,
    #[sea_orm(belongs_to, from = "part_id", to = "id", on_delete = "Cascade")]
    pub part: BelongsTo<crate::proposals::part::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
