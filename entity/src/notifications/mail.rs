//! A message to one person, from order to delivery.

use crate::types::ids::{AccountId, MailId};
use crate::types::states::{MailClass, MailState};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MailId,
    #[sea_orm(column_type = "String(StringLen::N(48))")]
    pub name: String,
    pub class: MailClass,
    pub account_id: Option<AccountId>,
    #[sea_orm(column_type = "String(StringLen::N(254))")]
    pub address: String,
    #[sea_orm(column_type = "String(StringLen::N(300))")]
    pub subject: String,
    #[sea_orm(column_type = "Text")]
    pub text: String,
    #[sea_orm(column_type = "Text")]
    pub html: String,
    pub state: MailState,
    pub attempts: i32,
    pub next_at: DateTimeUtc,
    pub locked_until: Option<DateTimeUtc>,
    #[sea_orm(unique, column_type = "String(StringLen::N(120))")]
    pub message_id: String,
    #[sea_orm(column_type = "String(StringLen::N(300))")]
    pub error: Option<String>,
    #[sea_orm(column_type = "String(StringLen::N(24))")]
    pub about_kind: Option<String>,
    pub about_id: Option<Uuid>,
    pub created_at: DateTimeUtc,
    pub sent_at: Option<DateTimeUtc>,
    #[sea_orm(belongs_to, from = "account_id", to = "id", on_delete = "SetNull")]
    pub account: BelongsTo<Option<crate::accounts::account::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
