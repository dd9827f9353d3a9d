//! Which calls the clock has to move.

use crate::{
    calls::rules::CallStep,
    kernel::{Leave, Permission, Query, Result, Snapshot, Subject, access::scope},
};
use chrono::TimeDelta;
use entity::{
    calls::call,
    types::{ids::CallId, states::CallState},
};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect};

/// Announced calls whose opening time has come and open calls whose last deadline has passed.
pub struct DueCalls;

impl Query for DueCalls {
    const NEEDS: Permission = Permission::SeeCalls;
    type Output = Vec<(CallId, CallStep)>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Self::Output> {
        let opening =
            Condition::all().add(call::Column::State.eq(CallState::Announced)).add(call::Column::OpensAt.lte(db.now()));
        let closing = Condition::all()
            .add(call::Column::State.eq(CallState::Open))
            .add(call::Column::ClosesAt.lte(db.now() - TimeDelta::seconds(1)));
        let rows = scope::calls(leave)
            .select_only()
            .columns([call::Column::Id, call::Column::State])
            .filter(Condition::any().add(opening).add(closing))
            .order_by_asc(call::Column::Code)
            .into_tuple::<(CallId, CallState)>()
            .all(db.conn())
            .await?;
        let step = |state| if state == CallState::Announced { CallStep::Open } else { CallStep::Close };
        Ok(rows.into_iter().map(|(id, state)| (id, step(state))).collect())
    }
}
