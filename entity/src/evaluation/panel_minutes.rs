//! Signed minutes of a panel, letter by letter with their checksum; another version replaces them with a reason.

use crate::types::ids::{AccountId, PanelId, PanelMinutesId};
use crate::types::states::MinutesState;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "panel_minutes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PanelMinutesId,
    pub panel_id: PanelId,
    pub number: i32,
    pub state: MinutesState,
    #[sea_orm(column_type = "String(StringLen::N(500))")]
    pub reason: String,
    #[sea_orm(column_type = "Text")]
    pub document: String,
    #[sea_orm(column_type = "String(StringLen::N(64))")]
    pub digest: String,
    pub chair_id: AccountId,
    pub signed_at: DateTimeUtc,
    pub deputy_id: Option<AccountId>,
    pub deputy_at: Option<DateTimeUtc>,
    #[sea_orm(belongs_to, from = "panel_id", to = "id", on_delete = "Cascade")]
    pub panel: BelongsTo<crate::evaluation::panel::Entity>,
    #[sea_orm(belongs_to, relation_enum = "ChairAccount", from = "chair_id", to = "id", on_delete = "Restrict")]
    pub chair: BelongsTo<crate::accounts::account::Entity>,
    #[sea_orm(belongs_to, relation_enum = "DeputyAccount", from = "deputy_id", to = "id", on_delete = "Restrict")]
    pub deputy: BelongsTo<Option<crate::accounts::account::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
