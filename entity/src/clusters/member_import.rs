//! What an uploaded list of members would change, kept for the person who uploaded it until it is applied.

use crate::types::ids::{AccountId, MemberImportId, OrganisationId};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "member_import")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MemberImportId,
    pub cluster_id: OrganisationId,
    pub account_id: AccountId,
    #[sea_orm(column_type = "String(StringLen::N(200))")]
    pub file: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub list: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub plan: Json,
    pub made_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub applied_at: Option<DateTimeUtc>,
    #[sea_orm(belongs_to, from = "cluster_id", to = "id", on_delete = "Cascade")]
    pub cluster: BelongsTo<crate::organisations::organisation::Entity>,
    #[sea_orm(belongs_to, from = "account_id", to = "id", on_delete = "Cascade")]
    pub account: BelongsTo<crate::accounts::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
