//! One evaluator on one proposal in a draft, with why they fit and what going without costs.

use crate::types::ids::{AssignmentId, EvaluatorId, PlanId, PlanPairId, ProposalId};
use crate::types::states::PairOrigin;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "plan_pair")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PlanPairId,
    pub plan_id: PlanId,
    pub proposal_id: ProposalId,
    pub evaluator_id: EvaluatorId,
    /// In millionths; none until it was worked out.
    pub affinity: Option<i32>,
    pub locked: bool,
    pub origin: PairOrigin,
    /// The parts of the affinity with their reasons.
    #[sea_orm(column_type = "JsonBinary")]
    pub why: Option<Json>,
    /// What is lost without the pair, and who would come.
    #[sea_orm(column_type = "JsonBinary")]
    pub next: Option<Json>,
    /// Why it became no invitation.
    #[sea_orm(column_type = "String(StringLen::N(300))")]
    pub left_out: Option<String>,
    /// The invitation that came of it.
    pub assignment_id: Option<AssignmentId>,
    #[sea_orm(belongs_to, from = "plan_id", to = "id", on_delete = "Cascade")]
    pub plan: BelongsTo<crate::evaluation::plan::Entity>,
    #[sea_orm(belongs_to, from = "proposal_id", to = "id", on_delete = "Restrict")]
    pub proposal: BelongsTo<crate::proposals::proposal::Entity>,
    #[sea_orm(belongs_to, from = "evaluator_id", to = "id", on_delete = "Restrict")]
    pub evaluator: BelongsTo<crate::evaluation::evaluator::Entity>,
    #[sea_orm(belongs_to, from = "assignment_id", to = "id", on_delete = "Restrict")]
    pub assignment: BelongsTo<Option<crate::evaluation::assignment::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
