//! A proposal on the agenda of a panel.

use crate::types::ids::{AccountId, PanelId, PanelItemId, ProposalId};
use crate::types::states::PanelItemState;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "panel_item")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PanelItemId,
    pub panel_id: PanelId,
    pub proposal_id: ProposalId,
    pub position: i32,
    pub state: PanelItemState,
    /// Who introduces it.
    pub lead_id: Option<AccountId>,
    pub began_at: Option<DateTimeUtc>,
    /// When its time is over; the discussion may go on.
    pub until: Option<DateTimeUtc>,
    pub ended_at: Option<DateTimeUtc>,
    /// What was decided, or why it was deferred.
    #[sea_orm(column_type = "String(StringLen::N(500))")]
    pub outcome: String,
    pub version: i64,
    #[sea_orm(belongs_to, from = "panel_id", to = "id", on_delete = "Cascade")]
    pub panel: BelongsTo<crate::evaluation::panel::Entity>,
    #[sea_orm(belongs_to, from = "proposal_id", to = "id", on_delete = "Cascade")]
    pub proposal: BelongsTo<crate::proposals::proposal::Entity>,
    #[sea_orm(belongs_to, relation_enum = "LeadAccount", from = "lead_id", to = "id", on_delete = "Restrict")]
    pub lead: BelongsTo<Option<crate::accounts::account::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
