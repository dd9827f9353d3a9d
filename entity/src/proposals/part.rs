//! One organisation's national share of a proposal, applied for at its home agency.

use crate::types::ids::{AccountId, AnnexId, OrganisationId, PartId, ProposalId};
use crate::types::money::Currency;
use crate::types::states::PartState;
use crate::types::text::Email;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "part")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PartId,
    pub proposal_id: ProposalId,
    pub organisation_id: OrganisationId,
    pub annex_id: AnnexId,
    pub is_coordinator: bool,
    pub state: PartState,
    pub requested_minor: i64,
    pub currency: Currency,
    pub contact_id: Option<AccountId>,
    #[sea_orm(column_type = "String(StringLen::N(120))")]
    pub signatory: Option<String>,
    pub signatory_email: Option<Email>,
    pub created_at: DateTimeUtc,
    pub submitted_at: Option<DateTimeUtc>,
    /// When it left the consortium as a draft; from then on it is in no list and no count.
    pub left_at: Option<DateTimeUtc>,
    pub version: i64,
    #[sea_orm(belongs_to, from = "proposal_id", to = "id", on_delete = "Cascade")]
    pub proposal: BelongsTo<crate::proposals::proposal::Entity>,
    #[sea_orm(belongs_to, from = "organisation_id", to = "id", on_delete = "Restrict")]
    pub organisation: BelongsTo<crate::organisations::organisation::Entity>,
    #[sea_orm(belongs_to, from = "annex_id", to = "id", on_delete = "Restrict")]
    pub annex: BelongsTo<crate::calls::annex::Entity>,
    #[sea_orm(belongs_to, from = "contact_id", to = "id", on_delete = "Restrict")]
    pub contact: BelongsTo<Option<crate::accounts::account::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
