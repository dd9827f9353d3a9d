//! Somebody who is wanted as an evaluator of one call, from the list to the answer.

use crate::types::ids::{AccountId, CallId, EvaluatorId, InvitationId, RecruitmentId};
use crate::types::states::RecruitmentState;
use crate::types::text::Email;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "recruitment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RecruitmentId,
    pub call_id: CallId,
    pub evaluator_id: Option<EvaluatorId>,
    pub invitation_id: Option<InvitationId>,
    pub email: Email,
    #[sea_orm(column_type = "String(StringLen::N(120))")]
    pub name: String,
    pub state: RecruitmentState,
    #[sea_orm(column_type = "Text")]
    pub message: String,
    pub added_by: AccountId,
    pub added_at: DateTimeUtc,
    pub invited_by: Option<AccountId>,
    pub invited_at: Option<DateTimeUtc>,
    pub lapses_at: Option<DateTimeUtc>,
    pub reminders: i32,
    pub reminded_at: Option<DateTimeUtc>,
    pub escalated_at: Option<DateTimeUtc>,
    pub answered_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "String(StringLen::N(120))")]
    pub signed_name: Option<String>,
    pub places: Option<i32>,
    #[sea_orm(column_type = "String(StringLen::N(300))")]
    pub reason: Option<String>,
    pub version: i64,
    #[sea_orm(belongs_to, from = "call_id", to = "id", on_delete = "Restrict")]
    pub call: BelongsTo<crate::calls::call::Entity>,
    #[sea_orm(belongs_to, from = "evaluator_id", to = "id", on_delete = "Restrict")]
    pub evaluator: BelongsTo<Option<crate::evaluation::evaluator::Entity>>,
    #[sea_orm(belongs_to, from = "invitation_id", to = "id", on_delete = "Restrict")]
    pub invitation: BelongsTo<Option<crate::accounts::invitation::Entity>>,
    #[sea_orm(belongs_to, relation_enum = "AddedByAccount", from = "added_by", to = "id", on_delete = "Restrict")]
    pub added_by_account: BelongsTo<crate::accounts::account::Entity>,
    #[sea_orm(belongs_to, relation_enum = "InvitedByAccount", from = "invited_by", to = "id", on_delete = "Restrict")]
    pub invited_by_account: BelongsTo<Option<crate::accounts::account::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
