//! One evaluator's task on one proposal.

use crate::types::ids::{AccountId, AssignmentId, CallId, EvaluatorId, ProposalId};
use crate::types::states::AssignmentState;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "assignment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AssignmentId,
    pub call_id: CallId,
    pub proposal_id: ProposalId,
    pub evaluator_id: EvaluatorId,
    pub account_id: AccountId,
    pub state: AssignmentState,
    pub due_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "String(StringLen::N(120))")]
    pub signed_name: Option<String>,
    pub declared_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "String(StringLen::N(300))")]
    pub reason: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub comment: String,
    #[sea_orm(column_type = "Text")]
    pub private_note: String,
    pub invited_by: AccountId,
    pub invited_at: DateTimeUtc,
    pub answered_at: Option<DateTimeUtc>,
    pub submitted_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "String(StringLen::N(300))")]
    pub reopened_reason: Option<String>,
    pub version: i64,
    #[sea_orm(belongs_to, from = "call_id", to = "id", on_delete = "Restrict")]
    pub call: BelongsTo<crate::calls::call::Entity>,
    #[sea_orm(belongs_to, from = "proposal_id", to = "id", on_delete = "Restrict")]
    pub proposal: BelongsTo<crate::proposals::proposal::Entity>,
    #[sea_orm(belongs_to, from = "evaluator_id", to = "id", on_delete = "Restrict")]
    pub evaluator: BelongsTo<crate::evaluation::evaluator::Entity>,
    #[sea_orm(belongs_to, relation_enum = "Account", from = "account_id", to = "id", on_delete = "Restrict")]
    pub account: BelongsTo<crate::accounts::account::Entity>,
    #[sea_orm(belongs_to, relation_enum = "InvitedByAccount", from = "invited_by", to = "id", on_delete = "Restrict")]
    pub invited_by_account: BelongsTo<crate::accounts::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
