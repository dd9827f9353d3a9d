//! A consortium's joint project, applied for in a call.

use crate::types::ids::{AccountId, CallId, ProposalId};
use crate::types::states::ProposalState;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "proposal")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProposalId,
    pub call_id: CallId,
    #[sea_orm(unique, column_type = "String(StringLen::N(32))")]
    pub code: String,
    #[sea_orm(column_type = "String(StringLen::N(200))")]
    pub title: String,
    #[sea_orm(column_type = "String(StringLen::N(40))")]
    pub acronym: String,
    pub state: ProposalState,
    #[sea_orm(column_type = "Text")]
    pub search: String,
    pub created_by: AccountId,
    pub created_at: DateTimeUtc,
    pub updated_by: Option<AccountId>,
    pub updated_at: DateTimeUtc,
    pub submitted_at: Option<DateTimeUtc>,
    pub version: i64,
    #[sea_orm(belongs_to, from = "call_id", to = "id", on_delete = "Restrict")]
    pub call: BelongsTo<crate::calls::call::Entity>,
    #[sea_orm(belongs_to, relation_enum = "CreatedByAccount", from = "created_by", to = "id", on_delete = "Restrict")]
    pub created_by_account: BelongsTo<crate::accounts::account::Entity>,
    #[sea_orm(belongs_to, relation_enum = "UpdatedByAccount", from = "updated_by", to = "id", on_delete = "Restrict")]
    pub updated_by_account: BelongsTo<Option<crate::accounts::account::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
