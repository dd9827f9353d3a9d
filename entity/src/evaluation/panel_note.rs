//! What was noted while a panel discussed a proposal; a correction is a new note.

use crate::types::ids::{AccountId, PanelItemId, PanelNoteId};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "panel_note")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PanelNoteId,
    pub item_id: PanelItemId,
    pub account_id: AccountId,
    #[sea_orm(column_type = "Text")]
    pub text: String,
    /// Whether it goes into the minutes.
    pub minuted: bool,
    pub at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "item_id", to = "id", on_delete = "Cascade")]
    pub item: BelongsTo<crate::evaluation::panel_item::Entity>,
    #[sea_orm(belongs_to, relation_enum = "Account", from = "account_id", to = "id", on_delete = "Restrict")]
    pub account: BelongsTo<crate::accounts::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
