//! The ranking, and what follows from the decisions: agreements, reports and readings.

use super::{Year, ids::id, proposals, put};
use crate::{
    agreements::rules::schedule,
    calls::{publishing::commands::step as advance_call, rules::CallStep},
    demo::{cast, material::DemoReport, stage},
    evaluation::rankings::{
        queries::Detail,
        rules::{Candidate, rank},
    },
    kernel::{AppError, Result, Subject, Tx, event::AuditLine, secret},
    proposals::{
        rules::PartStep,
        states::commands::{advance, advance_all},
    },
    reporting::reports::rules::{ActivityDone, Progress},
};
use chrono::{Months, NaiveDate, TimeDelta};
use entity::{
    agreements::agreement,
    decisions::decision,
    evaluation::{ranking, ranking_line},
    reporting::{kpi_reading, report},
    types::{
        codes,
        states::{AgreementState, Outcome, PartState, RankingState, ReportKind, ReportState, Role, Verdict},
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

pub async fn ranking(tx: &Tx, year: &Year) -> Result<AuditLine> {
    let terms = &year.file.call;
    let candidates = year.material.proposals.iter().enumerate().map(|(at, _)| candidate(year, at));
    let candidates = candidates.collect::<Result<Vec<Candidate>>>()?;
    let ranked = rank(terms, &candidates);
    let chair = cast::account(cast::staff(Role::PanelChair));
    let ranking_id = id("ranking");
    let mut lines = Vec::new();
    let mut said = Vec::new();
    for line in &ranked {
        let Some(of) = candidates.iter().find(|c| c.proposal == line.proposal) else { continue };
        let row = ranking_line::Model {
            id: id(&format!("ranking line {}", line.rank)),
            ranking_id,
            proposal_id: line.proposal,
            rank: i32::try_from(line.rank).unwrap_or(i32::MAX),
            total: line.total_hundredths,
            passes: line.passes,
            spread: line.spread,
            tie_reason: line.tie_reason.as_ref().map(|why| why.chars().take(300).collect()),
            detail: serde_json::to_value(Detail::of(terms, of, line))?,
        };
        said.push(json!({
            "proposal": of.code,
            "rank": row.rank,
            "total": row.total,
            "passes": row.passes,
            "spread": row.spread,
            "tie_reason": row.tie_reason,
            "detail": row.detail,
        }));
        lines.push(row);
    }
    let name = year.members.iter().find(|m| m.id() == chair).map_or("", |m| m.name.as_str());
    let said = json!({
        "call": year.file.code,
        "ranking": 1,
        "signed_by": name,
        "signed_at": tx.now(),
        "lines": said,
    });
    let document = said.to_string();
    let row = ranking::Model {
        id: ranking_id,
        call_id: year.call,
        number: 1,
        state: RankingState::Fixed,
        reason: "All sheets are in; the panel met on 12 and 13 December 2017.".to_owned(),
        digest: Some(secret::hash(&document)),
        made_by: chair,
        made_at: tx.now() - TimeDelta::hours(3),
        fixed_by: Some(chair),
        fixed_at: Some(tx.now()),
        document: Some(document),
    };
    put(tx.conn(), vec![row]).await?;
    put(tx.conn(), lines).await?;
    for line in &ranked {
        let step = if line.passes { PartStep::Recommend } else { PartStep::NotRecommend };
        advance_all(tx, line.proposal, PartState::Eligible, step).await?;
    }
    advance_call(tx, year.call, CallStep::FixRanking).await?;
    Ok(AuditLine::new(Subject::Call(year.call), format!("fixed the ranking of {} proposals", ranked.len())))
}

fn candidate(year: &Year, at: usize) -> Result<Candidate> {
    let one = &year.material.proposals[at];
    let eligible = || one.parts.iter().enumerate().filter(|(_, p)| p.check.verdict == Verdict::Eligible);
    let countries: BTreeSet<_> = eligible().map(|(_, p)| year.material.clusters[p.cluster].country).collect();
    let mut submitted = Vec::new();
    for (i, _) in eligible() {
        submitted.push(year.handed_in_at(at, i)?);
    }
    let given = |scores: &[crate::demo::material::DemoScore]| {
        scores.iter().map(|s| (s.criterion.clone(), s.points)).collect::<BTreeMap<_, _>>()
    };
    Ok(Candidate {
        proposal: proposals::proposal_id(at),
        code: codes::proposal_code(&year.file.code, u32::try_from(at + 1).unwrap_or_default()),
        sheets: one.sheets.iter().map(|s| given(&s.scores)).collect(),
        countries: u32::try_from(countries.len()).unwrap_or_default(),
        smes: u32::try_from(eligible().map(|(_, p)| p.companies.len()).sum::<usize>()).unwrap_or_default(),
        // The tie rule of this call asks for neither.
        sme_share: (0, 0),
        earlier_awards: 0,
        submitted_at: submitted.into_iter().min(),
        agreed: BTreeMap::new(),
        expected: None,
        lot: None,
    })
}

/// Agreements of all funded parts, and their reports as they are in September.
pub async fn agreements(tx: &Tx, year: &Year) -> Result<AuditLine> {
    let funded = decision::Entity::find().filter(decision::Column::Outcome.eq(Outcome::Fund)).all(tx.conn()).await?;
    let funded: BTreeSet<_> = funded.into_iter().map(|d| d.part_id).collect();
    let (mut agreements, mut reports, mut readings) = (Vec::new(), Vec::new(), Vec::new());
    for (at, proposal) in year.material.proposals.iter().enumerate() {
        for i in 0..proposal.parts.len() {
            let part = proposals::part_id(at, i);
            if !funded.contains(&part) {
                continue;
            }
            let signed = agreement(year, at, i)?;
            let (Some(starts), Some(ends)) = (signed.starts_on, signed.ends_on) else { continue };
            for due in schedule(&year.file.call.reports, starts, ends) {
                let row = report_of(year, &signed, (at, i), (due.kind, due.label, due.due_on), reports.len())?;
                readings.extend(readings_of(year, &row, at, i));
                reports.push(row);
            }
            agreements.push(signed);
            advance(tx, part, PartStep::Contract).await?;
        }
    }
    let line = format!("saw {} agreements signed and their reports follow", agreements.len());
    put(tx.conn(), agreements).await?;
    put(tx.conn(), reports).await?;
    put(tx.conn(), readings).await?;
    Ok(AuditLine::new(Subject::Call(year.call), line))
}

fn text_of<'v>(year: &'v Year, at: usize, key: &str) -> &'v str {
    year.material.proposals[at].answers.get(key).and_then(|v| v.as_str()).unwrap_or_default()
}

