//! What can be seen of reports.

use super::{
    events::Named,
    rules::{Content, Progress},
    stored::{content, find, named, place_of},
};
use crate::kernel::{
    AppError, Leave, Permission, Query, Result, Snapshot, Subject,
    access::scope,
    paging::{ListRequest, Listed, listed},
};
use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    calls::{annex, call},
    decisions::decision,
    organisations::organisation,
    proposals::{activity_line, cost_line, kpi_target, part, proposal},
    reporting::{kpi_reading, report},
    types::{
        ids::{CallId, OrganisationId, PartId, ReportId},
        money::Money,
        states::{DecisionState, ReportKind, ReportState},
        terms::KpiUnit,
    },
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationTrait,
    Select, sea_query::SelectStatement,
};
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
    /// Of the call, for indicators that are money.
    pub call_currency: entity::types::money::Currency,
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
            call_currency: call.terms.currency,
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
    pub agency: String,
    pub kind: ReportKind,
    pub label: String,
    pub due_on: NaiveDate,
    pub state: ReportState,
    pub submitted_at: Option<DateTime<Utc>>,
    pub overdue: bool,
}

/// Where a report is awaited from its writers.
const AWAITED: [ReportState; 3] = [ReportState::Due, ReportState::Draft, ReportState::Returned];

/// Reports of a call as its staff see them.
pub struct ReportsOf {
    pub call: CallId,
    pub list: ListRequest,
}

/// The list and what its filters offer.
pub struct Reports {
    pub call_code: String,
    pub lines: Listed<StaffReportLine>,
    pub agencies: Vec<(OrganisationId, String)>,
    /// Whether the actor may remind the writers of some of them.
    pub may_remind: bool,
}

impl Query for ReportsOf {
    const NEEDS: Permission = Permission::ReadKpis;
    type Output = Reports;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Reports> {
        let today = db.now().date_naive();
        let db = db.conn();
        let call = call::Entity::find_by_id(self.call).one(db).await?.ok_or(AppError::NotFound)?;
        let annexes = annex::Entity::find()
            .find_also_related(organisation::Entity)
            .filter(annex::Column::CallId.eq(self.call))
            .order_by_asc(annex::Column::Position)
            .all(db)
            .await?;
        let parts = seen(leave, &annexes, &self.list);
        let page = listed(db, narrowed(parts, &self.list, today), self.list.paging).await?;
        let lines = lines(db, page, &annexes, today).await?;
        let agencies = annexes.into_iter().filter_map(|(a, o)| Some((a.agency_id, o?.name))).collect();
        Ok(Reports { call_code: call.code, lines, agencies, may_remind: leave.may(Permission::CheckReport) })
    }
}

type Annexes = [(annex::Model, Option<organisation::Model>)];

/// Parts of the call the actor sees, as far as the list asks for their agency or words.
fn seen(leave: Leave<'_>, annexes: &Annexes, list: &ListRequest) -> SelectStatement {
    let agency = list.value::<OrganisationId>("agency");
    let here = annexes.iter().filter(|(a, _)| agency.is_none_or(|agency| a.agency_id == agency)).map(|(a, _)| a.id);
    let mut parts = scope::parts(leave).filter(part::Column::AnnexId.is_in(here));
    if let Some(words) = list.words() {
        let proposals = proposal::Entity::find().select_only().column(proposal::Column::Id);
        let proposals = proposals.filter(proposal::Column::Search.contains(&words)).into_query();
        let houses = organisation::Entity::find().select_only().column(organisation::Column::Id);
        let houses = houses.filter(organisation::Column::Search.contains(&words)).into_query();
        let found = Condition::any()
            .add(part::Column::ProposalId.in_subquery(proposals))
            .add(part::Column::OrganisationId.in_subquery(houses));
        parts = parts.filter(found);
    }
    parts.select_only().column(part::Column::Id).into_query()
}

fn narrowed(parts: SelectStatement, list: &ListRequest, today: NaiveDate) -> Select<report::Entity> {
    let mut reports = report::Entity::find()
        .inner_join(part::Entity)
        .join(JoinType::InnerJoin, part::Relation::Proposal.def())
        .join(JoinType::InnerJoin, part::Relation::Organisation.def())
        .filter(report::Column::PartId.in_subquery(parts));
    let states = list.values::<ReportState>("state");
    if !states.is_empty() {
        reports = reports.filter(report::Column::State.is_in(states));
    }
    if let Some(kind) = list.value::<ReportKind>("kind") {
        reports = reports.filter(report::Column::Kind.eq(kind));
    }
    if list.filter("late").is_some_and(|late| late == "yes") {
        reports = reports.filter(report::Column::DueOn.lt(today)).filter(report::Column::State.is_in(AWAITED));
    }
    if let Some(from) = list.value::<NaiveDate>("from") {
        reports = reports.filter(report::Column::DueOn.gte(from));
    }
    if let Some(until) = list.value::<NaiveDate>("until") {
        reports = reports.filter(report::Column::DueOn.lte(until));
    }
    let reports = match list.sort.as_str() {
        "code" => reports.order_by(proposal::Column::Code, list.order()),
        "organisation" => reports.order_by(organisation::Column::Name, list.order()),
        "state" => reports.order_by(report::Column::State, list.order()),
        _ => reports.order_by(report::Column::DueOn, list.order()),
    };
    reports.order_by_asc(report::Column::Id)
}

async fn lines(
    db: &impl sea_orm::ConnectionTrait,
    page: Listed<report::Model>,
    annexes: &Annexes,
    today: NaiveDate,
) -> Result<Listed<StaffReportLine>> {
    let parts: BTreeMap<PartId, (part::Model, Option<proposal::Model>)> = part::Entity::find()
        .find_also_related(proposal::Entity)
        .filter(part::Column::Id.is_in(page.rows.iter().map(|row| row.part_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|(part, proposal)| (part.id, (part, proposal)))
        .collect();
    let names: BTreeMap<OrganisationId, String> = organisation::Entity::find()
        .filter(organisation::Column::Id.is_in(parts.values().map(|(part, _)| part.organisation_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|o| (o.id, o.name))
        .collect();
    Ok(page.map(|row| {
        let (part, proposal) = match parts.get(&row.part_id) {
            Some((part, proposal)) => (Some(part), proposal.as_ref()),
            None => (None, None),
        };
        let agency = annexes.iter().find(|(a, _)| part.is_some_and(|p| p.annex_id == a.id));
        StaffReportLine {
            id: row.id,
            code: proposal.map(|p| p.code.clone()).unwrap_or_default(),
            organisation: part.and_then(|p| names.get(&p.organisation_id)).cloned().unwrap_or_default(),
            agency: agency.and_then(|(_, o)| Some(o.as_ref()?.name.clone())).unwrap_or_default(),
            kind: row.kind,
            label: row.label,
            due_on: row.due_on,
            state: row.state,
            submitted_at: row.submitted_at,
            overdue: row.due_on < today && AWAITED.contains(&row.state),
        }
    }))
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
            .filter(report::Column::State.is_in(AWAITED))
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
