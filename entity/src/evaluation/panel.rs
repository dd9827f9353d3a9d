//! A meeting of a call's panel: who leads it, when and where, by which rules it decides, how far it is.

use crate::types::ids::{AccountId, CallId, PanelId};
use crate::types::states::{PanelOrder, PanelState};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "panel")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PanelId,
    pub call_id: CallId,
    #[sea_orm(column_type = "String(StringLen::N(200))")]
    pub name: String,
    pub state: PanelState,
    pub chair_id: AccountId,
    /// Leads while the chair is out of the room.
    pub deputy_id: Option<AccountId>,
    pub starts_at: Option<DateTimeUtc>,
    /// A room or the address of a conference.
    #[sea_orm(column_type = "String(StringLen::N(300))")]
    pub place: String,
    /// Minutes for one proposal.
    pub minutes: i32,
    /// Members in the room without whom nothing is decided.
    pub quorum: i32,
    /// Whether the vote of whoever leads decides a tie.
    pub casting: bool,
    pub order_by: PanelOrder,
    pub created_by: AccountId,
    pub created_at: DateTimeUtc,
    pub opened_at: Option<DateTimeUtc>,
    pub closed_at: Option<DateTimeUtc>,
    /// Counts what everybody in the meeting may notice.
    pub version: i64,
    /// Counts every change, also those within a proposal that somebody is out of the room for.
    pub pulse: i64,
    #[sea_orm(belongs_to, from = "call_id", to = "id", on_delete = "Restrict")]
    pub call: BelongsTo<crate::calls::call::Entity>,
    #[sea_orm(belongs_to, relation_enum = "ChairAccount", from = "chair_id", to = "id", on_delete = "Restrict")]
    pub chair: BelongsTo<crate::accounts::account::Entity>,
    #[sea_orm(belongs_to, relation_enum = "DeputyAccount", from = "deputy_id", to = "id", on_delete = "Restrict")]
    pub deputy: BelongsTo<Option<crate::accounts::account::Entity>>,
    #[sea_orm(belongs_to, relation_enum = "CreatedByAccount", from = "created_by", to = "id", on_delete = "Restrict")]
    pub created_by_account: BelongsTo<crate::accounts::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
