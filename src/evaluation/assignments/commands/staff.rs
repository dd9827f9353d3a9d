//! What the secretariat does.

use super::{REASON, TaskRows, about, advance, ahead};
use crate::{
    evaluation::{
        assignments::{
            events::{About, AssignmentEvent, Between, ConflictEvent},
            queries::{Candidate, Candidates, sheet_text},
            rules::{self, Step},
        },
        conflicts::commands::{record, withdraw},
    },
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx, error::ForField, error::OnUnique},
};
use chrono::{DateTime, Utc};
use entity::{
    accounts::account,
    calls::call,
    evaluation::{assignment, conflict, score, sheet_version},
    proposals::proposal,
    types::{
        ids::{AccountId, AssignmentId, ConflictId, EvaluatorId, ProposalId},
        period,
        states::AssignmentState,
        text,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

/// Asks an expert of the pool to judge a proposal.
#[derive(Clone)]
pub struct InviteEvaluator {
    pub proposal: ProposalId,
    pub evaluator: EvaluatorId,
    pub due: Option<DateTime<Utc>>,
}

impl Command for InviteEvaluator {
    const NEEDS: Permission = Permission::AssignEvaluators;
    type Output = AssignmentId;

    fn about(&self) -> Subject {
        Subject::Proposal(self.proposal)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<AssignmentId>> {
        let due = ahead(tx, self.due)?;
        let candidates = Candidates::load(tx.conn(), leave, self.proposal).await?;
        let one = candidates.of(self.evaluator).ok_or(AppError::NotFound)?;
        if let Some(obstacle) = one.obstacle() {
            return Err(AppError::refused("not_assignable", format!("{} cannot be asked: {obstacle}.", one.name)));
        }
        let summary = candidates.summary();
        let (proposal, call) = (&candidates.dossier.proposal, &candidates.dossier.call);
        let expert = account::Entity::find_by_id(one.account).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
        let asking = Asking { proposal, call, evaluator: one.evaluator, expert: &expert, due, by: leave.account()? };
        let row = ask(tx, &asking, one.assignment.clone()).await?;
        let about = about(&row, proposal, call, &expert);
        Ok(tx.done(AssignmentEvent::Invited { about, summary }, row.id))
    }
}

/// Who is asked to judge what, when nothing stands against it.
pub(in crate::evaluation) struct Asking<'a> {
    pub proposal: &'a proposal::Model,
    pub call: &'a call::Model,
    pub evaluator: EvaluatorId,
    pub expert: &'a account::Model,
    pub due: Option<DateTime<Utc>>,
    pub by: AccountId,
}

/// Writes an invitation down, anew where the task was declined or taken back before.
async fn ask(tx: &Tx, asking: &Asking<'_>, before: Option<assignment::Model>) -> Result<assignment::Model> {
    if let Some(before) = before {
        let mut change = advance(before, Step::Invite)?;
        change.due_at = Set(asking.due);
        change.reason = Set(None);
        change.signed_name = Set(None);
        change.declared_at = Set(None);
        change.answered_at = Set(None);
        change.invited_by = Set(asking.by);
        change.invited_at = Set(tx.now());
        return Ok(change.update(tx.conn()).await?);
    }
    let row = assignment::Model {
        id: tx.new_id(),
        call_id: asking.call.id,
        proposal_id: asking.proposal.id,
        evaluator_id: asking.evaluator,
        account_id: asking.expert.id,
        state: AssignmentState::Invited,
        due_at: asking.due,
        signed_name: None,
        declared_at: None,
        reason: None,
        comment: String::new(),
        private_note: String::new(),
        invited_by: asking.by,
        invited_at: tx.now(),
        answered_at: None,
        submitted_at: None,
        reopened_reason: None,
        version: 1,
    };
    let twice = AppError::refused("not_assignable", format!("{} was asked already.", asking.expert.name));
    let new: assignment::ActiveModel = row.clone().into();
    assignment::Entity::insert(new.reset_all()).exec_without_returning(tx.conn()).await.on_unique(twice)?;
    Ok(row)
}

/// Lent to plans: asks somebody whom nothing stands against, and gives the task with what happened.
pub(in crate::evaluation) async fn invite(
    tx: &Tx,
    asking: &Asking<'_>,
    before: Option<assignment::Model>,
    summary: String,
) -> Result<(AssignmentId, AssignmentEvent)> {
    let row = ask(tx, asking, before).await?;
    let about = about(&row, asking.proposal, asking.call, asking.expert);
    Ok((row.id, AssignmentEvent::Invited { about, summary }))
}

/// Lent to plans: takes a task back, and gives what happened.
pub(in crate::evaluation) async fn take_back(tx: &Tx, id: AssignmentId, reason: &str) -> Result<AssignmentEvent> {
    let task = TaskRows::load(tx, id).await?;
    let about = task.about();
    let mut change = advance(task.row, Step::Withdraw)?;
    change.reason = Set(Some(reason.to_owned()));
    change.update(tx.conn()).await?;
    Ok(AssignmentEvent::Withdrawn { about, reason: reason.to_owned() })
}

/// Sets the date a sheet is due.
#[derive(Clone)]
pub struct SetDue {
    pub assignment: AssignmentId,
    pub due: Option<DateTime<Utc>>,
}

impl Command for SetDue {
    const NEEDS: Permission = Permission::AssignEvaluators;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Assignment(self.assignment)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let due = ahead(tx, self.due)?;
        let task = TaskRows::load(tx, self.assignment).await?;
        let shown = due.map(|at| period::in_zone(at, task.call.terms.zone)).unwrap_or_default();
        let before = task.about().due;
        let about = About { due: shown, ..task.about() };
        // The date is no content of the sheet: its version stays, so that an open sheet can still be saved.
        let mut change: assignment::ActiveModel = task.row.into();
        change.due_at = Set(due);
        change.update(tx.conn()).await?;
        Ok(tx.done(AssignmentEvent::DueSet { about, before }, ()))
    }
}

/// Reminds an expert who was invited or has not submitted.
#[derive(Clone)]
pub struct RemindEvaluator(pub AssignmentId);

impl Command for RemindEvaluator {
    const NEEDS: Permission = Permission::AssignEvaluators;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Assignment(self.0)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let task = TaskRows::load(tx, self.0).await?;
        if !rules::counts(task.row.state) || task.row.state == AssignmentState::Submitted {
            return Err(AppError::refused("nothing_open", format!("{} has nothing to do here.", task.expert.name)));
        }
        Ok(tx.done(AssignmentEvent::Reminded { about: task.about() }, ()))
    }
}

