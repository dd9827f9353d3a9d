//! What the secretariat does with plans, and jobs with what they found.

mod deploy;
mod draft;
mod import;
mod keep;
mod pairs;

pub use deploy::{DeployPlan, Deployed, TakeBackPlan};
pub use draft::{CancelPlan, ChangePlan, CopyPlan, MakePlan, OrderPlan};
pub use import::{ApplyPairs, LookAtPairs, PairsChanged};
pub use keep::{FailPlan, KeepMeasured, KeepPlan, KeepPrice};
pub use pairs::{AddPair, LockPair, OrderPrice, RemovePair};

use super::{
    events::About,
    queries::of_call,
    rules::states::{Step, next},
};
use crate::kernel::{AppError, Result, Tx};
use entity::{
    evaluation::{plan, plan_pair},
    types::ids::{CallId, PlanId},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};

/// Rows written by one statement, so that no database is given more values than it takes.
const AT_ONCE: usize = 500;

fn about(row: &plan::Model) -> About {
    About { call: row.call_id, plan: row.id, name: row.name.clone() }
}

/// The plan as somebody saw it.
///
/// # Errors
/// `NotFound` when there is none, `Stale` when somebody changed it since it was seen.
async fn seen(tx: &Tx, call: CallId, id: PlanId, version: i64) -> Result<plan::Model> {
    let row = of_call(tx.conn(), call, id).await?;
    if row.version == version {
        return Ok(row);
    }
    let at = row.deployed_at.or(row.computed_at).unwrap_or(row.made_at);
    Err(AppError::Stale { by: "somebody".to_owned(), at, version: row.version })
}

/// Takes a step with a plan and gives the row to be changed further; the caller writes it.
fn step(row: plan::Model, step: Step) -> Result<plan::ActiveModel> {
    let to = next(row.state, step).map_err(|illegal| AppError::refused("plan_state", illegal.to_string()))?;
    let version = row.version + 1;
    let mut change: plan::ActiveModel = row.into();
    change.state = Set(to);
    change.version = Set(version);
    Ok(change)
}

/// Whether pairs can be changed; the state stays, so that a plan that is ready can be mended by hand.
fn open(row: plan::Model) -> Result<plan::ActiveModel> {
    next(row.state, Step::Change).map_err(|illegal| AppError::refused("plan_state", illegal.to_string()))?;
    let version = row.version + 1;
    let mut change: plan::ActiveModel = row.into();
    change.version = Set(version);
    Ok(change)
}

async fn insert_pairs(tx: &Tx, rows: Vec<plan_pair::Model>) -> Result<()> {
    for some in rows.chunks(AT_ONCE) {
        let some = some.iter().cloned().map(|row| row.into_active_model().reset_all());
        plan_pair::Entity::insert_many(some).exec_without_returning(tx.conn()).await?;
    }
    Ok(())
}
