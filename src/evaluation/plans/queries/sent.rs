//! What became of the pairs of a plan.

use super::sheet::visible;
use crate::kernel::{Leave, Result};
use entity::{
    evaluation::{assignment, plan, plan_pair},
    types::{
        ids::AssignmentId,
        states::{AssignmentState, PairOrigin},
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};
use std::collections::BTreeMap;

/// The tasks that came of these pairs.
pub(super) async fn tasks(
    db: &impl ConnectionTrait,
    pairs: &[plan_pair::Model],
) -> Result<BTreeMap<AssignmentId, AssignmentState>> {
    let rows = assignment::Entity::find()
        .select_only()
        .columns([assignment::Column::Id, assignment::Column::State])
        .filter(assignment::Column::Id.is_in(pairs.iter().filter_map(|pair| pair.assignment_id)))
        .into_tuple::<(AssignmentId, AssignmentState)>()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

/// What became of a pair.
pub(super) struct Sent {
    pub measured: bool,
    pub origin: PairOrigin,
    pub task: Option<AssignmentState>,
}

/// What became of the pairs the reader may see.
pub(super) async fn sent(db: &impl ConnectionTrait, leave: Leave<'_>, row: &plan::Model) -> Result<Vec<Sent>> {
    let rows = visible(leave, row)
        .select_only()
        .columns([plan_pair::Column::Affinity, plan_pair::Column::Origin, plan_pair::Column::AssignmentId])
        .into_tuple::<(Option<i32>, PairOrigin, Option<AssignmentId>)>()
        .all(db)
        .await?;
    let states = assignment::Entity::find()
        .select_only()
        .columns([assignment::Column::Id, assignment::Column::State])
        .filter(
            assignment::Column::Id.in_subquery(
                visible(leave, row)
                    .select_only()
                    .column(plan_pair::Column::AssignmentId)
                    .filter(plan_pair::Column::AssignmentId.is_not_null())
                    .into_query(),
            ),
        )
        .into_tuple::<(AssignmentId, AssignmentState)>()
        .all(db)
        .await?;
    let states: BTreeMap<AssignmentId, AssignmentState> = states.into_iter().collect();
    let one = |(affinity, origin, task): (Option<i32>, PairOrigin, Option<AssignmentId>)| Sent {
        measured: affinity.is_some(),
        origin,
        task: task.and_then(|id| states.get(&id).copied()),
    };
    Ok(rows.into_iter().map(one).collect())
}
