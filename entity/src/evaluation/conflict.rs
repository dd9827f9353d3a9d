//! A conflict of interest somebody declared or an officer recorded.

use crate::types::ids::{AccountId, ConflictId, OrganisationId, ProposalId};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "conflict")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ConflictId,
    pub account_id: AccountId,
    pub proposal_id: Option<ProposalId>,
    pub organisation_id: Option<OrganisationId>,
    #[sea_orm(column_type = "String(StringLen::N(300))")]
    pub reason: String,
    pub declared_by: Option<AccountId>,
    pub declared_at: DateTimeUtc,
    pub withdrawn_at: Option<DateTimeUtc>,
    #[sea_orm(belongs_to, relation_enum = "Account", from = "account_id", to = "id", on_delete = "Cascade")]
    pub account: BelongsTo<crate::accounts::account::Entity>,
    #[sea_orm(belongs_to, from = "proposal_id", to = "id", on_delete = "Cascade")]
    pub proposal: BelongsTo<Option<crate::proposals::proposal::Entity>>,
    #[sea_orm(belongs_to, from = "organisation_id", to = "id", on_delete = "Cascade")]
    pub organisation: BelongsTo<Option<crate::organisations::organisation::Entity>>,
    #[sea_orm(
        belongs_to,
        relation_enum = "DeclaredByAccount",
        from = "declared_by",
        to = "id",
        on_delete = "Restrict"
    )]
    pub declared_by_account: BelongsTo<Option<crate::accounts::account::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
