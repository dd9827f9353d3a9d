//! Who does a section of a proposal or part, until when, and whether it is complete.

use crate::types::ids::{AccountId, ProposalId, SectionTaskId};
use crate::types::states::SectionState;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "section_task")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SectionTaskId,
    pub proposal_id: ProposalId,
    #[sea_orm(column_type = "String(StringLen::N(40))")]
    pub place: String,
    #[sea_orm(column_type = "String(StringLen::N(48))")]
    pub section: String,
    pub assigned_to: Option<AccountId>,
    pub due_on: Option<Date>,
    pub state: SectionState,
    pub completed_by: Option<AccountId>,
    pub completed_at: Option<DateTimeUtc>,
    #[sea_orm(belongs_to, from = "proposal_id", to = "id", on_delete = "Cascade")]
    pub proposal: BelongsTo<crate::proposals::proposal::Entity>,
    #[sea_orm(
        belongs_to,
        relation_enum = "AssignedToAccount",
        from = "assigned_to",
        to = "id",
        on_delete = "Restrict"
    )]
    pub assigned_to_account: BelongsTo<Option<crate::accounts::account::Entity>>,
    #[sea_orm(
        belongs_to,
        relation_enum = "CompletedByAccount",
        from = "completed_by",
        to = "id",
        on_delete = "Restrict"
    )]
    pub completed_by_account: BelongsTo<Option<crate::accounts::account::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
