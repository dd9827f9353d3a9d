//! One proposal's place in a ranking.

use crate::types::ids::{ProposalId, RankingId, RankingLineId};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ranking_line")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RankingLineId,
    pub ranking_id: RankingId,
    pub proposal_id: ProposalId,
    pub rank: i32,
    pub total: i32,
    pub passes: bool,
    pub spread: i32,
    #[sea_orm(column_type = "String(StringLen::N(300))")]
    pub tie_reason: Option<String>,
    #[sea_orm(column_type = "JsonBinary")]
    pub detail: Json,
    #[sea_orm(belongs_to, from = "ranking_id", to = "id", on_delete = "Cascade")]
    pub ranking: BelongsTo<crate::evaluation::ranking::Entity>,
    #[sea_orm(belongs_to, from = "proposal_id", to = "id", on_delete = "Restrict")]
    pub proposal: BelongsTo<crate::proposals::proposal::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
