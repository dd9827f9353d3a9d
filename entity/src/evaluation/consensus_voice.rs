//! One reviewer's answer to the draft of a consensus: a signature, or a disagreement in words.

use crate::types::ids::{AccountId, AssignmentId, ConsensusId, ConsensusVoiceId};
use crate::types::states::VoiceState;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consensus_voice")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ConsensusVoiceId,
    pub consensus_id: ConsensusId,
    pub assignment_id: AssignmentId,
    pub account_id: AccountId,
    pub state: VoiceState,
    #[sea_orm(column_type = "String(StringLen::N(120))")]
    pub signed_name: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub statement: String,
    pub answered_at: Option<DateTimeUtc>,
    #[sea_orm(belongs_to, from = "consensus_id", to = "id", on_delete = "Cascade")]
    pub consensus: BelongsTo<crate::evaluation::consensus::Entity>,
    #[sea_orm(belongs_to, from = "assignment_id", to = "id", on_delete = "Restrict")]
    pub assignment: BelongsTo<crate::evaluation::assignment::Entity>,
    #[sea_orm(belongs_to, relation_enum = "Account", from = "account_id", to = "id", on_delete = "Restrict")]
    pub account: BelongsTo<crate::accounts::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
