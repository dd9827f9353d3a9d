//! A scenario is made, changed, computed and set aside.

use super::{about, event, of_call, seen, step};
use crate::{
    allocation::{
        events::{Deed, ScenarioEvent},
        queries::Ground,
        rules::{Goal, Input, Kind, Settings, Step, Typed, walked},
    },
    kernel::{
        AppError, Command, Done, Leave, Permission, Result, Subject, Tx,
        error::{FieldErrors, ForField, OnUnique},
        secret,
    },
};
use entity::{
    allocation::scenario,
    types::{
        ids::{CallId, JobId, RankingId, ScenarioId},
        states::ScenarioState,
        text,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::BTreeSet;

fn read(typed: &Typed, ground: &Ground) -> Result<(String, Settings)> {
    typed.read(ground.call.terms.currency, &ground.called()).map_err(|wrong| AppError::Invalid(FieldErrors(wrong)))
}

fn named_twice(name: &str) -> AppError {
    AppError::invalid("name", format!("There is a scenario called “{name}” in this call already"))
}

/// The fixed ranking with what is asked.
fn start(ground: &Ground) -> Result<(RankingId, &Input)> {
    match &ground.ranking {
        Some((id, input)) => Ok((*id, input)),
        None => Err(AppError::refused("no_ranking", "No ranking of this call is fixed.")),
    }
}

fn new_row(tx: &Tx, leave: Leave<'_>, call: CallId, ranking: RankingId, name: String) -> Result<scenario::Model> {
    Ok(scenario::Model {
        id: tx.new_id(),
        call_id: call,
        ranking_id: ranking,
        name,
        state: ScenarioState::Drafted,
        settings: serde_json::Value::Null,
        input: None,
        digest: None,
        outcome: None,
        job: None,
        reason: String::new(),
        made_by: leave.account()?,
        made_at: tx.now(),
        computed_at: None,
        adopted_by: None,
        adopted_at: None,
        minutes: None,
        minutes_digest: None,
        version: 1,
    })
}

/// Freezes what a scenario is computed from, and computes a walk at once; an optimum is ordered.
fn compute(
    tx: &Tx,
    row: scenario::Model,
    settings: &Settings,
    (ranking, input): (RankingId, &Input),
) -> Result<(scenario::ActiveModel, ScenarioEvent)> {
    let about = about(&row);
    let text = serde_json::to_string(input)?;
    let digest = secret::hash(&text);
    let (setting, _) = input.setting(settings);
    setting.check().map_err(|refusal| AppError::refused("contradiction", refusal.to_string()))?;
    let outcome = walked(input, settings);
    let outcome = outcome.map_err(|refusal| AppError::refused("contradiction", refusal.to_string()))?;
    let mut change = step(row, if outcome.is_some() { Step::Find } else { Step::Order })?;
    change.ranking_id = Set(ranking);
    change.settings = Set(serde_json::to_value(settings)?);
    change.input = Set(Some(text));
    change.digest = Set(Some(digest.clone()));
    change.reason = Set(String::new());
    let deed = match outcome {
        Some(outcome) => {
            change.outcome = Set(Some(serde_json::to_value(&outcome)?));
            change.computed_at = Set(Some(tx.now()));
            change.job = Set(None);
            Deed::Computed { ranking: input.ranking, digest, funded: outcome.scenario.funded, gap: None }
        }
        None => {
            let job: JobId = tx.new_id();
            change.outcome = Set(None);
            change.computed_at = Set(None);
            change.job = Set(Some(job));
            Deed::Ordered { job }
        }
    };
    Ok((change, event(about, deed)))
}

/// Makes a scenario and computes it: a walk at once, an optimum in the background.
#[derive(Clone)]
pub struct MakeScenario {
    pub call: CallId,
    pub typed: Typed,
}

impl Command for MakeScenario {
    const NEEDS: Permission = Permission::PlanScenarios;
    type Output = ScenarioId;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<ScenarioId>> {
        let ground = Ground::load(tx.conn(), self.call).await?;
        let start = start(&ground)?;
        let (name, settings) = read(&self.typed, &ground)?;
        let (row, made, computed) = make(tx, leave, self.call, start, name, &settings).await?;
        Ok(tx.done(made, row).and(computed))
    }
}

async fn make(
    tx: &Tx,
    leave: Leave<'_>,
    call: CallId,
    start: (RankingId, &Input),
    name: String,
    settings: &Settings,
) -> Result<(ScenarioId, ScenarioEvent, ScenarioEvent)> {
    let row = new_row(tx, leave, call, start.0, name)?;
    let made = event(about(&row), Deed::Made { settings: serde_json::to_value(settings)? });
    let (id, name) = (row.id, row.name.clone());
    let (mut new, computed) = compute(tx, row, settings, start)?;
    new.version = Set(1);
    scenario::Entity::insert(new.reset_all()).exec_without_returning(tx.conn()).await.on_unique(named_twice(&name))?;
    Ok((id, made, computed))
}

/// Makes one scenario of each strategy that needs nothing but the call: the four walks and the optimum, to be compared
/// side by side. Those whose names are taken are there already.
#[derive(Clone)]
pub struct MakeUsualScenarios(pub CallId);

impl Command for MakeUsualScenarios {
    const NEEDS: Permission = Permission::PlanScenarios;
    /// How many were made.
    type Output = u64;

    fn about(&self) -> Subject {
        Subject::Call(self.0)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<u64>> {
        let ground = Ground::load(tx.conn(), self.0).await?;
        let start = start(&ground)?;
        let taken: BTreeSet<String> = scenario::Entity::find()
            .select_only()
            .column(scenario::Column::Name)
            .filter(scenario::Column::CallId.eq(self.0))
            .into_tuple::<String>()
            .all(tx.conn())
            .await?
            .into_iter()
            .collect();
        let mut events = Vec::new();
        for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::BalancingPot) {
            let name = match kind {
                Kind::Optimum => "Optimum".to_owned(),
                kind => kind.label().to_owned(),
            };
            if taken.contains(&name) {
                continue;
            }
            let settings = Settings { goal: Goal::Score, ..Settings::usual(kind) };
            let (_, made, computed) = make(tx, leave, self.0, start, name, &settings).await?;
            events.extend([made, computed]);
        }
        let count = events.len() as u64 / 2;
        let mut events = events.into_iter();
        let Some(first) = events.next() else {
            return Err(AppError::refused("all_made", "There is a scenario of each strategy already."));
        };
        Ok(events.fold(tx.done(first, count), Done::and))
    }
}

/// Changes name and settings and computes anew.
#[derive(Clone)]
pub struct ChangeScenario {
    pub call: CallId,
    pub scenario: ScenarioId,
    pub seen: i64,
    pub typed: Typed,
}

impl Command for ChangeScenario {
    const NEEDS: Permission = Permission::PlanScenarios;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let mut row = seen(tx, self.call, self.scenario, self.seen).await?;
        step(row.clone(), Step::Change)?;
        let ground = Ground::load(tx.conn(), self.call).await?;
        let (name, settings) = read(&self.typed, &ground)?;
        row.name.clone_from(&name);
        let changed = event(about(&row), Deed::Changed { settings: serde_json::to_value(&settings)? });
        let (mut change, computed) = compute(tx, row, &settings, start(&ground)?)?;
        change.name = Set(name.clone());
        change.update(tx.conn()).await.on_unique(named_twice(&name))?;
        Ok(tx.done(changed, ()).and(computed))
    }
}

/// Computes a scenario again, from the ranking and the parts as they are now.
#[derive(Clone)]
pub struct ComputeScenario {
    pub call: CallId,
    pub scenario: ScenarioId,
    pub seen: i64,
}

impl Command for ComputeScenario {
    const NEEDS: Permission = Permission::PlanScenarios;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        leave.account()?;
        let row = seen(tx, self.call, self.scenario, self.seen).await?;
        let ground = Ground::load(tx.conn(), self.call).await?;
        let settings: Settings = serde_json::from_value(row.settings.clone())?;
        let (change, computed) = compute(tx, row, &settings, start(&ground)?)?;
        change.update(tx.conn()).await?;
        Ok(tx.done(computed, ()))
    }
}