/// Gives a submitted sheet back to its expert.
#[derive(Clone)]
pub struct ReopenAssignment {
    pub assignment: AssignmentId,
    pub reason: String,
}

impl Command for ReopenAssignment {
    const NEEDS: Permission = Permission::AssignEvaluators;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Assignment(self.assignment)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let task = TaskRows::load(tx, self.assignment).await?;
        let reason = text::line(&self.reason, REASON).for_field("reason")?;
        let about = task.about();
        let before = task.row.clone();
        let mut change = advance(task.row, Step::Reopen)?;
        keep_version(tx, &before, &reason, leave.account()?).await?;
        change.reopened_reason = Set(Some(reason.clone()));
        change.submitted_at = Set(None);
        change.update(tx.conn()).await?;
        Ok(tx.done(AssignmentEvent::Reopened { about, reason }, ()))
    }
}

/// Keeps a sheet as it was handed in, before it is changed.
async fn keep_version(tx: &Tx, task: &assignment::Model, reason: &str, by: AccountId) -> Result<()> {
    let earlier =
        sheet_version::Entity::find().filter(sheet_version::Column::AssignmentId.eq(task.id)).count(tx.conn()).await?;
    let rows = score::Entity::find().filter(score::Column::AssignmentId.eq(task.id)).all(tx.conn()).await?;
    let row = sheet_version::ActiveModel {
        id: Set(tx.new_id()),
        assignment_id: Set(task.id),
        number: Set(i32::try_from(earlier + 1).unwrap_or(i32::MAX)),
        sheet: Set(sheet_text(task, &rows)),
        submitted_at: Set(task.submitted_at.unwrap_or(tx.now())),
        reopened_by: Set(by),
        reopened_at: Set(tx.now()),
        reopened_reason: Set(reason.to_owned()),
    };
    sheet_version::Entity::insert(row).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// Takes a task back.
#[derive(Clone)]
pub struct WithdrawAssignment {
    pub assignment: AssignmentId,
    pub reason: String,
}

impl Command for WithdrawAssignment {
    const NEEDS: Permission = Permission::AssignEvaluators;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Assignment(self.assignment)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let reason = text::line(&self.reason, REASON).for_field("reason")?;
        let event = take_back(tx, self.assignment, &reason).await?;
        Ok(tx.done(event, ()))
    }
}

