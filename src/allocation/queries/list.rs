//! The scenarios of a call, and the settings of one.

use super::{Eyes, Ground, kept, names, of_call, settings};
use crate::{
    allocation::rules::{Kind, Outcome, Proof, Settings, is_open},
    kernel::{Leave, Permission, Query, Result, Snapshot, Subject},
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::{
    allocation::scenario,
    types::{
        ids::{CallId, OrganisationId, RankingId, ScenarioId},
        money::{Currency, Money},
        states::{CallState, ScenarioState},
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::BTreeSet;

/// A scenario in the list.
#[derive(Debug, Clone)]
pub struct ScenarioLine {
    pub id: ScenarioId,
    pub name: String,
    pub state: ScenarioState,
    pub summary: String,
    pub what_if: bool,
    /// What it came to, once it is computed.
    pub figures: Option<Figures>,
    /// Whether ranking or parts are others than when it was computed.
    pub out_of_date: bool,
    pub made_by: String,
    pub made_at: DateTime<Utc>,
}

/// What scenarios are compared by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    pub funded: usize,
    pub of: usize,
    /// Hundredths of points.
    pub score: i64,
    pub granted: Money,
    /// Proposals that are not funded although one behind them is.
    pub passed_over: usize,
    /// What a better choice could add to an optimum at most.
    pub gap: Option<i64>,
}

impl Figures {
    pub(super) fn of(outcome: &Outcome) -> Self {
        let scenario = &outcome.scenario;
        Self {
            funded: scenario.funded,
            of: scenario.lines.len(),
            score: scenario.score,
            granted: scenario.granted,
            passed_over: scenario.passed_over,
            gap: outcome.proof.as_ref().map(Proof::gap),
        }
    }
}

/// The scenarios of a call.
pub struct Scenarios {
    pub call: CallId,
    pub call_code: String,
    pub call_state: CallState,
    pub zone: Tz,
    /// The number of the ranking they start from now.
    pub ranking: Option<i32>,
    /// What is adopted first, then the newest.
    pub lines: Vec<ScenarioLine>,
    pub may_plan: bool,
}

/// The scenarios of a call with what they are compared by.
pub struct ScenariosOf(pub CallId);

impl Query for ScenariosOf {
    const NEEDS: Permission = Permission::SeeScenarios;
    type Output = Scenarios;

    fn about(&self) -> Subject {
        Subject::Call(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Scenarios> {
        let db = db.conn();
        let ground = Ground::load(db, self.0).await?;
        let rows = scenario::Entity::find()
            .filter(scenario::Column::CallId.eq(self.0))
            .order_by_desc(scenario::Column::MadeAt)
            .order_by_desc(scenario::Column::Id)
            .all(db)
            .await?;
        let rankings = rows.iter().map(|row| row.ranking_id).chain(ground.ranking.iter().map(|(id, _)| *id));
        let rankings: BTreeSet<RankingId> = rankings.collect();
        let eyes = Eyes::load(db, leave, self.0, &rankings).await?;
        let names = names(db, rows.iter().map(|row| row.made_by)).await?;
        let line = |row: scenario::Model| -> Result<ScenarioLine> {
            let settings = settings(&row)?;
            let kept = kept(&row)?;
            Ok(ScenarioLine {
                id: row.id,
                out_of_date: kept.as_ref().is_some_and(|kept| eyes.differs(&kept.input, &ground)),
                figures: kept.map(|kept| Figures::of(&eyes.through(kept).outcome)),
                summary: settings.summary(),
                what_if: settings.is_what_if(),
                name: row.name,
                state: row.state,
                made_by: names.get(&row.made_by).cloned().unwrap_or_default(),
                made_at: row.made_at,
            })
        };
        let mut lines = rows.into_iter().map(line).collect::<Result<Vec<_>>>()?;
        lines.sort_by_key(|line| (line.state != ScenarioState::Adopted, line.state == ScenarioState::SetAside));
        Ok(Scenarios {
            call: self.0,
            lines,
            ranking: ground.ranking.as_ref().map(|(_, input)| input.ranking),
            may_plan: leave.may(Permission::PlanScenarios),
            zone: ground.call.terms.zone,
            call_code: ground.call.code,
            call_state: ground.call.state,
        })
    }
}

/// What a form of settings begins with.
pub struct SettingsView {
    pub call_code: String,
    pub currency: Currency,
    /// Agencies with their budgets of the call.
    pub agencies: Vec<(OrganisationId, String, Money)>,
    pub name: String,
    pub settings: Settings,
    pub version: i64,
    /// Whether they can still be changed.
    pub open: bool,
}

/// The settings of a scenario; without one, those a new scenario begins with.
pub struct SettingsOf {
    pub call: CallId,
    pub scenario: Option<ScenarioId>,
}

impl Query for SettingsOf {
    const NEEDS: Permission = Permission::PlanScenarios;
    type Output = SettingsView;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<SettingsView> {
        let db = db.conn();
        let ground = Ground::load(db, self.call).await?;
        let row = match self.scenario {
            Some(id) => Some(of_call(db, self.call, id).await?),
            None => None,
        };
        let agencies = ground.agencies.iter().map(|one| (one.id, one.name.clone(), one.budget()));
        Ok(SettingsView {
            agencies: agencies.filter(|(.., budget)| budget.minor > 0).collect(),
            currency: ground.call.terms.currency,
            call_code: ground.call.code,
            settings: row.as_ref().map(settings).transpose()?.unwrap_or(Settings::usual(Kind::StrictSkip)),
            version: row.as_ref().map_or(0, |row| row.version),
            open: row.as_ref().is_none_or(|row| is_open(row.state)),
            name: row.map(|row| row.name).unwrap_or_default(),
        })
    }
}

/// Whether the actor may make scenarios in a call, asked before anything that is sent is looked at.
pub struct MayPlan(pub CallId);

impl Query for MayPlan {
    const NEEDS: Permission = Permission::PlanScenarios;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Call(self.0)
    }

    async fn fetch(self, _: &Snapshot, _: Leave<'_>) -> Result<()> {
        Ok(())
    }
}

impl Scenarios {
    /// Whether there is something to compare.
    pub fn comparable(&self) -> bool {
        self.lines.iter().filter(|line| line.figures.is_some()).count() > 1
    }
}
