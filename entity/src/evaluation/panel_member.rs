//! Somebody who takes part in a panel.

use crate::types::ids::{AccountId, PanelId, PanelMemberId};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "panel_member")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PanelMemberId,
    pub panel_id: PanelId,
    pub account_id: AccountId,
    pub invited_at: DateTimeUtc,
    /// Whether the person is in the meeting now.
    pub here: bool,
    /// When the person stopped being a member.
    pub ended_at: Option<DateTimeUtc>,
    #[sea_orm(belongs_to, from = "panel_id", to = "id", on_delete = "Cascade")]
    pub panel: BelongsTo<crate::evaluation::panel::Entity>,
    #[sea_orm(belongs_to, relation_enum = "Account", from = "account_id", to = "id", on_delete = "Restrict")]
    pub account: BelongsTo<crate::accounts::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
