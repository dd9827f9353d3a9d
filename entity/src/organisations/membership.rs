//! A person in an organisation.

use crate::types::ids::{AccountId, MembershipId, OrganisationId};
use crate::types::states::{MembershipRole, MembershipState};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "membership")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MembershipId,
    pub organisation_id: OrganisationId,
    pub account_id: AccountId,
    pub role: MembershipRole,
    pub state: MembershipState,
    #[sea_orm(column_type = "String(StringLen::N(300))")]
    pub message: Option<String>,
    pub asked_at: DateTimeUtc,
    pub decided_at: Option<DateTimeUtc>,
    pub decided_by: Option<AccountId>,
    #[sea_orm(belongs_to, from = "organisation_id", to = "id", on_delete = "Cascade")]
    pub organisation: BelongsTo<crate::organisations::organisation::Entity>,
    #[sea_orm(belongs_to, relation_enum = "Account", from = "account_id", to = "id", on_delete = "Cascade")]
    pub account: BelongsTo<crate::accounts::account::Entity>,
    #[sea_orm(belongs_to, relation_enum = "DecidedByAccount", from = "decided_by", to = "id", on_delete = "Restrict")]
    pub decided_by_account: BelongsTo<Option<crate::accounts::account::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