/// Lets an invitation lapse that nobody answered in time; only the job does this.
#[derive(Clone)]
pub struct LapseInvitation(pub AssignmentId);

impl Command for LapseInvitation {
    const NEEDS: Permission = Permission::AssignEvaluators;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Assignment(self.0)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let task = TaskRows::load(tx, self.0).await?;
        if rules::answer_by(task.row.invited_at, task.row.due_at) > tx.now() {
            return Err(AppError::refused("not_over", "This invitation still waits for an answer."));
        }
        let about = task.about();
        let mut change = advance(task.row, Step::Lapse)?;
        change.reason = Set(Some(format!("no reply by {}", about.answer_by)));
        change.update(tx.conn()).await?;
        Ok(tx.done(AssignmentEvent::Lapsed { about }, ()))
    }
}

/// Writes down a conflict of interest the secretariat knows of.
#[derive(Clone)]
pub struct RecordConflict {
    pub proposal: ProposalId,
    pub evaluator: EvaluatorId,
    pub reason: String,
}

impl Command for RecordConflict {
    const NEEDS: Permission = Permission::AssignEvaluators;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Proposal(self.proposal)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let reason = text::line(&self.reason, REASON).for_field("reason")?;
        let candidates = Candidates::load(tx.conn(), leave, self.proposal).await?;
        let one = candidates.of(self.evaluator).ok_or(AppError::NotFound)?;
        let recorded = record(tx, one.account, self.proposal, &reason, leave.account()?).await?;
        let lost = match recorded.taken.first() {
            Some(task) => Some(Box::new(TaskRows::load(tx, *task).await?.about())),
            None => None,
        };
        let (between, late) = (between(&candidates, one), recorded.late);
        Ok(tx.done(ConflictEvent::Recorded { between, reason, lost, late }, ()))
    }
}

/// Takes back a conflict that was recorded by mistake; the expert can be asked again.
#[derive(Clone)]
pub struct WithdrawConflict {
    pub proposal: ProposalId,
    pub conflict: ConflictId,
    pub reason: String,
}

impl Command for WithdrawConflict {
    const NEEDS: Permission = Permission::AssignEvaluators;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Proposal(self.proposal)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let reason = text::line(&self.reason, REASON).for_field("reason")?;
        let row = conflict::Entity::find_by_id(self.conflict)
            .filter(conflict::Column::ProposalId.eq(self.proposal))
            .filter(conflict::Column::WithdrawnAt.is_null())
            .one(tx.conn())
            .await?
            .ok_or(AppError::NotFound)?;
        if row.account_id == leave.account()? {
            return Err(AppError::Denied(crate::kernel::error::Denial::Conflict));
        }
        let candidates = Candidates::load(tx.conn(), leave, self.proposal).await?;
        let one = candidates.all.iter().find(|c| c.account == row.account_id).ok_or(AppError::NotFound)?;
        withdraw(tx, row, &reason, leave.account()?).await?;
        Ok(tx.done(ConflictEvent::Withdrawn { between: between(&candidates, one), reason }, ()))
    }
}

fn between(candidates: &Candidates, one: &Candidate) -> Between {
    let proposal = &candidates.dossier.proposal;
    Between {
        call: proposal.call_id,
        proposal: proposal.id,
        code: proposal.code.clone(),
        expert_name: one.name.clone(),
    }
}
