//! What adopting a scenario would mean.

use super::{Eyes, Ground, kept, list::Figures, of_call};
use crate::{
    allocation::rules::{Input, Kind, Settings, Step, next},
    kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject},
};
use entity::{
    allocation::scenario,
    types::{
        ids::{CallId, RankingId, ScenarioId},
        states::ScenarioState,
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use std::collections::BTreeSet;

/// The last look before a scenario is adopted.
pub struct Adoption {
    pub call: CallId,
    pub call_code: String,
    pub call_title: String,
    pub id: ScenarioId,
    pub name: String,
    pub summary: String,
    pub ranking: i32,
    pub figures: Option<Figures>,
    pub version: i64,
    /// What stands against it.
    pub against: Option<String>,
}

/// What adopting a scenario would mean now.
pub struct AdoptionOf {
    pub call: CallId,
    pub scenario: ScenarioId,
}

impl Query for AdoptionOf {
    const NEEDS: Permission = Permission::AdoptScenario;
    type Output = Adoption;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Adoption> {
        let db = db.conn();
        let row = of_call(db, self.call, self.scenario).await?;
        let ground = Ground::load(db, self.call).await?;
        let against = against(db, leave, &row, &ground).await?;
        let eyes = Eyes::load(db, leave, self.call, &[row.ranking_id].into()).await?;
        let kept = kept(&row)?;
        Ok(Adoption {
            call: self.call,
            call_code: ground.call.code,
            call_title: ground.call.title,
            id: row.id,
            summary: super::settings(&row)?.summary(),
            ranking: kept.as_ref().map_or(0, |kept| kept.input.ranking),
            figures: kept.map(|kept| Figures::of(&eyes.through(kept).outcome)),
            version: row.version,
            against: against.map(|error| error.to_string()),
            name: row.name,
        })
    }
}

/// Whether somebody may adopt a scenario as it is.
pub async fn against(
    db: &impl ConnectionTrait,
    leave: Leave<'_>,
    row: &scenario::Model,
    ground: &Ground,
) -> Result<Option<AppError>> {
    let refuse = |code, message: String| Ok(Some(AppError::refused(code, message)));
    if let Err(illegal) = next(row.state, Step::Adopt) {
        return refuse("scenario_state", illegal.to_string());
    }
    let Some(kept) = kept(row)? else { return Err(AppError::broken("a computed scenario holds nothing")) };
    if let Some(why) = never(&kept.settings) {
        return refuse("never_adopted", why.to_owned());
    }
    let Some((ranking, now)) = &ground.ranking else {
        return refuse("no_ranking", "No ranking of this call is fixed.".to_owned());
    };
    if let Some(other) = other(db, *ranking).await? {
        let message = format!("“{other}” is adopted for ranking {} already.", now.ranking);
        return refuse("adopted_already", message);
    }
    let eyes = Eyes::load(db, leave, row.call_id, &[row.ranking_id, *ranking].into()).await?;
    if !whole(&eyes, now) {
        // Said without a reason, because of a conflict of interest nothing tells that the proposal is there.
        return refuse("colleague_signs", "A colleague must sign this scenario.".to_owned());
    }
    if kept.input != *now {
        let message = "The ranking or a part has changed since this scenario was computed. Compute it again first.";
        return refuse("out_of_date", message.to_owned());
    }
    Ok(None)
}

/// Why such a scenario is never adopted.
pub(super) fn never(settings: &Settings) -> Option<&'static str> {
    if settings.kind == Kind::Optimum {
        return Some("The optimum breaks the order of the ranking: it is there to compare, and is never adopted.");
    }
    settings
        .is_what_if()
        .then_some("This scenario asks what if budgets were others than in the call, so it cannot be adopted.")
}

fn whole(eyes: &Eyes, input: &Input) -> bool {
    let proposals: BTreeSet<_> = input.proposals().collect();
    proposals.into_iter().all(|proposal| eyes.named(proposal).is_some())
}

/// The name of the scenario that is adopted for a ranking.
async fn other(db: &impl ConnectionTrait, ranking: RankingId) -> Result<Option<String>> {
    let row = scenario::Entity::find()
        .filter(scenario::Column::RankingId.eq(ranking))
        .filter(scenario::Column::State.eq(ScenarioState::Adopted))
        .one(db)
        .await?;
    Ok(row.map(|row| row.name))
}
