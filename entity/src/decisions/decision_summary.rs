//! The printed evaluation summary that goes with a released decision.

use crate::types::ids::{DecisionId, DecisionSummaryId, FileId};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "decision_summary")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DecisionSummaryId,
    #[sea_orm(unique)]
    pub decision_id: DecisionId,
    pub file_id: FileId,
    #[sea_orm(belongs_to, from = "decision_id", to = "id", on_delete = "Restrict")]
    pub decision: BelongsTo<crate::decisions::decision::Entity>,
    #[sea_orm(belongs_to, from = "file_id", to = "id", on_delete = "Restrict")]
    pub file: BelongsTo<crate::documents::file::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
