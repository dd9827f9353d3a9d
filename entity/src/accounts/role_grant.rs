//! A role given to a person, for the platform, one call or one agency.

use crate::types::ids::{AccountId, CallId, OrganisationId, RoleGrantId};
use crate::types::states::Role;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "role_grant")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RoleGrantId,
    pub account_id: AccountId,
    pub role: Role,
    pub call_id: Option<CallId>,
    pub agency_id: Option<OrganisationId>,
    pub granted_by: Option<AccountId>,
    pub granted_at: DateTimeUtc,
    pub revoked_at: Option<DateTimeUtc>,
    #[sea_orm(belongs_to, relation_enum = "Account", from = "account_id", to = "id", on_delete = "Cascade")]
    pub account: BelongsTo<crate::accounts::account::Entity>,
    #[sea_orm(belongs_to, from = "call_id", to = "id", on_delete = "Cascade")]
    pub call: BelongsTo<Option<crate::calls::call::Entity>>,
    #[sea_orm(belongs_to, from = "agency_id", to = "id", on_delete = "Cascade")]
    pub agency: BelongsTo<Option<crate::organisations::organisation::Entity>>,
    #[sea_orm(belongs_to, relation_enum = "GrantedByAccount", from = "granted_by", to = "id", on_delete = "Restrict")]
    pub granted_by_account: BelongsTo<Option<crate::accounts::account::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
