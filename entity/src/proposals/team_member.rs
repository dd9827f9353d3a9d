//! A person who works on a proposal, or worked on it: whoever leaves keeps the row.

use crate::types::ids::{AccountId, PartId, ProposalId, TeamMemberId};
use crate::types::states::TeamRole;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "team_member")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TeamMemberId,
    pub proposal_id: ProposalId,
    pub account_id: AccountId,
    pub part_id: Option<PartId>,
    pub role: TeamRole,
    pub added_by: Option<AccountId>,
    pub added_at: DateTimeUtc,
    /// When the person left; from then on the row is history and gives no access.
    pub left_at: Option<DateTimeUtc>,
    #[sea_orm(belongs_to, from = "proposal_id", to = "id", on_delete = "Cascade")]
    pub proposal: BelongsTo<crate::proposals::proposal::Entity>,
    #[sea_orm(belongs_to, relation_enum = "Account", from = "account_id", to = "id", on_delete = "Cascade")]
    pub account: BelongsTo<crate::accounts::account::Entity>,
    #[sea_orm(belongs_to, from = "part_id", to = "id", on_delete = "Cascade")]
    pub part: BelongsTo<Option<crate::proposals::part::Entity>>,
    #[sea_orm(belongs_to, relation_enum = "AddedByAccount", from = "added_by", to = "id", on_delete = "Restrict")]
    pub added_by_account: BelongsTo<Option<crate::accounts::account::Entity>>,
}

impl Entity {
    /// Those who work on a proposal now.
    pub fn present() -> Select<Self> {
        Self::find().filter(Column::LeftAt.is_null())
    }
}

impl ActiveModelBehavior for ActiveModel {}
