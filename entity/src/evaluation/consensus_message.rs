//! What a reviewer or officer said in the discussion of a consensus.

use crate::types::ids::{AccountId, ConsensusId, ConsensusMessageId};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consensus_message")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ConsensusMessageId,
    pub consensus_id: ConsensusId,
    pub account_id: AccountId,
    #[sea_orm(column_type = "Text")]
    pub text: String,
    pub sent_at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "consensus_id", to = "id", on_delete = "Cascade")]
    pub consensus: BelongsTo<crate::evaluation::consensus::Entity>,
    #[sea_orm(belongs_to, relation_enum = "Account", from = "account_id", to = "id", on_delete = "Restrict")]
    pub account: BelongsTo<crate::accounts::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
