//! Invariants over the terms of calls and annexes.

use super::Breach;
use crate::kernel::Result;
use entity::{
    allocation::scenario,
    calls::{annex, call},
    decisions::decision,
    evaluation::{assignment, score},
    proposals::part,
    types::{
        ids::AnnexId,
        money::Money,
        states::{Outcome, ScenarioState},
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::BTreeMap;

pub(super) async fn breaches(db: &impl ConnectionTrait) -> Result<Vec<Breach>> {
    let mut breaches = Vec::new();
    let over = awards_over_budget(db).await?;
    if !over.is_empty() {
        let says = "An agency awards no more than its budget in a call and what the adopted pot adds.";
        breaches.push(Breach { name: super::SUMS[0], says, found: over });
    }
    let off = points_off_scale(db).await?;
    if !off.is_empty() {
        let says = "Points lie on the scale of their call, for criteria it has.";
        breaches.push(Breach { name: super::SUMS[1], says, found: off });
    }
    Ok(breaches)
}

async fn awards_over_budget(db: &impl ConnectionTrait) -> Result<Vec<String>> {
    let awards = decision::Entity::find()
        .inner_join(part::Entity)
        .select_only()
        .column(part::Column::AnnexId)
        .column(decision::Column::Minor)
        .filter(decision::Column::Outcome.eq(Outcome::Fund))
        .into_tuple::<(AnnexId, i64)>()
        .all(db)
        .await?;
    let mut sums: BTreeMap<AnnexId, i64> = BTreeMap::new();
    for (id, minor) in awards {
        let sum = sums.entry(id).or_default();
        *sum = sum.saturating_add(minor);
    }
    let annexes = annex::Entity::find().filter(annex::Column::Id.is_in(sums.keys().copied())).all(db).await?;
    let over = |row: &annex::Model| {
        let budget = row.terms.budget?.minor;
        sums.get(&row.id).map(|sum| *sum - budget).filter(|over| *over > 0)
    };
    let mut found = Vec::new();
    for row in &annexes {
        if let Some(over) = over(row)
            && over > pot(db, row).await?
        {
            found.push(row.id.to_string());
        }
    }
    found.truncate(20);
    Ok(found)
}

/// What the pot of the adopted scenarios of a call pays for the parts of an agency.
async fn pot(db: &impl ConnectionTrait, annex: &annex::Model) -> Result<i64> {
    let rows = scenario::Entity::find()
        .filter(scenario::Column::CallId.eq(annex.call_id))
        .filter(scenario::Column::State.eq(ScenarioState::Adopted))
        .all(db)
        .await?;
    let agency = annex.agency_id.to_string();
    let list = |value: &serde_json::Value, name: &str| value[name].as_array().cloned().unwrap_or_default();
    let lines = rows.into_iter().filter_map(|row| row.outcome).flat_map(|outcome| list(&outcome["scenario"], "lines"));
    let parts = lines.flat_map(|line| list(&line, "parts")).filter(|part| part["agency"] == agency.as_str());
    let filled = parts.filter_map(|part| serde_json::from_value::<Money>(part["filled"].clone()).ok());
    Ok(filled.map(|money| money.minor).sum())
}

async fn points_off_scale(db: &impl ConnectionTrait) -> Result<Vec<String>> {
    let given = score::Entity::find()
        .inner_join(assignment::Entity)
        .select_only()
        .columns([score::Column::Id, score::Column::Criterion, score::Column::Points])
        .column(assignment::Column::CallId)
        .filter(score::Column::Points.is_not_null());
    let given = given.into_tuple::<Given>().all(db).await?;
    let calls = call::Entity::find().filter(call::Column::Id.is_in(given.iter().map(|g| g.3))).all(db).await?;
    let off = |(_, criterion, points, id): &&Given| {
        let Some(call) = calls.iter().find(|call| call.id == *id) else { return true };
        let known = call.terms.criteria.iter().any(|c| c.score_keys().contains(criterion));
        !known || !call.terms.evaluation.scale.holds(*points)
    };
    Ok(given.iter().filter(off).take(20).map(|(id, ..)| id.to_string()).collect())
}

type Given = (entity::types::ids::ScoreId, String, entity::types::points::Points, entity::types::ids::CallId);
