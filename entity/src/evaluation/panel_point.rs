//! Points the panel gives a proposal for one criterion; the latest row counts, those before are the trail.

use crate::types::ids::{AccountId, PanelItemId, PanelPointId};
use crate::types::points::Points;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "panel_point")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PanelPointId,
    pub item_id: PanelItemId,
    #[sea_orm(column_type = "String(StringLen::N(48))")]
    pub criterion: String,
    /// None when they were taken back.
    pub points: Option<Points>,
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    pub set_by: AccountId,
    pub set_at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "item_id", to = "id", on_delete = "Cascade")]
    pub item: BelongsTo<crate::evaluation::panel_item::Entity>,
    #[sea_orm(belongs_to, relation_enum = "SetByAccount", from = "set_by", to = "id", on_delete = "Restrict")]
    pub account: BelongsTo<crate::accounts::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
