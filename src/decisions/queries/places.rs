//! How many proposals the budgets pay for.

use super::super::walk;
use crate::kernel::{Leave, Permission, Query, Result, Snapshot, Subject, access::scope};
use entity::types::ids::CallId;

/// How many proposals the agencies' budgets pay for, walking down the latest ranking; none without a ranking.
pub struct PlacesOf(pub CallId);

impl Query for PlacesOf {
    const NEEDS: Permission = Permission::SeeCalibration;
    type Output = Option<usize>;

    fn about(&self) -> Subject {
        Subject::Call(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Option<usize>> {
        let hidden = scope::conflicted(db.conn(), leave.actor()).await?;
        let walk = walk::ahead(db.conn(), self.0).await?.without(&hidden);
        let funded = walk.look_ahead()?.values().filter(|line| line.verdict.funds()).count();
        Ok(walk.ranking.map(|_| funded))
    }
}
