//! A link by mail that makes somebody a member, partner, evaluator or holder of a role.

use crate::types::ids::{AccountId, CallId, InvitationId, OrganisationId, PartId, ProposalId};
use crate::types::states::InvitationKind;
use crate::types::text::Email;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InvitationId,
    pub kind: InvitationKind,
    #[sea_orm(unique, column_type = "String(StringLen::N(64))")]
    pub token_hash: String,
    pub email: Email,
    #[sea_orm(column_type = "String(StringLen::N(120))")]
    pub name: String,
    #[sea_orm(column_type = "String(StringLen::N(24))")]
    pub role: Option<String>,
    pub call_id: Option<CallId>,
    pub organisation_id: Option<OrganisationId>,
    pub proposal_id: Option<ProposalId>,
    pub part_id: Option<PartId>,
    #[sea_orm(column_type = "Text")]
    pub message: String,
    pub invited_by: AccountId,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub answered_at: Option<DateTimeUtc>,
    pub accepted: Option<bool>,
    pub answered_by: Option<AccountId>,
    pub withdrawn_at: Option<DateTimeUtc>,
    #[sea_orm(belongs_to, from = "call_id", to = "id", on_delete = "Cascade")]
    pub call: BelongsTo<Option<crate::calls::call::Entity>>,
    #[sea_orm(belongs_to, from = "organisation_id", to = "id", on_delete = "Cascade")]
    pub organisation: BelongsTo<Option<crate::organisations::organisation::Entity>>,
    #[sea_orm(belongs_to, from = "proposal_id", to = "id", on_delete = "Cascade")]
    pub proposal: BelongsTo<Option<crate::proposals::proposal::Entity>>,
    #[sea_orm(belongs_to, from = "part_id", to = "id", on_delete = "Cascade")]
    pub part: BelongsTo<Option<crate::proposals::part::Entity>>,
    #[sea_orm(belongs_to, relation_enum = "InvitedByAccount", from = "invited_by", to = "id", on_delete = "Restrict")]
    pub invited_by_account: BelongsTo<crate::accounts::account::Entity>,
    #[sea_orm(
        belongs_to,
        relation_enum = "AnsweredByAccount",
        from = "answered_by",
        to = "id",
        on_delete = "Restrict"
    )]
    pub answered_by_account: BelongsTo<Option<crate::accounts::account::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
