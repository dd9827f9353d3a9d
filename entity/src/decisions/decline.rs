//! A grant that was declined, with the reason.

use crate::types::ids::{AccountId, DeclineId, PartId};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "decline")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DeclineId,
    #[sea_orm(unique)]
    pub part_id: PartId,
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    pub declined_by: AccountId,
    pub declined_at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "part_id", to = "id", on_delete = "Restrict")]
    pub part: BelongsTo<crate::proposals::part::Entity>,
    #[sea_orm(belongs_to, from = "declined_by", to = "id", on_delete = "Restrict")]
    pub declined_by_account: BelongsTo<crate::accounts::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
