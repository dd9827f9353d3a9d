//! What can be seen of the indicators of a call.

use super::rules::together;
use crate::kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject, access::scope};
use entity::{
    calls::call,
    proposals::{kpi_target, part, proposal},
    reporting::{kpi_reading, report},
    types::{
        ids::{CallId, PartId},
        money::Currency,
        states::{PartState, ReportState},
        terms::KpiUnit,
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeMap;

/// One indicator over all awarded parts the reader may see.
#[derive(Debug, Clone)]
pub struct KpiLine {
    pub key: String,
    pub label: String,
    pub unit: KpiUnit,
    pub target: Option<i64>,
    pub reached: Option<i64>,
    pub benchmark: Option<i64>,
    /// Parts with a target and parts with a reading.
    pub parts: usize,
    pub read: usize,
}

#[derive(Debug, Clone)]
pub struct KpiBoard {
    pub code: String,
    pub title: String,
    /// What indicators that are money are in.
    pub currency: Currency,
    pub lines: Vec<KpiLine>,
}

pub struct KpisOf(pub CallId);

impl Query for KpisOf {
    const NEEDS: Permission = Permission::ReadKpis;
    type Output = KpiBoard;

    fn about(&self) -> Subject {
        Subject::Call(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<KpiBoard> {
        let db = db.conn();
        let call = call::Entity::find_by_id(self.0).one(db).await?.ok_or(AppError::NotFound)?;
        let parts: Vec<PartId> = scope::parts(leave)
            .inner_join(proposal::Entity)
            .filter(proposal::Column::CallId.eq(self.0))
            .filter(part::Column::State.is_in([PartState::Awarded, PartState::Contracted, PartState::Closed]))
            .select_only()
            .column(part::Column::Id)
            .into_tuple()
            .all(db)
            .await?;
        let targets =
            kpi_target::Entity::find().filter(kpi_target::Column::PartId.is_in(parts.clone())).all(db).await?;
        // Only what was handed in counts, and of each part its latest report.
        let reports = report::Entity::find()
            .filter(report::Column::PartId.is_in(parts))
            .filter(report::Column::State.is_in([ReportState::Submitted, ReportState::Accepted]))
            .order_by_asc(report::Column::DueOn)
            .all(db)
            .await?;
        let ids: Vec<_> = reports.iter().map(|r| r.id).collect();
        let readings = kpi_reading::Entity::find().filter(kpi_reading::Column::ReportId.is_in(ids)).all(db).await?;
        let mut latest: BTreeMap<(PartId, &str), i64> = BTreeMap::new();
        for report in &reports {
            for reading in readings.iter().filter(|r| r.report_id == report.id) {
                latest.insert((report.part_id, &reading.kpi), reading.value);
            }
        }
        let lines = call.terms.kpis.iter().map(|kpi| {
            let wanted: Vec<i64> = targets.iter().filter(|t| t.kpi == kpi.key).map(|t| t.target).collect();
            let reached: Vec<i64> =
                latest.iter().filter(|((_, key), _)| *key == kpi.key).map(|(_, value)| *value).collect();
            KpiLine {
                key: kpi.key.clone(),
                label: kpi.label.clone(),
                unit: kpi.unit,
                target: together(kpi.unit, &wanted),
                reached: together(kpi.unit, &reached),
                benchmark: kpi.benchmark,
                parts: wanted.len(),
                read: reached.len(),
            }
        });
        Ok(KpiBoard { lines: lines.collect(), currency: call.terms.currency, code: call.code, title: call.title })
    }
}
