//! What an evaluator wishes for one proposal; silence has no row.

use crate::types::ids::{CallId, EvaluatorId, ProposalId, WishId};
use crate::types::states::WishKind;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "wish")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WishId,
    pub call_id: CallId,
    pub proposal_id: ProposalId,
    pub evaluator_id: EvaluatorId,
    pub kind: WishKind,
    pub stated_at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "call_id", to = "id", on_delete = "Restrict")]
    pub call: BelongsTo<crate::calls::call::Entity>,
    #[sea_orm(belongs_to, from = "proposal_id", to = "id", on_delete = "Restrict")]
    pub proposal: BelongsTo<crate::proposals::proposal::Entity>,
    #[sea_orm(belongs_to, from = "evaluator_id", to = "id", on_delete = "Restrict")]
    pub evaluator: BelongsTo<crate::evaluation::evaluator::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
