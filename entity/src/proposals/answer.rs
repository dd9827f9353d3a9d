//! An answer to a question of the call; its place is `joint` or the id of a part.

use crate::types::ids::{AccountId, AnswerId, ProposalId};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "answer")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AnswerId,
    pub proposal_id: ProposalId,
    #[sea_orm(column_type = "String(StringLen::N(40))")]
    pub place: String,
    #[sea_orm(column_type = "String(StringLen::N(48))")]
    pub question: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub value: Json,
    pub version: i64,
    pub updated_by: Option<AccountId>,
    pub updated_at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "proposal_id", to = "id", on_delete = "Cascade")]
    pub proposal: BelongsTo<crate::proposals::proposal::Entity>,
    #[sea_orm(belongs_to, from = "updated_by", to = "id", on_delete = "Restrict")]
    pub updated_by_account: BelongsTo<Option<crate::accounts::account::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
