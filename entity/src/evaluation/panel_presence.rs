//! Who came and went when, and who was out of the room for which proposal and why.

use crate::types::ids::{AccountId, PanelId, PanelItemId, PanelPresenceId};
use crate::types::states::{OutReason, PresenceKind};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "panel_presence")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PanelPresenceId,
    pub panel_id: PanelId,
    pub account_id: AccountId,
    pub kind: PresenceKind,
    /// The proposal somebody was out of the room for.
    pub item_id: Option<PanelItemId>,
    pub why: Option<OutReason>,
    pub at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "panel_id", to = "id", on_delete = "Cascade")]
    pub panel: BelongsTo<crate::evaluation::panel::Entity>,
    #[sea_orm(belongs_to, from = "item_id", to = "id", on_delete = "Cascade")]
    pub item: BelongsTo<Option<crate::evaluation::panel_item::Entity>>,
    #[sea_orm(belongs_to, relation_enum = "Account", from = "account_id", to = "id", on_delete = "Restrict")]
    pub account: BelongsTo<crate::accounts::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
