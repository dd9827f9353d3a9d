//! Who has a live view open: the last sign of life, so that every process knows the same.

use crate::types::ids::AccountId;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "live_view")]
pub struct Model {
    /// What is looked at.
    #[sea_orm(primary_key, auto_increment = false)]
    pub topic: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    pub seen_at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "account_id", to = "id", on_delete = "Cascade")]
    pub account: BelongsTo<crate::accounts::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