/// Gives a search up; the scenario is a draft again.
#[derive(Clone)]
pub struct CancelSearch {
    pub call: CallId,
    pub scenario: ScenarioId,
}

impl Command for CancelSearch {
    const NEEDS: Permission = Permission::PlanScenarios;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let row = of_call(tx.conn(), self.call, self.scenario).await?;
        let about = about(&row);
        let mut change = step(row, Step::Cancel)?;
        change.job = Set(None);
        change.update(tx.conn()).await?;
        Ok(tx.done(event(about, Deed::Cancelled), ()))
    }
}

/// Sets a scenario aside, with a reason; it stays readable.
#[derive(Clone)]
pub struct SetAsideScenario {
    pub call: CallId,
    pub scenario: ScenarioId,
    pub seen: i64,
    pub reason: String,
}

impl Command for SetAsideScenario {
    const NEEDS: Permission = Permission::PlanScenarios;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let row = seen(tx, self.call, self.scenario, self.seen).await?;
        let reason = text::prose(&self.reason, 1_000).for_field("aside_reason")?;
        if reason.is_empty() {
            return Err(AppError::invalid("aside_reason", "Say why it is set aside"));
        }
        let about = about(&row);
        let mut change = step(row, Step::SetAside)?;
        change.reason = Set(reason.clone());
        change.update(tx.conn()).await?;
        Ok(tx.done(event(about, Deed::SetAside { reason }), ()))
    }
}
