//! What a search found is kept, as long as the scenario waits for it.

use super::{about, event, of_call, step};
use crate::{
    allocation::{
        events::Deed,
        queries::waits_for,
        rules::{Input, Outcome, Proof, Step},
    },
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx},
};
use entity::{
    allocation::scenario,
    types::ids::{CallId, JobId, ScenarioId},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};

/// The scenario while it waits for this job.
async fn waiting(tx: &Tx, call: CallId, id: ScenarioId, job: JobId) -> Result<scenario::Model> {
    let row = of_call(tx.conn(), call, id).await?;
    match waits_for(&row, job) {
        true => Ok(row),
        false => Err(AppError::refused("not_awaited", "The scenario waits for this search no longer.")),
    }
}

/// Keeps the optimum a search found; only the job does this.
#[derive(Clone)]
pub struct KeepOptimum {
    pub call: CallId,
    pub scenario: ScenarioId,
    pub job: JobId,
    pub outcome: Outcome,
}

impl Command for KeepOptimum {
    const NEEDS: Permission = Permission::PlanScenarios;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let row = waiting(tx, self.call, self.scenario, self.job).await?;
        let about = about(&row);
        let input: Input = serde_json::from_str(row.input.as_deref().unwrap_or_default())?;
        let digest = row.digest.clone().unwrap_or_default();
        let gap = self.outcome.proof.as_ref().map(Proof::gap);
        let mut change = step(row, Step::Find)?;
        change.job = Set(None);
        change.outcome = Set(Some(serde_json::to_value(&self.outcome)?));
        change.computed_at = Set(Some(tx.now()));
        change.update(tx.conn()).await?;
        let funded = self.outcome.scenario.funded;
        Ok(tx.done(event(about, Deed::Computed { ranking: input.ranking, digest, funded, gap }), ()))
    }
}

/// Keeps why a search found nothing; only the job does this.
#[derive(Clone)]
pub struct FailSearch {
    pub call: CallId,
    pub scenario: ScenarioId,
    pub job: JobId,
    pub why: String,
}

impl Command for FailSearch {
    const NEEDS: Permission = Permission::PlanScenarios;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let row = waiting(tx, self.call, self.scenario, self.job).await?;
        let about = about(&row);
        let mut change = step(row, Step::Cancel)?;
        change.job = Set(None);
        change.reason = Set(self.why.clone());
        change.update(tx.conn()).await?;
        Ok(tx.done(event(about, Deed::Failed { why: self.why }), ()))
    }
}