fn agreement(year: &Year, at: usize, i: usize) -> Result<agreement::Model> {
    let agency = &year.material.proposals[at].parts[i].agency;
    let officer = cast::officer(agency, false).map(cast::account).ok_or(AppError::NotFound)?;
    let starts: NaiveDate = text_of(year, at, "start_date").parse().unwrap_or_default();
    let months = text_of(year, at, "duration_months").parse().unwrap_or(12);
    let ends = starts.checked_add_months(Months::new(months)).and_then(|day| day.pred_opt()).unwrap_or(starts);
    Ok(agreement::Model {
        id: id(&format!("agreement {at} {i}")),
        part_id: proposals::part_id(at, i),
        state: AgreementState::Active,
        starts_on: Some(starts),
        ends_on: Some(ends),
        signed_on: Some(starts - TimeDelta::days(6)),
        note: String::new(),
        made_by: officer,
        made_at: stage::at(2018, 1, 22, 10) + TimeDelta::hours(i64::try_from(at + i).unwrap_or_default()),
        version: 1,
    })
}

/// How far a report is: interim ones that fell due are at every point of their way.
fn so_far(kind: ReportKind, due: NaiveDate, n: usize) -> ReportState {
    let past = due <= stage::Stage::Reporting.instant().date_naive();
    match (kind, past, n / 2 % 5) {
        (ReportKind::Final, ..) => ReportState::Due,
        (_, true, 0 | 3) => ReportState::Accepted,
        (_, true, 1) => ReportState::Submitted,
        (_, true, 2) => ReportState::Returned,
        (_, false, 0 | 2) => ReportState::Draft,
        _ => ReportState::Due,
    }
}

