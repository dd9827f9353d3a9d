//! The adopted scenario of a ranking, from which decisions are proposed.

use super::{kept, settings};
use crate::{
    allocation::rules::{Input, Scenario, Settings},
    kernel::Result,
};
use chrono::{DateTime, Utc};
use entity::{
    allocation::scenario,
    types::{
        ids::{RankingId, ScenarioId},
        states::ScenarioState,
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

/// What was adopted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adopted {
    pub id: ScenarioId,
    pub name: String,
    pub summary: String,
    pub at: Option<DateTime<Utc>>,
    pub scenario: Scenario,
    /// What it was computed from, and how, so that it can run again when a grant is declined.
    pub input: Input,
    pub settings: Settings,
}

/// The scenario that was adopted for a ranking; one statement.
///
/// # Errors
/// When the database cannot be asked.
pub async fn adopted(db: &impl ConnectionTrait, ranking: RankingId) -> Result<Option<Adopted>> {
    let row = scenario::Entity::find()
        .filter(scenario::Column::RankingId.eq(ranking))
        .filter(scenario::Column::State.eq(ScenarioState::Adopted))
        .one(db)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let Some(kept) = kept(&row)? else { return Ok(None) };
    Ok(Some(Adopted {
        id: row.id,
        summary: settings(&row)?.summary(),
        name: row.name,
        at: row.adopted_at,
        scenario: kept.outcome.scenario,
        input: kept.input,
        settings: kept.settings,
    }))
}
