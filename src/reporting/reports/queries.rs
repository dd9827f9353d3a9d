//! What can be seen of reports.

use super::{
    events::Named,
    rules::{Content, Progress},
    stored::{content, find, named, place_of},
};
use crate::kernel::{Leave, Permission, Query, Result, Snapshot, Subject, access::scope};
use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    calls::annex,
    decisions::decision,
    organisations::organisation,
    proposals::{activity_line, cost_line, kpi_target, part, proposal},
    reporting::{kpi_reading, report},
    types::{
        ids::{CallId, PartId, ReportId},
        money::Money,
        states::{DecisionState, ReportState},
        terms::KpiUnit,
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use std::collections::BTreeMap;

/// One report as its writers and checkers see it.
#[derive(Debug, Clone)]
pub struct ReportSheet {
    pub of: Named,
    pub state: ReportState,
    pub organisation: String,
    pub agency: String,
    pub activities: Vec<ActivityRow>,
    pub narrative: String,
    pub deviations: String,
    pub costs: Option<Money>,
    pub planned_costs: Money,
    pub granted: Option<Money>,
    pub currency: entity::types::money::Currency,
    pub indicators: Vec<IndicatorRow>,
    pub returned_points: String,
    pub submitted_at: Option<DateTime<Utc>>,
    pub version: i64,
    pub can_write: bool,
    pub can_check: bool,
}

#[derive(Debug, Clone)]
pub struct ActivityRow {
    pub line: uuid::Uuid,
    pub title: String,
    pub months: String,
    pub progress: Option<Progress>,
    pub note: String,
}

#[derive(Debug, Clone)]
pub struct IndicatorRow {
    pub key: String,
    pub label: String,
    pub unit: KpiUnit,
    pub target: i64,
    pub reading: Option<i64>,
    /// Readings of earlier reports of the same part: due day and value.
    pub earlier: Vec<(NaiveDate, i64)>,
}

pub struct ReportSheetOf(pub ReportId);

impl Query for ReportSheetOf {
    const NEEDS: Permission = Permission::ReadAgreement;
    type Output = ReportSheet;

    fn about(&self) -> Subject {
        Subject::Report(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<ReportSheet> {
        let db = db.conn();
        let row = find(db, self.0).await?;
        let of = named(db, &row).await?;
        let (part, call) = place_of(db, row.part_id).await?;
        let Content { activities, costs, .. } = content(db, &row).await?;
        let lines: BTreeMap<uuid::Uuid, activity_line::Model> = activity_line::Entity::find()
            .filter(activity_line::Column::PartId.eq(part.id))
            .order_by_asc(activity_line::Column::Position)
            .all(db)
            .await?
            .into_iter()
            .map(|line| (line.id.0, line))
            .collect();
        let planned: Vec<i64> = cost_line::Entity::find()
            .select_only()
            .column(cost_line::Column::Minor)
            .filter(cost_line::Column::PartId.eq(part.id))
            .into_tuple()
            .all(db)
            .await?;
        let granted = decision::Entity::find()
            .filter(decision::Column::PartId.eq(part.id))
            .filter(decision::Column::State.eq(DecisionState::Released))
            .one(db)
            .await?;
        let organisation = organisation::Entity::find_by_id(part.organisation_id).one(db).await?;
        let agency = annex::Entity::find_by_id(part.annex_id).find_also_related(organisation::Entity).one(db).await?;
        let indicators = indicators(db, &row, &call.terms).await?;
        let money = |minor| Money::new(minor, part.currency);
        // Who checks sees a report only once it was handed in.
        let checker = leave.may(Permission::CheckReport);
        let open = matches!(row.state, ReportState::Due | ReportState::Draft | ReportState::Returned);
        Ok(ReportSheet {
            of,
            state: row.state,
            organisation: organisation.map(|o| o.name).unwrap_or_default(),
            agency: agency.and_then(|(_, a)| a).map(|a| a.name).unwrap_or_default(),
            activities: activities
                .into_iter()
                .map(|a| {
                    let line = lines.get(&a.line);
                    ActivityRow {
                        line: a.line,
                        title: line.map(|l| l.title.clone()).unwrap_or_default(),
                        months: line
                            .map(|l| format!("months {} to {}", l.start_month, l.end_month))
                            .unwrap_or_default(),
                        progress: a.progress,
                        note: a.note,
                    }
                })
                .collect(),
            narrative: row.narrative,
            deviations: row.deviations,
            costs: costs.map(money),
            planned_costs: money(planned.into_iter().sum()),
            granted: granted.map(|d| Money::new(d.minor, d.currency)),
            currency: part.currency,
            indicators,
            returned_points: row.returned_points,
            submitted_at: row.submitted_at,
            version: row.version,
            can_write: leave.may(Permission::WriteReport) && open,
            can_check: checker && row.state == ReportState::Submitted,
        })
    }
}

async fn indicators(
    db: &impl sea_orm::ConnectionTrait,
    row: &report::Model,
    terms: &entity::types::terms::CallTerms,
) -> Result<Vec<IndicatorRow>> {
    let targets = kpi_target::Entity::find().filter(kpi_target::Column::PartId.eq(row.part_id)).all(db).await?;
    let siblings = report::Entity::find()
        .filter(report::Column::PartId.eq(row.part_id))
        .order_by_asc(report::Column::DueOn)
        .all(db)
        .await?;
    let readings = kpi_reading::Entity::find()
        .filter(kpi_reading::Column::ReportId.is_in(siblings.iter().map(|s| s.id)))
        .all(db)
        .await?;
    let of =
        |report: ReportId, kpi: &str| readings.iter().find(|r| r.report_id == report && r.kpi == kpi).map(|r| r.value);
    let indicator = |kpi: &entity::types::terms::Kpi| {
        let target = targets.iter().find(|t| t.kpi == kpi.key)?;
        Some(IndicatorRow {
            key: kpi.key.clone(),
            label: kpi.label.clone(),
            unit: kpi.unit,
            target: target.target,
            reading: of(row.id, &kpi.key),
            earlier: siblings
                .iter()
                .filter(|s| s.due_on < row.due_on)
                .filter_map(|s| Some((s.due_on, of(s.id, &kpi.key)?)))
                .collect(),
        })
    };
    Ok(terms.kpis.iter().filter_map(indicator).collect())
}

/// One report in the staff list.
#[derive(Debug, Clone)]
pub struct StaffReportLine {
    pub id: ReportId,
    pub code: String,
    pub organisation: String,
    pub label: String,
    pub due_on: NaiveDate,
    pub state: ReportState,
    pub overdue: bool,
}

/// Reports of a call as staff see them, those waiting for a check first.
pub struct ReportsOf {
    pub call: CallId,
    pub state: Option<ReportState>,
}

impl Query for ReportsOf {
    const NEEDS: Permission = Permission::ReadKpis;
    type Output = Vec<StaffReportLine>;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Vec<StaffReportLine>> {
        let today = db.now().date_naive();
        let db = db.conn();
        let parts = scope::parts(leave).select_only().column(part::Column::Id).into_query();
        let mut select = report::Entity::find().filter(report::Column::PartId.in_subquery(parts));
        if let Some(state) = self.state {
            select = select.filter(report::Column::State.eq(state));
        }
        let rows = select.order_by_asc(report::Column::DueOn).order_by_asc(report::Column::Id).all(db).await?;
        let of_parts: BTreeMap<PartId, (String, entity::types::ids::OrganisationId)> = part::Entity::find()
            .find_also_related(proposal::Entity)
            .filter(part::Column::Id.is_in(rows.iter().map(|r| r.part_id)))
            .filter(proposal::Column::CallId.eq(self.call))
            .all(db)
            .await?
            .into_iter()
            .filter_map(|(part, proposal)| Some((part.id, (proposal?.code, part.organisation_id))))
            .collect();
        let names: BTreeMap<_, _> = organisation::Entity::find()
            .filter(organisation::Column::Id.is_in(of_parts.values().map(|(_, o)| *o)))
            .all(db)
            .await?
            .into_iter()
            .map(|o| (o.id, o.name))
            .collect();
        let line = |row: report::Model| {
            let (code, organisation) = of_parts.get(&row.part_id)?;
            Some(StaffReportLine {
                id: row.id,
                code: code.clone(),
                organisation: names.get(organisation).cloned().unwrap_or_default(),
                label: row.label,
                due_on: row.due_on,
                state: row.state,
                overdue: row.due_on < today && matches!(row.state, ReportState::Due | ReportState::Draft),
            })
        };
        Ok(rows.into_iter().filter_map(line).collect())
    }
}

/// Reports that are open and due within the longest reminder, with the reminders sent.
pub struct RemindersDue;

impl Query for RemindersDue {
    const NEEDS: Permission = Permission::CheckReport;
    type Output = Vec<(ReportId, i64)>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<Vec<(ReportId, i64)>> {
        let today = db.now().date_naive();
        let longest = today + chrono::TimeDelta::days(super::rules::REMINDERS[0]);
        let rows = report::Entity::find()
            .filter(report::Column::State.is_in([ReportState::Due, ReportState::Draft, ReportState::Returned]))
            .filter(report::Column::DueOn.between(today, longest))
            .all(db.conn())
            .await?;
        let due = |row: report::Model| {
            let sent: Vec<i64> = row.reminded.split_whitespace().filter_map(|d| d.parse().ok()).collect();
            Some((row.id, super::rules::reminder_due(today, row.due_on, &sent)?))
        };
        Ok(rows.into_iter().filter_map(due).collect())
    }
}
