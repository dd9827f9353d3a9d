//! A change to a public call, with the text before and after.

use crate::types::ids::{AccountId, AnnexId, CallId, CorrigendumId};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "corrigendum")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CorrigendumId,
    pub call_id: CallId,
    pub annex_id: Option<AnnexId>,
    pub number: i32,
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub before: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub after: Json,
    pub made_by: AccountId,
    pub made_at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "call_id", to = "id", on_delete = "Cascade")]
    pub call: BelongsTo<crate::calls::call::Entity>,
    #[sea_orm(belongs_to, from = "annex_id", to = "id", on_delete = "Cascade")]
    pub annex: BelongsTo<Option<crate::calls::annex::Entity>>,
    #[sea_orm(belongs_to, from = "made_by", to = "id", on_delete = "Restrict")]
    pub made_by_account: BelongsTo<crate::accounts::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
