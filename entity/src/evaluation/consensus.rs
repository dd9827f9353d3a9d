//! The case of a proposal whose evaluators saw different things: what diverges, who drafts, how far it is.

use crate::types::ids::{AccountId, CallId, ConsensusId, ProposalId};
use crate::types::states::ConsensusState;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consensus")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ConsensusId,
    pub call_id: CallId,
    #[sea_orm(unique)]
    pub proposal_id: ProposalId,
    pub state: ConsensusState,
    /// What the call's rule found, as sentences.
    #[sea_orm(column_type = "JsonBinary")]
    pub divergence: Json,
    /// Why an officer opened, waived, sent back or escalated it.
    #[sea_orm(column_type = "String(StringLen::N(300))")]
    pub reason: String,
    pub rapporteur_id: Option<AccountId>,
    /// To the applicant, about the whole.
    #[sea_orm(column_type = "Text")]
    pub comment: String,
    pub due_at: Option<DateTimeUtc>,
    /// Reminders sent.
    pub reminded: i32,
    pub opened_by: Option<AccountId>,
    pub opened_at: DateTimeUtc,
    /// When the draft was put to the reviewers.
    pub sent_at: Option<DateTimeUtc>,
    pub agreed_at: Option<DateTimeUtc>,
    pub version: i64,
    #[sea_orm(belongs_to, from = "call_id", to = "id", on_delete = "Restrict")]
    pub call: BelongsTo<crate::calls::call::Entity>,
    #[sea_orm(belongs_to, from = "proposal_id", to = "id", on_delete = "Restrict")]
    pub proposal: BelongsTo<crate::proposals::proposal::Entity>,
    #[sea_orm(
        belongs_to,
        relation_enum = "RapporteurAccount",
        from = "rapporteur_id",
        to = "id",
        on_delete = "Restrict"
    )]
    pub rapporteur_account: BelongsTo<Option<crate::accounts::account::Entity>>,
    #[sea_orm(belongs_to, relation_enum = "OpenedByAccount", from = "opened_by", to = "id", on_delete = "Restrict")]
    pub opened_by_account: BelongsTo<Option<crate::accounts::account::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
