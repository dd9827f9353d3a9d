//! Drafting decisions: one with everything it says, or many alike.

use super::super::{
    events::DecisionEvent,
    rules,
    walk::{self, Walk, WalkLine, WalkPart},
};
use crate::kernel::{
    AppError, Command, Done, Leave, Permission, Result, Subject, Tx, access::scope, error::FieldErrors,
};
use chrono::NaiveDate;
use entity::{
    accounts::account,
    decisions::decision,
    proposals::part,
    types::{
        ids::{CallId, PartId},
        money::Money,
        period,
        states::{DecisionState, Outcome, Role},
        text,
    },
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    TryIntoModel,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Sets an agency's pending decision on one part.
#[derive(Clone)]
pub struct DraftDecision {
    pub part: PartId,
    pub outcome: Outcome,
    /// As typed; needed when the part is funded and asks for money.
    pub amount: String,
    pub reason: String,
    pub conditions: String,
    /// The last day of the reserve list, as typed; a year from now when nothing is typed.
    pub reserve_until: String,
    /// The version the officer saw; 0 when there was none.
    pub seen: i64,
}

/// What a decision says, read and checked.
#[derive(Clone)]
struct Says {
    outcome: Outcome,
    amount: Money,
    reason: String,
    conditions: String,
    reserve_until: Option<NaiveDate>,
}

impl Command for DraftDecision {
    const NEEDS: Permission = Permission::DraftDecision;
    /// The new version.
    type Output = i64;

    fn about(&self) -> Subject {
        Subject::Part(self.part)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<i64>> {
        let call = walk::call_of(tx.conn(), self.part).await?;
        let walk = walk::load(tx.conn(), call).await?;
        let Some((line, part)) = walk.parts().find(|(_, p)| p.part.id == self.part) else {
            return Err(AppError::refused("not_ranked", "This part is not in the fixed ranking."));
        };
        let says = self.read(&walk, line, part, today(tx, &walk))?;
        if let Some(row) = &part.decision {
            if row.state == DecisionState::Released {
                return Err(AppError::refused("released", "This decision was released and does not change any more."));
            }
            if row.version != self.seen {
                return Err(stale(tx.conn(), row).await?);
            }
        }
        let row = write(tx, leave, &walk, part, &says).await?;
        Ok(tx.done(drafted(&walk, line, part, &says), row.version))
    }
}

impl DraftDecision {
    fn read(&self, walk: &Walk, line: &WalkLine, part: &WalkPart, today: NaiveDate) -> Result<Says> {
        let mut errors = FieldErrors::default();
        let zero = Money::zero(part.requested.currency);
        let amount = match self.outcome {
            Outcome::Fund if part.requested.minor == 0 && self.amount.trim().is_empty() => zero,
            Outcome::Fund => errors.take("amount", Money::parse(&self.amount, part.requested.currency)).unwrap_or(zero),
            Outcome::Reserve | Outcome::Reject => zero,
        };
        let reason = errors.take("reason", text::prose(&self.reason, 4_000)).unwrap_or_default();
        if reason.trim().is_empty() {
            errors.add("reason", "Say why: the applicant reads it in the letter");
        }
        let conditions = errors.take("conditions", text::prose(&self.conditions, 4_000)).unwrap_or_default();
        let until = match (self.outcome, self.reserve_until.trim()) {
            (Outcome::Reserve, "") => Some(rules::reserve_until(today)),
            (Outcome::Reserve, typed) => errors.take("reserve_until", period::parse_day(typed)),
            _ => None,
        };
        if until.is_some_and(|day| day <= today) {
            errors.add("reserve_until", "The reserve list must hold longer than today");
        }
        let says = Says { outcome: self.outcome, amount, reason, conditions, reserve_until: until };
        if errors.is_empty() {
            check(walk, line, part, &says, &mut errors);
        }
        errors.done()?;
        Ok(says)
    }
}

/// Notes what stands against a decision.
fn check(walk: &Walk, line: &WalkLine, part: &WalkPart, says: &Says, errors: &mut FieldErrors) {
    if says.outcome != Outcome::Reject && !line.passes {
        errors.add("outcome", "The proposal is below a threshold of the call and cannot be funded");
        return;
    }
    let Some(agency) = walk.agency(part.agency).filter(|_| says.outcome == Outcome::Fund) else {
        return;
    };
    let others = walk.funded(part.agency, Some(part.part.id));
    let funded = Money::new(others + says.amount.minor, says.amount.currency);
    let checked = rules::check_amount(&agency.terms, part.requested, says.amount).and_then(|()| {
        // Who gives nothing needs no budget.
        if says.amount.minor == 0 { Ok(()) } else { rules::check_budget(walk.available(agency), funded) }
    });
    errors.take("amount", checked);
}

/// One part among many, as it was ticked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pick {
    pub part: PartId,
    /// The version of its decision that was seen; 0 when there was none.
    pub seen: i64,
}

/// Decides alike on many parts of the actor's agencies: funded parts get what they ask for. What cannot be decided so
/// stays as it is and is named; the rest is decided.
#[derive(Clone)]
pub struct DecideMany {
    pub call: CallId,
    pub picks: Vec<Pick>,
    pub outcome: Outcome,
    pub reason: String,
}

/// What became of many decisions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecidedMany {
    pub decided: u64,
    /// What could not be decided, and why.
    pub problems: Vec<String>,
}

