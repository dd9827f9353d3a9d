//! The drafted points and comment of a consensus for one criterion.

use crate::types::ids::{ConsensusId, ConsensusPointId};
use crate::types::points::Points;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consensus_point")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ConsensusPointId,
    pub consensus_id: ConsensusId,
    #[sea_orm(column_type = "String(StringLen::N(48))")]
    pub criterion: String,
    pub points: Option<Points>,
    #[sea_orm(column_type = "Text")]
    pub comment: String,
    pub updated_at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "consensus_id", to = "id", on_delete = "Cascade")]
    pub consensus: BelongsTo<crate::evaluation::consensus::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
