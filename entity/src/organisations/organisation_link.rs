//! Who owns an organisation, as its managers state it.

use crate::types::country::Country;
use crate::types::ids::{AccountId, OrganisationId, OrganisationLinkId};
use crate::types::share::Share;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organisation_link")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrganisationLinkId,
    pub owned_id: OrganisationId,
    /// The owner, when it is on the platform.
    pub owner_id: Option<OrganisationId>,
    #[sea_orm(column_type = "String(StringLen::N(200))")]
    pub owner_name: String,
    #[sea_orm(column_type = "String(StringLen::N(60))")]
    pub owner_number: Option<String>,
    pub owner_country: Option<Country>,
    /// None when it is not known.
    pub share: Option<Share>,
    pub stated_by: Option<AccountId>,
    pub stated_at: DateTimeUtc,
    pub withdrawn_at: Option<DateTimeUtc>,
    #[sea_orm(belongs_to, relation_enum = "Owned", from = "owned_id", to = "id", on_delete = "Cascade")]
    pub owned: BelongsTo<crate::organisations::organisation::Entity>,
    #[sea_orm(belongs_to, relation_enum = "Owner", from = "owner_id", to = "id", on_delete = "Cascade")]
    pub owner: BelongsTo<Option<crate::organisations::organisation::Entity>>,
    #[sea_orm(belongs_to, from = "stated_by", to = "id", on_delete = "SetNull")]
    pub stated_by_account: BelongsTo<Option<crate::accounts::account::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
