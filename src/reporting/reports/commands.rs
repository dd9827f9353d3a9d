//! What people and the clock do with reports.

use super::{
    events::ReportEvent,
    rules::{self, ActivityDone, Progress, ReportStep},
    stored::{UNSAID, content, find, named, place_of},
};
use crate::{
    agreements::rules::schedule,
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx, error::FieldErrors},
    proposals::{rules::PartStep, states::commands::advance},
};
use entity::{
    accounts::account,
    agreements::agreement,
    reporting::{kpi_reading, report},
    types::{
        decimal,
        ids::{AgreementId, PartId, ReportId},
        money::Money,
        states::{ReportKind, ReportState},
        text,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use std::collections::BTreeMap;

/// Makes the reports of an agreement, or moves those nobody has begun; only the job does this.
#[derive(Clone)]
pub struct ScheduleReports(pub AgreementId);

impl Command for ScheduleReports {
    const NEEDS: Permission = Permission::SetAgreement;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let row = agreement::Entity::find_by_id(self.0).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
        let (Some(starts_on), Some(ends_on)) = (row.starts_on, row.ends_on) else {
            return Err(AppError::refused("no_dates", "The agreement has no dates yet."));
        };
        let (_, call) = place_of(tx.conn(), row.part_id).await?;
        let known = report::Entity::find().filter(report::Column::AgreementId.eq(self.0)).all(tx.conn()).await?;
        let due = schedule(&call.terms.reports, starts_on, ends_on);
        for one in &due {
            match known.iter().find(|r| r.kind == one.kind && r.label == one.label) {
                Some(old) if matches!(old.state, ReportState::Due | ReportState::Draft) => {
                    let mut change: report::ActiveModel = old.clone().into();
                    change.due_on = Set(one.due_on);
                    change.reminded = Set(String::new());
                    change.update(tx.conn()).await?;
                }
                Some(_) => {}
                None => {
                    let new = report::ActiveModel {
                        id: Set(tx.new_id()),
                        agreement_id: Set(self.0),
                        part_id: Set(row.part_id),
                        kind: Set(one.kind),
                        label: Set(one.label.clone()),
                        due_on: Set(one.due_on),
                        state: Set(ReportState::Due),
                        activities: Set(serde_json::json!([])),
                        narrative: Set(String::new()),
                        deviations: Set(String::new()),
                        costs_minor: Set(UNSAID),
                        returned_points: Set(String::new()),
                        submitted_by: Set(None),
                        submitted_at: Set(None),
                        decided_by: Set(None),
                        decided_at: Set(None),
                        reminded: Set(String::new()),
                        version: Set(1),
                    };
                    report::Entity::insert(new).exec_without_returning(tx.conn()).await?;
                }
            }
        }
        let reports = due.into_iter().map(|r| (r.label, r.due_on)).collect();
        Ok(tx.done(ReportEvent::Scheduled { part: row.part_id, agreement: self.0, reports }, ()))
    }
}

/// What was typed into a report; nothing of it is lost, and what is no number is named.
#[derive(Debug, Clone, Default)]
pub struct ReportInput {
    /// By activity line: progress word and note.
    pub activities: Vec<(uuid::Uuid, String, String)>,
    pub narrative: String,
    pub deviations: String,
    pub costs: String,
    /// By indicator: value as typed.
    pub readings: Vec<(String, String)>,
}

/// Keeps what is written so far.
#[derive(Clone)]
pub struct SaveReport {
    pub report: ReportId,
    pub input: ReportInput,
    pub seen: i64,
}

impl Command for SaveReport {
    const NEEDS: Permission = Permission::WriteReport;
    /// The new version.
    type Output = i64;

    fn about(&self) -> Subject {
        Subject::Report(self.report)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<i64>> {
        let row = find(tx.conn(), self.report).await?;
        if row.version != self.seen {
            return Err(stale(tx.conn(), &row).await?);
        }
        let state = rules::next(row.state, ReportStep::Write).map_err(illegal)?;
        let (part, _) = place_of(tx.conn(), row.part_id).await?;
        let mut errors = FieldErrors::default();
        let costs = match self.input.costs.trim() {
            "" => UNSAID,
            typed => errors.take("costs", Money::parse(typed, part.currency)).map_or(row.costs_minor, |m| m.minor),
        };
        let narrative = errors.take("narrative", text::prose(&self.input.narrative, 20_000)).unwrap_or_default();
        let deviations = errors.take("deviations", text::prose(&self.input.deviations, 20_000)).unwrap_or_default();
        let activities: Vec<ActivityDone> = self
            .input
            .activities
            .iter()
            .map(|(line, progress, note)| ActivityDone {
                line: *line,
                progress: Progress::parse(progress),
                note: errors.take(&format!("note_{line}"), text::prose(note, 2_000)).unwrap_or_default(),
            })
            .collect();
        let readings = read_readings(&self.input.readings, &mut errors);
        errors.done()?;
        let of = named(tx.conn(), &row).await?;
        let (id, version) = (row.id, row.version + 1);
        let mut change: report::ActiveModel = row.into();
        change.state = Set(state);
        change.activities = Set(serde_json::to_value(&activities)?);
        change.narrative = Set(narrative);
        change.deviations = Set(deviations);
        change.costs_minor = Set(costs);
        change.version = Set(version);
        change.update(tx.conn()).await?;
        keep_readings(tx, id, readings).await?;
        Ok(tx.done(ReportEvent::Saved { of, version }, version))
    }
}

fn read_readings(typed: &[(String, String)], errors: &mut FieldErrors) -> BTreeMap<String, Option<i64>> {
    let mut readings = BTreeMap::new();
    for (kpi, value) in typed {
        let read = match value.trim() {
            "" => Some(None),
            value => match decimal::parse(value, 0) {
                Ok(n) if n < 0 => {
                    errors.take(&format!("kpi_{kpi}"), Err::<Option<i64>, _>("Enter a number that is not negative"))
                }
                other => errors.take(&format!("kpi_{kpi}"), other.map(Some)),
            },
        };
        if let Some(read) = read {
            readings.insert(kpi.clone(), read);
        }
    }
    readings
}

async fn keep_readings(tx: &Tx, report: ReportId, readings: BTreeMap<String, Option<i64>>) -> Result<()> {
    let known = kpi_reading::Entity::find().filter(kpi_reading::Column::ReportId.eq(report)).all(tx.conn()).await?;
    for (kpi, value) in readings {
        let old = known.iter().find(|row| row.kpi == kpi);
        match (old, value) {
            (Some(row), Some(value)) if row.value != value => {
                let mut row: kpi_reading::ActiveModel = row.clone().into();
                row.value = Set(value);
                row.update(tx.conn()).await?;
            }
            (Some(row), None) => {
                kpi_reading::Entity::delete_by_id(row.id).exec(tx.conn()).await?;
            }
            (None, Some(value)) => {
                let row = kpi_reading::ActiveModel {
                    id: Set(tx.new_id()),
                    report_id: Set(report),
                    kpi: Set(kpi),
                    value: Set(value),
                    note: Set(None),
                };
                kpi_reading::Entity::insert(row).exec_without_returning(tx.conn()).await?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// Hands a report in.
#[derive(Clone)]
pub struct SubmitReport {
    pub report: ReportId,
    pub seen: i64,
}

impl Command for SubmitReport {
    const NEEDS: Permission = Permission::WriteReport;
    type Output = i64;

    fn about(&self) -> Subject {
        Subject::Report(self.report)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<i64>> {
        let row = find(tx.conn(), self.report).await?;
        if row.version != self.seen {
            return Err(stale(tx.conn(), &row).await?);
        }
        let state = rules::next(row.state, ReportStep::Submit).map_err(illegal)?;
        FieldErrors(rules::missing(&content(tx.conn(), &row).await?)).done()?;
        let of = named(tx.conn(), &row).await?;
        let version = row.version + 1;
        let mut change: report::ActiveModel = row.into();
        change.state = Set(state);
        change.submitted_by = Set(Some(leave.account()?));
        change.submitted_at = Set(Some(tx.now()));
        change.version = Set(version);
        change.update(tx.conn()).await?;
        Ok(tx.done(ReportEvent::Submitted(of), version))
    }
}

/// Sends a report back with points, or accepts it.
#[derive(Clone)]
pub struct DecideReport {
    pub report: ReportId,
    /// Points to work on; none accepts the report.
    pub points: Option<String>,
    pub seen: i64,
}

impl Command for DecideReport {
    const NEEDS: Permission = Permission::CheckReport;
    type Output = i64;

    fn about(&self) -> Subject {
        Subject::Report(self.report)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<i64>> {
        let row = find(tx.conn(), self.report).await?;
        if row.version != self.seen {
            return Err(stale(tx.conn(), &row).await?);
        }
        let step = if self.points.is_some() { ReportStep::Return } else { ReportStep::Accept };
        let state = rules::next(row.state, step).map_err(illegal)?;
        let points = match &self.points {
            None => String::new(),
            Some(typed) => text::prose(typed, 10_000).map_err(|e| AppError::invalid("points", e.0))?,
        };
        if step == ReportStep::Return && points.trim().is_empty() {
            return Err(AppError::invalid("points", "Say what the applicant has to work on"));
        }
        let of = named(tx.conn(), &row).await?;
        let (kind, part, version) = (row.kind, row.part_id, row.version + 1);
        let mut change: report::ActiveModel = row.into();
        change.state = Set(state);
        change.returned_points = Set(points.clone());
        change.decided_by = Set(Some(leave.account()?));
        change.decided_at = Set(Some(tx.now()));
        change.version = Set(version);
        change.update(tx.conn()).await?;
        if step == ReportStep::Return {
            return Ok(tx.done(ReportEvent::Returned { of, points }, version));
        }
        let closed = kind == ReportKind::Final && all_accepted(tx.conn(), part).await?;
        if closed {
            advance(tx, part, PartStep::Close).await?;
        }
        Ok(tx.done(ReportEvent::Accepted { of, closed }, version))
    }
}

async fn all_accepted(db: &impl ConnectionTrait, part: PartId) -> Result<bool> {
    let open = report::Entity::find()
        .filter(report::Column::PartId.eq(part))
        .filter(report::Column::State.ne(ReportState::Accepted))
        .one(db)
        .await?;
    Ok(open.is_none())
}

/// Sends the reminder that is due; only the job does this.
#[derive(Clone)]
pub struct RemindOfReport {
    pub report: ReportId,
    pub days: i64,
}

impl Command for RemindOfReport {
    const NEEDS: Permission = Permission::CheckReport;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Report(self.report)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let row = find(tx.conn(), self.report).await?;
        let of = named(tx.conn(), &row).await?;
        let reminded = format!("{} {}", row.reminded, self.days).trim().to_owned();
        let mut change: report::ActiveModel = row.into();
        change.reminded = Set(reminded);
        change.update(tx.conn()).await?;
        Ok(tx.done(ReportEvent::Reminded { of, days: self.days }, ()))
    }
}

/// Reminds the writers of a report at an officer's wish.
#[derive(Clone)]
pub struct AskForReport(pub ReportId);

impl Command for AskForReport {
    const NEEDS: Permission = Permission::CheckReport;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Report(self.0)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let row = find(tx.conn(), self.0).await?;
        rules::next(row.state, ReportStep::Submit).map_err(illegal)?;
        let of = named(tx.conn(), &row).await?;
        Ok(tx.done(ReportEvent::AskedFor(of), ()))
    }
}

fn illegal(step: rules::IllegalStep) -> AppError {
    AppError::refused("report_state", step.to_string())
}

async fn stale(db: &impl ConnectionTrait, row: &report::Model) -> Result<AppError> {
    let by = match row.submitted_by.or(row.decided_by) {
        Some(id) => account::Entity::find_by_id(id).one(db).await?.map(|a| a.name),
        None => None,
    };
    let at = row.submitted_at.or(row.decided_at).unwrap_or_default();
    Ok(AppError::Stale { by: by.unwrap_or_else(|| "a colleague".to_owned()), at, version: row.version })
}
