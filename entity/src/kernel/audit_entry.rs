//! What happened, linked to what happened before it.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub at: DateTimeUtc,
    pub actor: Option<Uuid>,
    #[sea_orm(column_type = "String(StringLen::N(120))")]
    pub actor_name: String,
    #[sea_orm(column_type = "String(StringLen::N(64))")]
    pub command: String,
    #[sea_orm(column_type = "String(StringLen::N(24))")]
    pub subject_kind: String,
    pub subject_id: Option<Uuid>,
    pub call: Option<Uuid>,
    pub proposal: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub line: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub data: Json,
    #[sea_orm(column_type = "String(StringLen::N(64))")]
    pub key: Option<String>,
    #[sea_orm(column_type = "JsonBinary")]
    pub output: Option<Json>,
    #[sea_orm(column_type = "String(StringLen::N(64))")]
    pub previous: String,
    #[sea_orm(column_type = "String(StringLen::N(64))")]
    pub digest: String,
}

impl ActiveModelBehavior for ActiveModel {}
