//! A vote of a panel on one proposal: the question, and the result once it is closed.

use crate::types::ids::{AccountId, PanelItemId, PanelVoteId};
use crate::types::states::{VoteResult, VoteState};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "panel_vote")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PanelVoteId,
    pub item_id: PanelItemId,
    #[sea_orm(column_type = "String(StringLen::N(300))")]
    pub question: String,
    /// Who voted is kept, what they voted is forgotten when it is closed.
    pub secret: bool,
    pub state: VoteState,
    pub opened_by: AccountId,
    pub opened_at: DateTimeUtc,
    pub closed_at: Option<DateTimeUtc>,
    pub yes: i32,
    pub no: i32,
    pub abstain: i32,
    pub result: Option<VoteResult>,
    #[sea_orm(belongs_to, from = "item_id", to = "id", on_delete = "Cascade")]
    pub item: BelongsTo<crate::evaluation::panel_item::Entity>,
    #[sea_orm(belongs_to, relation_enum = "OpenedByAccount", from = "opened_by", to = "id", on_delete = "Restrict")]
    pub account: BelongsTo<crate::accounts::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
