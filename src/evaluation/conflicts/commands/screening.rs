//! What the check for conflicts finds, kept without losing what was decided.

use crate::{
    evaluation::conflicts::{events::FindingEvent, screening::Tie},
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx},
};
use entity::{
    calls::call,
    evaluation::{assignment, conflict_finding, conflict_screening},
    types::{
        ids::{AccountId, CallId, FindingId, JobId, ProposalId, ScreeningId},
        states::{AssignmentState, FindingState, FindingStrength},
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Orders the check by hand.
#[derive(Clone)]
pub struct OrderScreening(pub CallId);

impl Command for OrderScreening {
    const NEEDS: Permission = Permission::DecideConflicts;
    type Output = JobId;

    fn about(&self) -> Subject {
        Subject::Call(self.0)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<JobId>> {
        let job: JobId = tx.new_id();
        Ok(tx.done(FindingEvent::ScreeningOrdered { call: self.0, job }, job))
    }
}

/// Keeps what was found between some proposals and everybody, or one person.
#[derive(Clone)]
pub struct StoreFindings {
    pub call: CallId,
    pub found: Vec<(ProposalId, Vec<Tie>)>,
    pub only: Option<AccountId>,
}

/// What is new.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    pub fresh: usize,
    /// Whether one of them is more than a hint about somebody who judges the proposal at present.
    pub alarm: bool,
}

impl Command for StoreFindings {
    const NEEDS: Permission = Permission::DecideConflicts;
    type Output = Stored;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<Stored>> {
        let proposals: Vec<ProposalId> = self.found.iter().map(|(id, _)| *id).collect();
        let mut select =
            conflict_finding::Entity::find().filter(conflict_finding::Column::ProposalId.is_in(proposals.clone()));
        if let Some(one) = self.only {
            select = select.filter(conflict_finding::Column::AccountId.eq(one));
        }
        let key = |row: &conflict_finding::Model| (row.proposal_id, row.account_id, row.fingerprint.clone());
        let mut known: BTreeMap<_, _> = select.all(tx.conn()).await?.into_iter().map(|row| (key(&row), row)).collect();
        let judging = judging(tx, &proposals).await?;
        let (mut new, mut gone, mut outcome) = (Vec::new(), 0, Stored::default());
        for (proposal, ties) in self.found {
            for tie in ties {
                let grave = tie.strength >= FindingStrength::Likely && judging.contains(&(proposal, tie.account));
                match known.remove(&(proposal, tie.account, tie.fingerprint.clone())) {
                    None => {
                        outcome.fresh += 1;
                        outcome.alarm |= grave;
                        new.push(row(tx, self.call, proposal, tie));
                    }
                    Some(row) if row.state == FindingState::Gone => {
                        outcome.fresh += 1;
                        outcome.alarm |= grave;
                        put(tx, row, FindingState::Open, &tie).await?;
                    }
                    Some(row) if row.state == FindingState::Open && differs(&row, &tie) => {
                        put(tx, row, FindingState::Open, &tie).await?;
                    }
                    Some(_) => {}
                }
            }
        }
        for row in known.into_values().filter(|row| row.state == FindingState::Open) {
            gone += 1;
            let version = row.version + 1;
            let mut change = row.into_active_model();
            change.state = Set(FindingState::Gone);
            change.version = Set(version);
            change.update(tx.conn()).await?;
        }
        for some in new.chunks(50) {
            let rows = some.iter().cloned().map(|row| row.into_active_model().reset_all());
            conflict_finding::Entity::insert_many(rows).exec_without_returning(tx.conn()).await?;
        }
        Ok(tx.done(FindingEvent::Stored { call: self.call, fresh: outcome.fresh, gone }, outcome))
    }
}

fn differs(row: &conflict_finding::Model, tie: &Tie) -> bool {
    row.strength != tie.strength || row.path != tie.path || row.on_day != tie.on
}

async fn put(tx: &Tx, row: conflict_finding::Model, state: FindingState, tie: &Tie) -> Result<()> {
    let version = row.version + 1;
    let mut change = row.into_active_model();
    change.state = Set(state);
    change.strength = Set(tie.strength);
    change.path = Set(tie.path.clone());
    change.on_day = Set(tie.on);
    change.version = Set(version);
    change.update(tx.conn()).await?;
    Ok(())
}

fn row(tx: &Tx, call: CallId, proposal: ProposalId, tie: Tie) -> conflict_finding::Model {
    conflict_finding::Model {
        id: tx.new_id::<FindingId>(),
        call_id: call,
        proposal_id: proposal,
        account_id: tie.account,
        kind: tie.kind,
        strength: tie.strength,
        party: tie.party,
        own: tie.own,
        met: tie.met,
        path: tie.path,
        on_day: tie.on,
        state: FindingState::Open,
        fingerprint: tie.fingerprint,
        found_at: tx.now(),
        decided_by: None,
        decided_at: None,
        reason: None,
        conflict_id: None,
        version: 1,
    }
}

/// Who has a task with which of these proposals.
async fn judging(tx: &Tx, proposals: &[ProposalId]) -> Result<BTreeSet<(ProposalId, AccountId)>> {
    let rows = assignment::Entity::find()
        .filter(assignment::Column::ProposalId.is_in(proposals.to_vec()))
        .filter(assignment::Column::State.is_in([
            AssignmentState::Invited,
            AssignmentState::Accepted,
            AssignmentState::InProgress,
            AssignmentState::Submitted,
        ]))
        .all(tx.conn())
        .await?;
    Ok(rows.into_iter().map(|row| (row.proposal_id, row.account_id)).collect())
}

/// Notes that a call was looked through.
#[derive(Clone)]
pub struct NoteScreening {
    pub call: CallId,
    pub people: usize,
    pub proposals: usize,
    pub alarm: bool,
    /// Whether everybody was looked up, not only one person.
    pub whole: bool,
}

impl Command for NoteScreening {
    const NEEDS: Permission = Permission::DecideConflicts;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let Self { call, people, proposals, alarm, whole } = self;
        let code = call::Entity::find_by_id(call).one(tx.conn()).await?.ok_or(AppError::NotFound)?.code;
        if whole {
            note(tx, call, people, proposals).await?;
        }
        Ok(tx.done(FindingEvent::Screened { call, code, people, proposals, alarm }, ()))
    }
}

async fn note(tx: &Tx, call: CallId, people: usize, proposals: usize) -> Result<()> {
    let before =
        conflict_screening::Entity::find().filter(conflict_screening::Column::CallId.eq(call)).one(tx.conn()).await?;
    let small = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    let row = conflict_screening::ActiveModel {
        id: Set(before.as_ref().map_or_else(|| tx.new_id::<ScreeningId>(), |row| row.id)),
        call_id: Set(call),
        ran_at: Set(tx.now()),
        people: Set(small(people)),
        proposals: Set(small(proposals)),
    };
    match before {
        Some(_) => {
            row.update(tx.conn()).await?;
        }
        None => {
            conflict_screening::Entity::insert(row).exec_without_returning(tx.conn()).await?;
        }
    }
    Ok(())
}
