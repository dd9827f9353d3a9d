//! What officers and the secretariat do with decisions.

use super::{
    events::{DecisionEvent, Told},
    rules,
    walk::{self, Walk, WalkLine, WalkPart},
};
use crate::{
    calls::{publishing::commands::step, rules::CallStep},
    documents::files::{NewFile, commands as files},
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx, error::FieldErrors},
    proposals::{rules::PartStep, states::commands::advance},
};
use entity::{
    accounts::account,
    decisions::decision,
    types::{
        ids::{AccountId, CallId, DecisionId, FileId, PartId},
        money::Money,
        states::{DecisionState, Outcome, PartState},
        text,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait};

/// Proposes an outcome for every part without a decision, from the walk down the fixed ranking.
#[derive(Clone)]
pub struct ProposeDecisions(pub CallId);

impl Command for ProposeDecisions {
    const NEEDS: Permission = Permission::ProposeDecisions;
    /// The number of parts that got a proposal.
    type Output = u64;

    fn about(&self) -> Subject {
        Subject::Call(self.0)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<u64>> {
        let walk = walk::load(tx.conn(), self.0).await?;
        let Some(ranking) = walk.ranking else {
            return Err(AppError::refused("no_ranking", "The ranking is not fixed yet."));
        };
        let proposed = rules::propose(&walk.ranked(), &walk.strict_skip(), &walk.names());
        let mut rows = Vec::new();
        for (_, line) in walk.parts().filter(|(_, p)| p.decision.is_none()) {
            let Some(one) = proposed.get(&line.part.id) else {
                continue;
            };
            rows.push(decision::ActiveModel {
                id: Set(tx.new_id()),
                part_id: Set(line.part.id),
                ranking_id: Set(Some(ranking)),
                outcome: Set(one.outcome),
                minor: Set(if one.outcome == Outcome::Fund { one.minor } else { 0 }),
                currency: Set(line.part.currency),
                reason: Set(one.reason.clone()),
                conditions: Set(String::new()),
                state: Set(DecisionState::Pending),
                drafted_by: Set(leave.account()?),
                drafted_at: Set(tx.now()),
                released_by: Set(None),
                released_at: Set(None),
                letter_file_id: Set(None),
                version: Set(1),
            });
        }
        let parts = rows.len();
        if parts == 0 {
            return Err(AppError::refused("nothing_to_propose", "Every part has a decision already."));
        }
        decision::Entity::insert_many(rows).exec_without_returning(tx.conn()).await?;
        let event = DecisionEvent::Proposed { call: self.0, code: walk.call.code, parts };
        Ok(tx.done(event, parts as u64))
    }
}

/// Lets pending decisions refer to the ranking that is fixed now, after a new version was signed. What agencies wrote
/// stays: they are told to look again.
#[derive(Clone)]
pub struct FollowRanking(pub CallId);

impl Command for FollowRanking {
    const NEEDS: Permission = Permission::ProposeDecisions;
    /// The number of decisions that refer to another ranking now.
    type Output = u64;

    fn about(&self) -> Subject {
        Subject::Call(self.0)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<u64>> {
        let walk = walk::load(tx.conn(), self.0).await?;
        let mut moved = 0;
        for (_, part) in walk.parts() {
            let pending = part.decision.clone().filter(|row| row.state == DecisionState::Pending);
            let Some(row) = pending.filter(|row| row.ranking_id != walk.ranking) else { continue };
            let version = row.version + 1;
            let mut row: decision::ActiveModel = row.into();
            row.ranking_id = Set(walk.ranking);
            row.version = Set(version);
            row.update(tx.conn()).await?;
            moved += 1;
        }
        Ok(tx.done(DecisionEvent::Followed { call: self.0, decisions: moved }, moved))
    }
}

/// Sets an agency's pending decision on one part.
#[derive(Clone)]
pub struct DraftDecision {
    pub part: PartId,
    pub outcome: Outcome,
    /// As typed; needed when the part is funded.
    pub amount: String,
    pub reason: String,
    pub conditions: String,
    /// The version the officer saw; 0 when there was none.
    pub seen: i64,
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
        let (amount, reason, conditions) = self.read(&walk, line, part)?;
        let before = part.decision.clone();
        if let Some(row) = &before {
            if row.state == DecisionState::Released {
                return Err(AppError::refused("released", "This decision was released and does not change any more."));
            }
            if row.version != self.seen {
                return Err(stale(tx.conn(), row).await?);
            }
        }
        let version = before.as_ref().map_or(1, |row| row.version + 1);
        let mut row = before.clone().map_or_else(
            || decision::ActiveModel {
                id: Set(tx.new_id()),
                part_id: Set(self.part),
                currency: Set(part.part.currency),
                state: Set(DecisionState::Pending),
                released_by: Set(None),
                released_at: Set(None),
                letter_file_id: Set(None),
                ..Default::default()
            },
            Into::into,
        );
        row.ranking_id = Set(walk.ranking);
        row.outcome = Set(self.outcome);
        row.minor = Set(amount.minor);
        row.reason = Set(reason);
        row.conditions = Set(conditions);
        row.drafted_by = Set(leave.account()?);
        row.drafted_at = Set(tx.now());
        row.version = Set(version);
        match before {
            Some(_) => {
                row.update(tx.conn()).await?;
            }
            None => {
                decision::Entity::insert(row).exec_without_returning(tx.conn()).await?;
            }
        }
        let event = DecisionEvent::Drafted {
            call,
            proposal: line.proposal.id,
            part: self.part,
            outcome: self.outcome,
            amount,
            before: part.decision.as_ref().map(|d| d.outcome),
        };
        Ok(tx.done(event, version))
    }
}

impl DraftDecision {
    fn read(&self, walk: &Walk, line: &WalkLine, part: &WalkPart) -> Result<(Money, String, String)> {
        let mut errors = FieldErrors::default();
        let zero = Money::zero(part.requested.currency);
        let amount = match self.outcome {
            Outcome::Fund => errors.take("amount", Money::parse(&self.amount, part.requested.currency)).unwrap_or(zero),
            Outcome::Reserve | Outcome::Reject => zero,
        };
        let reason = errors.take("reason", text::prose(&self.reason, 4_000)).unwrap_or_default();
        if reason.trim().is_empty() {
            errors.add("reason", "Say why: the applicant reads it in the letter");
        }
        let conditions = errors.take("conditions", text::prose(&self.conditions, 4_000)).unwrap_or_default();
        if self.outcome != Outcome::Reject && !line.passes {
            errors.add("outcome", "The proposal is below a threshold of the call and cannot be funded");
        }
        if self.outcome == Outcome::Fund
            && errors.is_empty()
            && let Some(agency) = walk.agency(part.agency)
        {
            let funded = Money::new(walk.funded(part.agency, Some(self.part)) + amount.minor, amount.currency);
            let checked = rules::check_amount(&agency.terms, part.requested, amount)
                .and_then(|()| rules::check_budget(agency.budget, funded));
            errors.take("amount", checked);
        }
        errors.done()?;
        Ok((amount, reason, conditions))
    }
}

/// Releases every decision of a call at once.
#[derive(Clone)]
pub struct ReleaseDecisions {
    pub call: CallId,
    /// How many decisions the secretariat saw in the preview; another number means it changed meanwhile.
    pub seen: usize,
}

impl Command for ReleaseDecisions {
    const NEEDS: Permission = Permission::ReleaseDecisions;
    type Output = u64;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<u64>> {
        let walk = walk::load(tx.conn(), self.call).await?;
        let undecided = walk.parts().filter(|(_, p)| p.decision.is_none()).count();
        if undecided > 0 {
            let message = format!("{undecided} parts have no decision yet.");
            return Err(AppError::refused("undecided", message));
        }
        for agency in &walk.agencies {
            let funded = Money::new(walk.funded(agency.agency, None), agency.budget.currency);
            rules::check_budget(agency.budget, funded)?;
        }
        let told = walk.parts().filter_map(|(line, part)| told(&walk, line, part)).collect::<Vec<_>>();
        if told.len() != self.seen {
            let message = "The decisions changed since you saw them. Please look at the preview again.";
            return Err(AppError::refused("preview_outdated", message));
        }
        let by = leave.account()?;
        for (_, part) in walk.parts() {
            let Some(row) = part.decision.clone() else {
                continue;
            };
            move_part(tx, &part.part.state, part.part.id, row.outcome).await?;
            release(tx, row, by).await?;
        }
        let moved = step(tx, self.call, CallStep::Decide).await?;
        let count = told.len() as u64;
        let released = DecisionEvent::Released { call: self.call, code: walk.call.code.clone(), told };
        Ok(tx.done(released, count).and(moved))
    }
}

async fn release(tx: &Tx, row: decision::Model, by: AccountId) -> Result<()> {
    let version = row.version + 1;
    let mut row: decision::ActiveModel = row.into();
    row.state = Set(DecisionState::Released);
    row.released_by = Set(Some(by));
    row.released_at = Set(Some(tx.now()));
    row.version = Set(version);
    row.update(tx.conn()).await?;
    Ok(())
}

async fn move_part(tx: &Tx, from: &PartState, part: PartId, outcome: Outcome) -> Result<()> {
    let step = match (from, outcome) {
        (PartState::Recommended, Outcome::Fund) => PartStep::Award,
        (PartState::Recommended, Outcome::Reserve) => PartStep::Reserve,
        (_, Outcome::Reject) => PartStep::Reject,
        _ => return Err(AppError::refused("below_threshold", "A part below a threshold can only be rejected.")),
    };
    advance(tx, part, step).await?;
    Ok(())
}

fn told(walk: &Walk, line: &WalkLine, part: &WalkPart) -> Option<Told> {
    let decision = part.decision.as_ref()?;
    Some(Told {
        proposal: line.proposal.id,
        part: part.part.id,
        code: line.proposal.code.clone(),
        title: line.proposal.title.clone(),
        agency: walk.agency(part.agency).map(|a| a.name.clone()).unwrap_or_default(),
        outcome: decision.outcome,
        amount: Money::new(decision.minor, decision.currency),
        reason: decision.reason.clone(),
        conditions: decision.conditions.clone(),
    })
}

/// Keeps the printed letter of a decision; only the job does this.
#[derive(Clone)]
pub struct StoreLetter {
    pub call: CallId,
    pub decision: DecisionId,
    pub file: NewFile,
}

impl Command for StoreLetter {
    const NEEDS: Permission = Permission::ReleaseDecisions;
    type Output = Option<FileId>;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<Option<FileId>>> {
        let row = decision::Entity::find_by_id(self.decision).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
        let part = row.part_id;
        let event = DecisionEvent::LetterStored { call: self.call, part, decision: self.decision };
        if row.letter_file_id.is_some() {
            return Ok(tx.done(event, row.letter_file_id));
        }
        let file = files::insert(tx, &self.file, Subject::Decision(self.decision), None).await?;
        let mut row: decision::ActiveModel = row.into();
        row.letter_file_id = Set(Some(file));
        row.update(tx.conn()).await?;
        Ok(tx.done(event, Some(file)))
    }
}

async fn stale(db: &impl ConnectionTrait, row: &decision::Model) -> Result<AppError> {
    let by = account::Entity::find_by_id(row.drafted_by).one(db).await?.map(|a| a.name).unwrap_or_default();
    Ok(AppError::Stale { by, at: row.drafted_at, version: row.version })
}
