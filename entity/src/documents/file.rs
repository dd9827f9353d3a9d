//! What is known of a stored file; its bytes lie in the store under their digest.

use crate::types::ids::{AccountId, FileId};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "file")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FileId,
    #[sea_orm(column_type = "String(StringLen::N(64))")]
    pub digest: String,
    pub size: i64,
    #[sea_orm(column_type = "String(StringLen::N(120))")]
    pub media_type: String,
    #[sea_orm(column_type = "String(StringLen::N(200))")]
    pub name: String,
    #[sea_orm(column_type = "String(StringLen::N(24))")]
    pub about_kind: String,
    pub about_id: Option<Uuid>,
    pub uploaded_by: Option<AccountId>,
    pub created_at: DateTimeUtc,
    pub deleted_at: Option<DateTimeUtc>,
    #[sea_orm(belongs_to, from = "uploaded_by", to = "id", on_delete = "Restrict")]
    pub uploaded_by_account: BelongsTo<Option<crate::accounts::account::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
