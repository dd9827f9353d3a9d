//! Who is asked to evaluate in the call, and what they answer.

use super::{Year, ids::id, put};
use crate::{
    demo::{cast, stage},
    evaluation::recruitment::{
        commands::clear,
        rules::{HOLDS, REMINDERS, decline},
    },
    kernel::{AppError, Result, Subject, Tx, event::AuditLine},
};
use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    evaluation::recruitment,
    types::{
        states::{RecruitmentState, Role},
        text::Email,
    },
};

/// People from outside the pool: name, address, and the key of the reason to decline; none while only listed.
const OUTSIDE: [(&str, &str, Option<&str>); 2] = [
    ("Ingrid Falk", "ingrid.falk@maritime-institute.example", Some("interest")),
    ("Marek Nowak", "marek.nowak@baltic-advisers.example", None),
];

/// As it is while the call is open, or when everybody has answered.
pub async fn write(tx: &Tx, year: &Year, answered: bool) -> Result<AuditLine> {
    clear(tx, year.call).await?;
    let mut rows = Vec::new();
    // Some are still to be found while the call is open.
    for at in (0..year.material.evaluators.len()).filter(|at| answered || at % 9 != 7) {
        rows.push(member(year, at, answered)?);
    }
    for (name, address, reason) in OUTSIDE {
        let state = if reason.is_some() { RecruitmentState::Declined } else { RecruitmentState::Listed };
        let row = asked(year, name, address, state)?;
        rows.push(recruitment::Model { reason: reason.and_then(decline).map(str::to_owned), ..row });
    }
    let line = format!("saw {} people asked to evaluate in the call", rows.len());
    put(tx.conn(), rows).await?;
    Ok(AuditLine::new(Subject::Call(year.call), line))
}

/// Somebody of the pool. Whoever gets sheets has accepted in time; the first is still to answer while the call is open.
fn member(year: &Year, at: usize, answered: bool) -> Result<recruitment::Model> {
    let one = &year.material.evaluators[at];
    let sheets = year.material.proposals.iter().flat_map(|proposal| &proposal.sheets);
    let sheets = sheets.filter(|sheet| sheet.evaluator == at).count();
    let state = match (answered, sheets) {
        (true, 0) => RecruitmentState::Declined,
        (true, _) => RecruitmentState::Accepted,
        (false, _) if at % 9 == 8 => RecruitmentState::Listed,
        (false, _) if at.is_multiple_of(5) => RecruitmentState::Invited,
        (false, _) => RecruitmentState::Accepted,
    };
    let row = asked(year, &one.person.name(), &one.person.email, state)?;
    // Some take fewer than they usually do, but nobody gets more than promised.
    let promised = one.capacity as usize - usize::from(at % 4 == 2);
    let accepted = state == RecruitmentState::Accepted;
    Ok(recruitment::Model {
        evaluator_id: Some(id(&format!("evaluator {at}"))),
        places: accepted.then(|| i32::try_from(promised.max(sheets)).unwrap_or(5)),
        signed_name: accepted.then(|| one.person.name()),
        reason: (state == RecruitmentState::Declined).then(|| decline("time").unwrap_or_default().to_owned()),
        ..row
    })
}

fn asked(year: &Year, name: &str, address: &str, state: RecruitmentState) -> Result<recruitment::Model> {
    let secretariat = cast::account(cast::staff(Role::Secretariat));
    let (listed, sent) = (stage::at(2017, 9, 28, 9), stage::at(2017, 10, 2, 9));
    let invited = state != RecruitmentState::Listed;
    let waits = state == RecruitmentState::Invited;
    let when = |holds: bool, at: DateTime<Utc>| holds.then_some(at);
    Ok(recruitment::Model {
        id: id(&format!("recruitment {address}")),
        call_id: year.call,
        evaluator_id: None,
        invitation_id: None,
        email: Email::parse(address).map_err(|error| AppError::broken(error.0))?,
        name: name.to_owned(),
        state,
        message: "The evaluation is in the second half of November; the panel meets in December.".to_owned(),
        added_by: secretariat,
        added_at: listed,
        invited_by: invited.then_some(secretariat),
        invited_at: when(invited, sent),
        lapses_at: when(invited, sent + HOLDS),
        reminders: if waits { REMINDERS } else { 0 },
        reminded_at: when(waits, sent + TimeDelta::days(10)),
        escalated_at: None,
        answered_at: when(invited && !waits, sent + TimeDelta::hours(30)),
        signed_name: None,
        places: None,
        reason: None,
        version: 2,
    })
}
