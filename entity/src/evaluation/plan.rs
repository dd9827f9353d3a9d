//! One named draft of who judges what in a call: its settings, how it was computed, whether it became invitations.

use crate::types::ids::{AccountId, CallId, JobId, PlanId};
use crate::types::states::PlanState;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "plan")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PlanId,
    pub call_id: CallId,
    #[sea_orm(column_type = "String(StringLen::N(80))")]
    pub name: String,
    pub state: PlanState,
    /// Numbers, loads, needs, weights.
    #[sea_orm(column_type = "JsonBinary")]
    pub settings: Json,
    /// The job that computes it, while it is computed.
    pub job: Option<JobId>,
    /// Why nothing was found, in words.
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    /// How good what was found is, and the proof.
    #[sea_orm(column_type = "JsonBinary")]
    pub outcome: Option<Json>,
    /// A list of pairs that was looked at and not yet applied.
    #[sea_orm(column_type = "JsonBinary")]
    pub import: Option<Json>,
    pub made_by: AccountId,
    pub made_at: DateTimeUtc,
    pub computed_at: Option<DateTimeUtc>,
    pub deployed_by: Option<AccountId>,
    pub deployed_at: Option<DateTimeUtc>,
    pub version: i64,
    #[sea_orm(belongs_to, from = "call_id", to = "id", on_delete = "Restrict")]
    pub call: BelongsTo<crate::calls::call::Entity>,
    #[sea_orm(belongs_to, relation_enum = "MadeByAccount", from = "made_by", to = "id", on_delete = "Restrict")]
    pub made_by_account: BelongsTo<crate::accounts::account::Entity>,
    #[sea_orm(
        belongs_to,
        relation_enum = "DeployedByAccount",
        from = "deployed_by",
        to = "id",
        on_delete = "Restrict"
    )]
    pub deployed_by_account: BelongsTo<Option<crate::accounts::account::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
