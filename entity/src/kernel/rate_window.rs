//! How often something was tried lately, by account or address.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rate_window")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "String(StringLen::N(120))")]
    pub bucket: String,
    pub started_at: DateTimeUtc,
    pub count: i32,
}

impl ActiveModelBehavior for ActiveModel {}