impl Command for DecideMany {
    const NEEDS: Permission = Permission::DraftDecision;
    type Output = DecidedMany;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<DecidedMany>> {
        let mut errors = FieldErrors::default();
        if self.picks.is_empty() {
            errors.add("pick", "Tick at least one part");
        }
        let reason = errors.take("many_reason", text::prose(&self.reason, 4_000)).unwrap_or_default();
        if reason.trim().is_empty() {
            errors.add("many_reason", "Say why: the applicants read it in their letters");
        }
        errors.done()?;
        let mine = own_parts(tx.conn(), leave, &self.picks).await?;
        let (mut events, mut problems) = (Vec::new(), Vec::new());
        let mut walk = walk::load(tx.conn(), self.call).await?;
        for pick in &self.picks {
            let place = walk.place(pick.part).filter(|_| mine.contains(&pick.part)).ok_or(AppError::NotFound)?;
            let (line, part) = walk.at(place);
            if !covers(leave, part) {
                return Err(AppError::NotFound);
            }
            match self.one(&walk, line, part, pick.seen, &reason, today(tx, &walk)) {
                Ok(says) => {
                    events.push(drafted(&walk, line, part, &says));
                    let row = write(tx, leave, &walk, part, &says).await?;
                    // The next one is measured against what this one leaves of the budget.
                    walk.decide(place, row);
                }
                Err(why) => problems.push(format!("{}, {}: {why}", line.proposal.code, part.organisation)),
            }
        }
        let output = DecidedMany { decided: events.len() as u64, problems };
        let mut events = events.into_iter();
        let Some(first) = events.next() else {
            return Err(AppError::Invalid(FieldErrors(
                output.problems.into_iter().map(|problem| ("pick".to_owned(), problem)).collect(),
            )));
        };
        Ok(events.fold(tx.done(first, output), |done, event| done.and(event)))
    }
}

impl DecideMany {
    /// What is decided on one part, or why it cannot be.
    fn one(
        &self,
        walk: &Walk,
        line: &WalkLine,
        part: &WalkPart,
        seen: i64,
        reason: &str,
        today: NaiveDate,
    ) -> Result<Says, String> {
        if part.decision.as_ref().is_some_and(|row| row.state == DecisionState::Released) {
            return Err("it was released".to_owned());
        }
        if part.decision.as_ref().map_or(0, |row| row.version) != seen {
            return Err("somebody changed it meanwhile".to_owned());
        }
        let fund = self.outcome == Outcome::Fund;
        let says = Says {
            outcome: self.outcome,
            amount: if fund { part.requested } else { Money::zero(part.requested.currency) },
            reason: reason.to_owned(),
            conditions: part.decision.as_ref().map(|row| row.conditions.clone()).unwrap_or_default(),
            reserve_until: (self.outcome == Outcome::Reserve).then(|| rules::reserve_until(today)),
        };
        let mut errors = FieldErrors::default();
        check(walk, line, part, &says, &mut errors);
        match errors.list().first() {
            Some((_, message)) => Err((*message).to_owned()),
            None => Ok(says),
        }
    }
}

/// Those of the ticked parts that the actor may see at all: no draft, and no proposal of a conflict.
async fn own_parts(db: &impl ConnectionTrait, leave: Leave<'_>, picks: &[Pick]) -> Result<BTreeSet<PartId>> {
    let ids = scope::parts(leave)
        .filter(part::Column::Id.is_in(picks.iter().map(|pick| pick.part)))
        .select_only()
        .column(part::Column::Id)
        .into_tuple::<PartId>()
        .all(db)
        .await?;
    Ok(ids.into_iter().collect())
}

/// Whether the part is one of the actor's own agency.
fn covers(leave: Leave<'_>, part: &WalkPart) -> bool {
    leave.actor().agencies(Role::AgencyOfficer).contains(&part.agency)
}

fn today(tx: &Tx, walk: &Walk) -> NaiveDate {
    tx.now().with_timezone(&walk.call.terms.zone).date_naive()
}

/// Writes the decision on a part.
async fn write(tx: &Tx, leave: Leave<'_>, walk: &Walk, part: &WalkPart, says: &Says) -> Result<decision::Model> {
    let before = part.decision.clone();
    let version = before.as_ref().map_or(1, |row| row.version + 1);
    let new = before.is_none();
    let mut row = before.map_or_else(
        || decision::ActiveModel {
            id: Set(tx.new_id()),
            part_id: Set(part.part.id),
            currency: Set(part.part.currency),
            state: Set(DecisionState::Pending),
            released_by: Set(None),
            released_at: Set(None),
            letter_file_id: Set(None),
            reserve_place: Set(None),
            ..Default::default()
        },
        Into::into,
    );
    row.ranking_id = Set(walk.ranking);
    row.outcome = Set(says.outcome);
    row.minor = Set(says.amount.minor);
    row.reason = Set(says.reason.clone());
    row.conditions = Set(says.conditions.clone());
    row.reserve_until = Set(says.reserve_until);
    row.drafted_by = Set(leave.account()?);
    row.drafted_at = Set(tx.now());
    row.version = Set(version);
    if !new {
        return Ok(row.update(tx.conn()).await?);
    }
    decision::Entity::insert(row.clone()).exec_without_returning(tx.conn()).await?;
    Ok(row.try_into_model()?)
}

fn drafted(walk: &Walk, line: &WalkLine, part: &WalkPart, says: &Says) -> DecisionEvent {
    let confirmed = walk.agency(part.agency).and_then(|agency| walk.confirmation(agency));
    DecisionEvent::Drafted {
        call: walk.call.id,
        proposal: line.proposal.id,
        part: part.part.id,
        outcome: says.outcome,
        amount: says.amount,
        before: part.decision.as_ref().map(|d| d.outcome),
        taken_back: confirmed.map(|c| c.name.clone()),
    }
}

async fn stale(db: &impl ConnectionTrait, row: &decision::Model) -> Result<AppError> {
    let by = account::Entity::find_by_id(row.drafted_by).one(db).await?.map(|a| a.name).unwrap_or_default();
    Ok(AppError::Stale { by, at: row.drafted_at, version: row.version })
}
