//! Eligibility checks by two officers, assignments and sheets.

use super::{Year, ids::id, proposals, put};
use crate::{
    demo::{
        cast,
        material::{DemoPart, DemoSheet},
        stage,
    },
    eligibility::{
        queries::Findings,
        rules::{Answer, Answered, Facts, items},
    },
    kernel::{AppError, Result, Subject, Tx, event::AuditLine},
    proposals::{rules::PartStep, states::commands::advance},
};
use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    eligibility::eligibility_check,
    evaluation::{assignment, score},
    types::{
        ids::AccountId,
        states::{AssignmentState, CheckState, Role, Verdict},
        terms::Keys,
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

pub async fn checks(tx: &Tx, year: &Year) -> Result<AuditLine> {
    let mut rows = Vec::new();
    for (at, proposal) in year.material.proposals.iter().enumerate() {
        for (i, part) in proposal.parts.iter().enumerate() {
            rows.push(check(year, at, i, part)?);
            let step = match part.check.verdict {
                Verdict::Eligible => PartStep::DeclareEligible,
                Verdict::Ineligible => PartStep::DeclareIneligible,
            };
            advance(tx, proposals::part_id(at, i), step).await?;
        }
    }
    let line = format!("saw the agencies settle {} parts", rows.len());
    put(tx.conn(), rows).await?;
    Ok(AuditLine::new(Subject::Call(year.call), line))
}

fn check(year: &Year, at: usize, i: usize, part: &DemoPart) -> Result<eligibility_check::Model> {
    let agency = year.agency(&part.agency)?;
    let country = year.material.clusters[part.cluster].country;
    let reasons: Vec<String> = part.check.reasons.iter().map(|why| reason(why).to_owned()).collect();
    let facts = Facts {
        call: &year.file.call,
        annex: &agency.terms,
        agency: &part.agency,
        home: country,
        seat: country,
        submitted_at: Some(year.handed_in_at(at, i)?),
        found: &[],
    };
    let answers = items(&facts).into_iter().map(|item| Answered {
        key: item.key.to_owned(),
        answer: Some(if reasons.iter().any(|r| r == item.key) { Answer::No } else { Answer::Yes }),
        note: String::new(),
    });
    let findings = Findings { answers: answers.collect(), automatic: Vec::new() };
    let said = part.check.reasons.iter().chain([&part.check.note]).cloned().collect::<Vec<_>>().join(" ");
    let proposed = stage::at(2017, 11, 6, 8) + TimeDelta::hours(i64::try_from(at * 3 + i).unwrap_or_default());
    let officer = |second| cast::officer(&part.agency, second).map(cast::account).ok_or(AppError::NotFound);
    Ok(eligibility_check::Model {
        id: id(&format!("check {at} {i}")),
        part_id: proposals::part_id(at, i),
        findings: serde_json::to_value(findings)?,
        verdict: part.check.verdict,
        reasons: Keys(reasons),
        note: said,
        state: CheckState::Confirmed,
        proposed_by: officer(false)?,
        proposed_at: proposed,
        confirmed_by: Some(officer(true)?),
        confirmed_at: Some(proposed + TimeDelta::hours(5)),
        returned_note: String::new(),
        version: 2,
    })
}

/// The key of the list for a reason in words.
fn reason(why: &str) -> &'static str {
    if why.contains("label") {
        "label"
    } else if why.contains("legal entity") {
        "entity"
    } else {
        "other"
    }
}

/// How far a sheet is in November.
fn so_far(at: usize, place: usize) -> AssignmentState {
    match at * 3 + place {
        n if n % 15 == 7 => AssignmentState::Invited,
        n if n % 21 == 8 => AssignmentState::Accepted,
        n if n % 6 == 4 => AssignmentState::InProgress,
        _ => AssignmentState::Submitted,
    }
}

pub async fn sheets(tx: &Tx, year: &Year, finished: bool) -> Result<AuditLine> {
    // In January the sheets of November are replaced by finished ones; their points go with them.
    assignment::Entity::delete_many().filter(assignment::Column::CallId.eq(year.call)).exec(tx.conn()).await?;
    let (mut rows, mut scores) = (Vec::new(), Vec::new());
    for (at, proposal) in year.material.proposals.iter().enumerate() {
        for (place, sheet) in proposal.sheets.iter().enumerate() {
            let state = if finished { AssignmentState::Submitted } else { so_far(at, place) };
            let judge = &year.material.evaluators[sheet.evaluator].person;
            let row = task(year, at, place, sheet, state, (cast::account(&judge.email), judge.name()));
            scores.extend(points(year, sheet, &row));
            rows.push(row);
        }
    }
    let line = format!("saw {} sheets given to evaluators", rows.len());
    put(tx.conn(), rows).await?;
    put(tx.conn(), scores).await?;
    Ok(AuditLine::new(Subject::Call(year.call), line))
}

fn invited_at(at: usize) -> DateTime<Utc> {
    stage::at(2017, 11, 13, 8) + TimeDelta::minutes(i64::try_from(at * 11).unwrap_or_default())
}

fn task(
    year: &Year,
    at: usize,
    place: usize,
    sheet: &DemoSheet,
    state: AssignmentState,
    (account, name): (AccountId, String),
) -> assignment::Model {
    let writes = matches!(state, AssignmentState::InProgress | AssignmentState::Submitted);
    let done = state == AssignmentState::Submitted;
    let answered = (state != AssignmentState::Invited).then(|| invited_at(at) + TimeDelta::hours(7));
    let hours = i64::try_from(20 + (at * 3 + place) * 17 % 120).unwrap_or_default();
    assignment::Model {
        id: id(&format!("assignment {at} {place}")),
        call_id: year.call,
        proposal_id: proposals::proposal_id(at),
        evaluator_id: id(&format!("evaluator {}", sheet.evaluator)),
        account_id: account,
        state,
        due_at: Some(stage::at(2017, 12, 1, 16)),
        signed_name: answered.map(|_| name),
        declared_at: answered,
        reason: None,
        comment: if writes { sheet.comment.clone() } else { String::new() },
        private_note: if done { sheet.private_note.clone() } else { String::new() },
        invited_by: cast::account(cast::staff(Role::Secretariat)),
        // Whoever has not answered was asked later, in the place of somebody who declined.
        invited_at: invited_at(at) + TimeDelta::days(if state == AssignmentState::Invited { 5 } else { 0 }),
        answered_at: answered,
        submitted_at: done.then(|| invited_at(at) + TimeDelta::hours(hours)),
        reopened_reason: None,
        version: if writes { 2 } else { 1 },
    }
}

/// All points of a finished sheet; the first half of one being written.
fn points(year: &Year, sheet: &DemoSheet, row: &assignment::Model) -> Vec<score::Model> {
    let most = match row.state {
        AssignmentState::Submitted => sheet.scores.len(),
        AssignmentState::InProgress => year.file.call.criteria.len() / 2,
        _ => 0,
    };
    let line = |one: &crate::demo::material::DemoScore| score::Model {
        id: id(&format!("score {} {}", row.id, one.criterion)),
        assignment_id: row.id,
        criterion: one.criterion.clone(),
        points: Some(one.points),
        comment: one.comment.clone(),
        abstained: None,
        version: 1,
        updated_at: row.submitted_at.unwrap_or(row.invited_at + TimeDelta::hours(20)),
    };
    sheet.scores.iter().take(most).map(line).collect()
}
