//! A draft is made, changed, copied and computed.

use super::{about, insert_pairs, of_call, seen, step};
use crate::{
    evaluation::{
        assignments::{queries::Bars, rules::counts},
        plans::{
            events::PlanEvent,
            rules::{
                settings::{Settings, Typed},
                states::Step,
            },
        },
    },
    kernel::{
        AppError, Command, Done, Leave, Permission, Result, Subject, Tx,
        error::{FieldErrors, ForField, OnUnique},
    },
};
use entity::{
    evaluation::{plan, plan_pair},
    types::{
        ids::{CallId, JobId, PlanId},
        states::{PairOrigin, PlanState},
        text,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

fn read(typed: &Typed) -> Result<(String, Settings)> {
    typed.read().map_err(|wrong| AppError::Invalid(FieldErrors(wrong)))
}

fn named_twice(name: &str) -> AppError {
    AppError::invalid("name", format!("There is a plan called “{name}” in this call already"))
}

/// Makes a plan of a call; tasks that stand are its first pairs.
#[derive(Clone)]
pub struct MakePlan {
    pub call: CallId,
    pub typed: Typed,
}

impl Command for MakePlan {
    const NEEDS: Permission = Permission::PlanAssignments;
    type Output = PlanId;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<PlanId>> {
        let (name, settings) = read(&self.typed)?;
        let settings = serde_json::to_value(&settings)?;
        let row = plan::Model {
            id: tx.new_id(),
            call_id: self.call,
            name,
            state: PlanState::Drafted,
            settings: settings.clone(),
            job: None,
            reason: String::new(),
            outcome: None,
            import: None,
            made_by: leave.account()?,
            made_at: tx.now(),
            computed_at: None,
            deployed_by: None,
            deployed_at: None,
            version: 1,
        };
        insert(tx, &row).await?;
        let tasks = Bars::of_call(tx.conn(), self.call, &[]).await?;
        let pairs = tasks.tasks().filter(|task| counts(task.state)).map(|task| plan_pair::Model {
            id: tx.new_id(),
            plan_id: row.id,
            proposal_id: task.proposal_id,
            evaluator_id: task.evaluator_id,
            affinity: None,
            locked: true,
            origin: PairOrigin::Task,
            why: None,
            next: None,
            left_out: None,
            assignment_id: None,
        });
        insert_pairs(tx, pairs.collect()).await?;
        Ok(tx.done(PlanEvent::Made { about: about(&row), settings }, row.id))
    }
}

async fn insert(tx: &Tx, row: &plan::Model) -> Result<()> {
    let new: plan::ActiveModel = row.clone().into();
    plan::Entity::insert(new.reset_all())
        .exec_without_returning(tx.conn())
        .await
        .on_unique(named_twice(&row.name))
        .map(|_| ())
}

/// Changes name and settings; the pairs stay as the draft the next run begins from.
#[derive(Clone)]
pub struct ChangePlan {
    pub call: CallId,
    pub plan: PlanId,
    pub seen: i64,
    pub typed: Typed,
}

impl Command for ChangePlan {
    const NEEDS: Permission = Permission::PlanAssignments;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let row = seen(tx, self.call, self.plan, self.seen).await?;
        let (name, settings) = read(&self.typed)?;
        let before: Settings = serde_json::from_value(row.settings.clone())?;
        let same = before == settings;
        let mut about = about(&row);
        about.name.clone_from(&name);
        let state = row.state;
        let mut change = step(row, Step::Change)?;
        if same {
            // Only the name: what was computed holds.
            change.state = Set(state);
        } else {
            change.outcome = Set(None);
        }
        let settings = serde_json::to_value(&settings)?;
        change.name = Set(name.clone());
        change.settings = Set(settings.clone());
        change.update(tx.conn()).await.on_unique(named_twice(&name))?;
        Ok(tx.done(PlanEvent::Changed { about, settings }, ()))
    }
}

/// Copies a plan with settings, pairs and locks to a new name.
#[derive(Clone)]
pub struct CopyPlan {
    pub call: CallId,
    pub plan: PlanId,
    pub name: String,
}

impl Command for CopyPlan {
    const NEEDS: Permission = Permission::PlanAssignments;
    type Output = PlanId;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<PlanId>> {
        let from = of_call(tx.conn(), self.call, self.plan).await?;
        let name = text::line(&self.name, 80).for_field("copy_name")?;
        let finished = from.outcome.is_some() && from.state != PlanState::Superseded;
        let row = plan::Model {
            id: tx.new_id(),
            name: name.clone(),
            state: if finished { PlanState::Ready } else { PlanState::Drafted },
            job: None,
            reason: String::new(),
            outcome: from.outcome.clone().filter(|_| finished),
            import: None,
            made_by: leave.account()?,
            made_at: tx.now(),
            computed_at: from.computed_at.filter(|_| finished),
            deployed_by: None,
            deployed_at: None,
            version: 1,
            ..from.clone()
        };
        insert(tx, &row).await.map_err(|error| match error {
            AppError::Invalid(errors) => AppError::invalid("copy_name", errors.of("name").unwrap_or_default()),
            other => other,
        })?;
        let pairs = plan_pair::Entity::find().filter(plan_pair::Column::PlanId.eq(from.id)).all(tx.conn()).await?;
        let measure = pairs.iter().any(|pair| pair.affinity.is_none());
        let copied = pairs.into_iter().map(|pair| plan_pair::Model {
            id: tx.new_id(),
            plan_id: row.id,
            left_out: None,
            assignment_id: None,
            ..pair
        });
        insert_pairs(tx, copied.collect()).await?;
        Ok(tx.done(PlanEvent::Copied { about: about(&row), from: from.name, measure }, row.id))
    }
}

/// Has the best assignment of a plan found in the background.
#[derive(Clone)]
pub struct OrderPlan {
    pub call: CallId,
    pub plan: PlanId,
    pub seen: i64,
}

impl Command for OrderPlan {
    const NEEDS: Permission = Permission::PlanAssignments;
    type Output = JobId;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<JobId>> {
        leave.account()?;
        let row = seen(tx, self.call, self.plan, self.seen).await?;
        let about = about(&row);
        let job: JobId = tx.new_id();
        let mut change = step(row, Step::Order)?;
        change.job = Set(Some(job));
        change.reason = Set(String::new());
        change.import = Set(None);
        change.update(tx.conn()).await?;
        Ok(tx.done(PlanEvent::Ordered { about, job }, job))
    }
}

/// Gives a run up; the draft stays as it was before.
#[derive(Clone)]
pub struct CancelPlan {
    pub call: CallId,
    pub plan: PlanId,
}

impl Command for CancelPlan {
    const NEEDS: Permission = Permission::PlanAssignments;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let row = of_call(tx.conn(), self.call, self.plan).await?;
        let about = about(&row);
        let mut change = step(row, Step::Cancel)?;
        change.job = Set(None);
        change.update(tx.conn()).await?;
        Ok(tx.done(PlanEvent::Cancelled { about }, ()))
    }
}
