//! The plans of a call, and the settings of one.

use super::{Ground, of_call, settings, weighed};
use crate::{
    evaluation::{
        assignments::optimum::Figures,
        plans::rules::{settings::Settings, states::is_open},
    },
    kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject},
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::{
    accounts::account,
    calls::call,
    evaluation::{evaluator, plan},
    types::{
        ids::{AccountId, CallId, PlanId},
        states::{CallState, EvaluatorState, PlanState},
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeMap;

/// A plan in the list.
#[derive(Debug, Clone)]
pub struct PlanLine {
    pub id: PlanId,
    pub name: String,
    pub state: PlanState,
    pub settings: Settings,
    /// Pairs the reader may see.
    pub pairs: usize,
    pub figures: Figures,
    pub made_by: String,
    pub made_at: DateTime<Utc>,
    pub deployed_at: Option<DateTime<Utc>>,
}

/// The plans of a call.
pub struct Plans {
    pub call: CallId,
    pub call_code: String,
    pub call_state: CallState,
    pub zone: Tz,
    /// The newest first.
    pub lines: Vec<PlanLine>,
    pub proposals: usize,
    pub evaluators: usize,
    pub wishes: usize,
    pub may_plan: bool,
}

/// The plans of a call with what they are compared by.
pub struct PlansOf(pub CallId);

impl Query for PlansOf {
    const NEEDS: Permission = Permission::SeePlans;
    type Output = Plans;

    fn about(&self) -> Subject {
        Subject::Call(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Plans> {
        let db = db.conn();
        let call = call::Entity::find_by_id(self.0).one(db).await?.ok_or(AppError::NotFound)?;
        let rows = plan::Entity::find()
            .filter(plan::Column::CallId.eq(self.0))
            .order_by_desc(plan::Column::MadeAt)
            .order_by_desc(plan::Column::Id)
            .all(db)
            .await?;
        let ground = Ground::load(db, leave, self.0).await?;
        let ids: Vec<PlanId> = rows.iter().map(|row| row.id).collect();
        let mut pairs = weighed(db, &ids).await?;
        let names = names(db, rows.iter().map(|row| row.made_by)).await?;
        let line = |row: plan::Model| -> Result<PlanLine> {
            let pairs = pairs.remove(&row.id).unwrap_or_default();
            Ok(PlanLine {
                id: row.id,
                settings: settings(&row)?,
                name: row.name,
                state: row.state,
                pairs: pairs.iter().filter(|pair| ground.proposals.contains_key(&pair.0)).count(),
                figures: ground.figures(&pairs),
                made_by: names.get(&row.made_by).cloned().unwrap_or_default(),
                made_at: row.made_at,
                deployed_at: row.deployed_at,
            })
        };
        Ok(Plans {
            call: call.id,
            lines: rows.into_iter().map(line).collect::<Result<_>>()?,
            proposals: ground.proposals.len(),
            evaluators: ground.evaluators.len(),
            wishes: ground.wished.len(),
            may_plan: leave.may(Permission::PlanAssignments),
            zone: call.terms.zone,
            call_code: call.code,
            call_state: call.state,
        })
    }
}

/// The names of accounts.
pub(super) async fn names(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = AccountId>,
) -> Result<BTreeMap<AccountId, String>> {
    let rows = account::Entity::find()
        .select_only()
        .columns([account::Column::Id, account::Column::Name])
        .filter(account::Column::Id.is_in(ids))
        .into_tuple::<(AccountId, String)>()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

/// What a form of settings begins with.
pub struct SettingsView {
    pub call_code: String,
    pub name: String,
    pub settings: Settings,
    pub version: i64,
    /// Whether they can still be changed.
    pub open: bool,
}

/// The settings of a plan; without one, those a new plan of the call begins with: those of the newest plan.
pub struct SettingsOf {
    pub call: CallId,
    pub plan: Option<PlanId>,
}

impl Query for SettingsOf {
    const NEEDS: Permission = Permission::PlanAssignments;
    type Output = SettingsView;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<SettingsView> {
        let db = db.conn();
        let call = call::Entity::find_by_id(self.call).one(db).await?.ok_or(AppError::NotFound)?;
        if let Some(plan) = self.plan {
            let row = of_call(db, self.call, plan).await?;
            return Ok(SettingsView {
                call_code: call.code,
                settings: settings(&row)?,
                name: row.name,
                version: row.version,
                open: is_open(row.state),
            });
        }
        let newest = plan::Entity::find()
            .filter(plan::Column::CallId.eq(self.call))
            .order_by_desc(plan::Column::MadeAt)
            .order_by_desc(plan::Column::Id)
            .one(db)
            .await?;
        let begins = match newest {
            Some(row) => settings(&row)?,
            None => {
                let capacities: Vec<i32> = evaluator::Entity::find()
                    .select_only()
                    .column(evaluator::Column::Capacity)
                    .filter(evaluator::Column::State.eq(EvaluatorState::Active))
                    .into_tuple()
                    .all(db)
                    .await?;
                let most = capacities.into_iter().max().and_then(|most| u32::try_from(most).ok()).unwrap_or(1);
                Settings::usual(call.terms.evaluation.evaluators_per_proposal.max(1), most.clamp(1, 100))
            }
        };
        Ok(SettingsView { call_code: call.code, name: String::new(), settings: begins, version: 0, open: true })
    }
}

/// Whether the actor may plan in a call, asked before anything that is sent is looked at.
pub struct MayPlan(pub CallId);

impl Query for MayPlan {
    const NEEDS: Permission = Permission::PlanAssignments;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Call(self.0)
    }

    async fn fetch(self, _: &Snapshot, _: Leave<'_>) -> Result<()> {
        Ok(())
    }
}
