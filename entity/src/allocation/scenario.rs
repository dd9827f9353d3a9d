//! One named way from a signed ranking to money: its settings, what it was computed from, what came of it, and whether
//! it was adopted.

use crate::types::ids::{AccountId, CallId, JobId, RankingId, ScenarioId};
use crate::types::states::ScenarioState;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "scenario")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ScenarioId,
    pub call_id: CallId,
    /// The ranking it was computed from last.
    pub ranking_id: RankingId,
    #[sea_orm(column_type = "String(StringLen::N(80))")]
    pub name: String,
    pub state: ScenarioState,
    /// Strategy, pot, floor, top-up, budgets other than those of the call.
    #[sea_orm(column_type = "JsonBinary")]
    pub settings: Json,
    /// What it was computed from, letter by letter; its SHA-256 is the digest.
    #[sea_orm(column_type = "Text", nullable)]
    pub input: Option<String>,
    #[sea_orm(column_type = "String(StringLen::N(64))")]
    pub digest: Option<String>,
    #[sea_orm(column_type = "JsonBinary")]
    pub outcome: Option<Json>,
    /// The job that searches its optimum, while it does.
    pub job: Option<JobId>,
    /// Why it was adopted, or set aside, or why nothing was found.
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    pub made_by: AccountId,
    pub made_at: DateTimeUtc,
    pub computed_at: Option<DateTimeUtc>,
    pub adopted_by: Option<AccountId>,
    pub adopted_at: Option<DateTimeUtc>,
    /// The minutes as they were signed, letter by letter; their SHA-256 stands beside them.
    #[sea_orm(column_type = "Text", nullable)]
    pub minutes: Option<String>,
    #[sea_orm(column_type = "String(StringLen::N(64))")]
    pub minutes_digest: Option<String>,
    pub version: i64,
    #[sea_orm(belongs_to, from = "call_id", to = "id", on_delete = "Restrict")]
    pub call: BelongsTo<crate::calls::call::Entity>,
    #[sea_orm(belongs_to, from = "ranking_id", to = "id", on_delete = "Restrict")]
    pub ranking: BelongsTo<crate::evaluation::ranking::Entity>,
    #[sea_orm(belongs_to, relation_enum = "MadeByAccount", from = "made_by", to = "id", on_delete = "Restrict")]
    pub made_by_account: BelongsTo<crate::accounts::account::Entity>,
    #[sea_orm(belongs_to, relation_enum = "AdoptedByAccount", from = "adopted_by", to = "id", on_delete = "Restrict")]
    pub adopted_by_account: BelongsTo<Option<crate::accounts::account::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