fn report_of(
    year: &Year,
    signed: &agreement::Model,
    (at, i): (usize, usize),
    (kind, label, due_on): (ReportKind, String, NaiveDate),
    n: usize,
) -> Result<report::Model> {
    let part = &year.material.proposals[at].parts[i];
    let cluster = &year.material.clusters[part.cluster];
    let state = so_far(kind, due_on, n);
    let told = part.reports.iter().find(|r| r.kind == kind).filter(|_| state != ReportState::Due);
    let handed_in = matches!(state, ReportState::Submitted | ReportState::Returned | ReportState::Accepted);
    let decided = matches!(state, ReportState::Returned | ReportState::Accepted);
    let noon = |days| due_on.and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::days(days) + TimeDelta::hours(10);
    let now = stage::Stage::Reporting.instant() - TimeDelta::hours(16);
    let officer = match part.agency.as_str() {
        "lt-mita" => Some(cast::staff(Role::ReportingOfficer)),
        key => cast::officer(key, false),
    };
    Ok(report::Model {
        id: id(&format!("report {at} {i} {kind}")),
        agreement_id: signed.id,
        part_id: signed.part_id,
        kind,
        label,
        due_on,
        state,
        activities: told.map_or(Ok(json!([])), |r| done(year, at, i, r))?,
        narrative: told.map(|r| r.narrative.clone()).unwrap_or_default(),
        deviations: told.map(|r| r.deviations.clone()).unwrap_or_default(),
        costs_minor: told.map_or(-1, |r| r.costs_minor),
        returned_points: match state {
            ReportState::Returned => "The costs of travel do not match the activities: please list the journeys, and \
                                      say which companies took part in the second visit."
                .to_owned(),
            _ => String::new(),
        },
        submitted_by: handed_in.then(|| cast::account(&cluster.manager.email)),
        submitted_at: handed_in.then(|| noon(-2).min(now)),
        decided_by: officer.filter(|_| decided).map(cast::account),
        decided_at: decided.then(|| noon(9).min(now + TimeDelta::hours(3))),
        reminded: if state == ReportState::Due { String::new() } else { "30".to_owned() },
        version: 1,
    })
}

/// What the report says of each activity, by the month the project is in.
fn done(year: &Year, at: usize, i: usize, report: &DemoReport) -> Result<serde_json::Value> {
    let lines = year.material.proposals[at].parts[i].activities.iter().zip(&report.activities).enumerate();
    let month = 6;
    let done = lines.map(|(a, (line, note))| ActivityDone {
        line: proposals::activity_id(at, i, a).into(),
        progress: Some(match () {
            () if line.start_month > month => Progress::NotStarted,
            () if line.end_month > month => Progress::UnderWay,
            () => Progress::Done,
        }),
        note: note.clone(),
    });
    Ok(serde_json::to_value(done.collect::<Vec<_>>())?)
}

fn readings_of(year: &Year, row: &report::Model, at: usize, i: usize) -> Vec<kpi_reading::Model> {
    let told = year.material.proposals[at].parts[i].reports.iter().find(|r| r.kind == row.kind);
    let Some(told) = told.filter(|_| row.state != ReportState::Due) else { return Vec::new() };
    let line = |(key, value): &(String, i64)| kpi_reading::Model {
        id: id(&format!("reading {} {key}", row.id)),
        report_id: row.id,
        kpi: key.clone(),
        value: *value,
        note: None,
    };
    told.readings.iter().map(line).collect()
}
