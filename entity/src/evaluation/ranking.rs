//! An order of the proposals of a call, fixed by signature.

use crate::types::ids::{AccountId, CallId, RankingId};
use crate::types::states::RankingState;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ranking")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RankingId,
    pub call_id: CallId,
    pub number: i32,
    pub state: RankingState,
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    #[sea_orm(column_type = "String(StringLen::N(64))")]
    pub digest: Option<String>,
    pub made_by: AccountId,
    pub made_at: DateTimeUtc,
    pub fixed_by: Option<AccountId>,
    pub fixed_at: Option<DateTimeUtc>,
    /// What the chair signed, letter by letter; its SHA-256 is the digest.
    #[sea_orm(column_type = "Text", nullable)]
    pub document: Option<String>,
    #[sea_orm(belongs_to, from = "call_id", to = "id", on_delete = "Restrict")]
    pub call: BelongsTo<crate::calls::call::Entity>,
    #[sea_orm(belongs_to, relation_enum = "MadeByAccount", from = "made_by", to = "id", on_delete = "Restrict")]
    pub made_by_account: BelongsTo<crate::accounts::account::Entity>,
    #[sea_orm(belongs_to, relation_enum = "FixedByAccount", from = "fixed_by", to = "id", on_delete = "Restrict")]
    pub fixed_by_account: BelongsTo<Option<crate::accounts::account::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
