//! One agency's confirmation of all its decisions in a call; it counts while the decisions are as they were then.

use crate::types::ids::{AccountId, AnnexId, DecisionListId};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "decision_list")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DecisionListId,
    pub annex_id: AnnexId,
    /// The fingerprint of the decisions that were confirmed.
    #[sea_orm(column_type = "String(StringLen::N(64))")]
    pub digest: String,
    pub parts: i32,
    pub confirmed_by: AccountId,
    pub confirmed_at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "annex_id", to = "id", on_delete = "Restrict")]
    pub annex: BelongsTo<crate::calls::annex::Entity>,
    #[sea_orm(belongs_to, from = "confirmed_by", to = "id", on_delete = "Restrict")]
    pub confirmed_by_account: BelongsTo<crate::accounts::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
