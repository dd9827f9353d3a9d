//! That somebody voted, and what unless the vote was secret and is closed.

use crate::types::ids::{AccountId, PanelBallotId, PanelVoteId};
use crate::types::states::VoteChoice;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "panel_ballot")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PanelBallotId,
    pub vote_id: PanelVoteId,
    pub account_id: AccountId,
    pub choice: Option<VoteChoice>,
    pub cast_at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "vote_id", to = "id", on_delete = "Cascade")]
    pub vote: BelongsTo<crate::evaluation::panel_vote::Entity>,
    #[sea_orm(belongs_to, relation_enum = "Account", from = "account_id", to = "id", on_delete = "Restrict")]
    pub account: BelongsTo<crate::accounts::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
