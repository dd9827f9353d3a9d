//! Rows of a report, read the same way for commands and queries.

use super::{
    events::Named,
    rules::{ActivityDone, Content},
};
use crate::kernel::{AppError, Result};
use entity::{
    calls::{annex, call},
    organisations::organisation,
    proposals::{kpi_target, part, proposal},
    reporting::{kpi_reading, report},
    types::ids::{PartId, ReportId},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

/// Not said yet: a report without costs holds this.
pub(super) const UNSAID: i64 = -1;

pub(super) async fn find(db: &impl ConnectionTrait, id: ReportId) -> Result<report::Model> {
    report::Entity::find_by_id(id).one(db).await?.ok_or(AppError::NotFound)
}

pub(super) async fn place_of(db: &impl ConnectionTrait, part: PartId) -> Result<(part::Model, call::Model)> {
    let (part, proposal) =
        part::Entity::find_by_id(part).find_also_related(proposal::Entity).one(db).await?.ok_or(AppError::NotFound)?;
    let call_id = proposal.ok_or(AppError::NotFound)?.call_id;
    let call = call::Entity::find_by_id(call_id).one(db).await?.ok_or(AppError::NotFound)?;
    Ok((part, call))
}

pub(super) async fn named(db: &impl ConnectionTrait, row: &report::Model) -> Result<Named> {
    let (part, proposal) = part::Entity::find_by_id(row.part_id)
        .find_also_related(proposal::Entity)
        .one(db)
        .await?
        .ok_or(AppError::NotFound)?;
    let proposal = proposal.ok_or(AppError::NotFound)?;
    let house = organisation::Entity::find_by_id(part.organisation_id).one(db).await?;
    let annex = annex::Entity::find_by_id(part.annex_id).one(db).await?.ok_or(AppError::NotFound)?;
    Ok(Named {
        report: row.id,
        part: row.part_id,
        proposal: proposal.id,
        call: proposal.call_id,
        agency: annex.agency_id,
        code: proposal.code,
        title: proposal.title,
        organisation: house.map(|o| o.name).unwrap_or_default(),
        label: row.label.clone(),
        due_on: row.due_on,
    })
}

/// What stands in a report, for the check of completeness.
pub(super) async fn content(db: &impl ConnectionTrait, row: &report::Model) -> Result<Content> {
    use entity::proposals::activity_line;
    let lines = activity_line::Entity::find().filter(activity_line::Column::PartId.eq(row.part_id)).all(db).await?;
    let done: Vec<ActivityDone> = serde_json::from_value(row.activities.clone()).unwrap_or_default();
    let targets = kpi_target::Entity::find().filter(kpi_target::Column::PartId.eq(row.part_id)).all(db).await?;
    let readings = kpi_reading::Entity::find().filter(kpi_reading::Column::ReportId.eq(row.id)).all(db).await?;
    let activity = |line: activity_line::Model| {
        let said = done.iter().find(|d| d.line == line.id.0).cloned();
        said.unwrap_or(ActivityDone { line: line.id.0, progress: None, note: String::new() })
    };
    Ok(Content {
        activities: lines.into_iter().map(activity).collect(),
        narrative: row.narrative.clone(),
        costs: (row.costs_minor != UNSAID).then_some(row.costs_minor),
        indicators: targets.into_iter().map(|t| (t.kpi.clone(), readings.iter().any(|r| r.kpi == t.kpi))).collect(),
    })
}
