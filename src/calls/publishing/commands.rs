//! What people and the clock do to a call as a whole.

use super::{
    events::{ClosingLine, Named, PublishingEvent},
    rules,
};
use crate::{
    calls::{
        figures::queries::figures,
        rules::{CallStep, IllegalStep, next},
        stored::{self, StoredAnnex},
    },
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx, error::FieldErrors},
};
use entity::{
    calls::{annex, call},
    proposals::part,
    types::{
        ids::{AnnexId, CallId},
        period,
        states::{AnnexState, CallState, PartState},
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

impl From<IllegalStep> for AppError {
    fn from(refusal: IllegalStep) -> Self {
        Self::refused("illegal_step", refusal.to_string())
    }
}

/// Moves a call for another area (ranking fixed, decisions released) in that area's command.
///
/// # Errors
/// When the step does not start in the call's state.
pub async fn step(tx: &Tx, call: CallId, step: CallStep) -> Result<PublishingEvent> {
    let row = stored::call(tx.conn(), call).await?;
    let to = moved(tx, row, step, |_| {}).await?;
    Ok(PublishingEvent::Stepped { call, to })
}

/// Writes the state a step leads to, and what else the step sets.
async fn moved(
    tx: &Tx,
    row: call::Model,
    step: CallStep,
    also: impl FnOnce(&mut call::ActiveModel),
) -> Result<CallState> {
    let to = next(row.state, step)?;
    let revision = row.revision + 1;
    let mut change: call::ActiveModel = row.into();
    change.state = Set(to);
    change.revision = Set(revision);
    also(&mut change);
    change.update(tx.conn()).await?;
    Ok(to)
}

fn named(row: &call::Model) -> Named {
    Named { id: row.id, code: row.code.clone(), title: row.title.clone() }
}

fn refuse(found: rules::Places) -> Result<()> {
    FieldErrors(found).done()
}

/// Hands a draft to the agencies: refuses with everything the call's own terms still lack.
#[derive(Debug, Clone)]
pub struct SubmitForApproval(pub CallId);

impl Command for SubmitForApproval {
    const NEEDS: Permission = Permission::EditCall;
    type Output = CallState;

    fn about(&self) -> Subject {
        Subject::Call(self.0)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<CallState>> {
        let row = stored::call(tx.conn(), self.0).await?;
        next(row.state, CallStep::SendToAgencies)?;
        let annexes = stored::annexes(tx.conn(), self.0).await?;
        refuse(rules::obstacles_to_review(&row.terms, &stored::named(&annexes)))?;
        let call = named(&row);
        let to = moved(tx, row, CallStep::SendToAgencies, |_| {}).await?;
        Ok(tx.done(PublishingEvent::SentToAgencies(call), to))
    }
}

/// Takes a call back from the agencies to change it; all approvals fall.
#[derive(Debug, Clone)]
pub struct TakeBack(pub CallId);

impl Command for TakeBack {
    const NEEDS: Permission = Permission::EditCall;
    type Output = CallState;

    fn about(&self) -> Subject {
        Subject::Call(self.0)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<CallState>> {
        let row = stored::call(tx.conn(), self.0).await?;
        let call = named(&row);
        let to = moved(tx, row, CallStep::TakeBack, |_| {}).await?;
        let mut approvals = 0;
        for annex in stored::annexes(tx.conn(), self.0).await?.into_iter().map(|a| a.row) {
            if annex.state == AnnexState::Approved {
                approvals += 1;
                withdraw_approval(tx, annex).await?;
            }
        }
        Ok(tx.done(PublishingEvent::TakenBack { call, approvals }, to))
    }
}

async fn withdraw_approval(tx: &Tx, row: annex::Model) -> Result<()> {
    let mut change: annex::ActiveModel = row.into();
    change.state = Set(AnnexState::Draft);
    change.approved_by = Set(None);
    change.approved_at = Set(None);
    change.update(tx.conn()).await?;
    Ok(())
}

/// The agency agrees to its annex as it stands; `seen` is the version the officer read.
#[derive(Debug, Clone)]
pub struct ApproveAnnex {
    pub annex: AnnexId,
    pub seen: i64,
}

impl Command for ApproveAnnex {
    const NEEDS: Permission = Permission::ApproveAnnex;
    type Output = AnnexState;

    fn about(&self) -> Subject {
        Subject::Annex(self.annex)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<AnnexState>> {
        let StoredAnnex { row, agency } = stored::annex(tx.conn(), self.annex).await?;
        if row.version != self.seen {
            return Err(crate::kernel::audit::stale(tx.conn(), self.about(), row.version, tx.now()).await);
        }
        if row.state == AnnexState::Approved {
            return Err(AppError::refused("already_approved", "This annex is approved already."));
        }
        let call = stored::call(tx.conn(), row.call_id).await?;
        let annexes = stored::annexes(tx.conn(), row.call_id).await?;
        let position = annexes.iter().position(|a| a.row.id == row.id).unwrap_or_default();
        refuse(rules::obstacles_to_approval(&call.terms, &stored::named(&annexes), position))?;
        let event = PublishingEvent::AnnexApproved { call: call.id, annex: row.id, agency: agency.name };
        let mut change: annex::ActiveModel = row.into();
        change.state = Set(AnnexState::Approved);
        change.approved_by = Set(Some(leave.account()?));
        change.approved_at = Set(Some(tx.now()));
        change.update(tx.conn()).await?;
        Ok(tx.done(event, AnnexState::Approved))
    }
}

/// Announces a call: from now on it is public, and its terms change by corrigendum only.
#[derive(Debug, Clone)]
pub struct PublishCall(pub CallId);

impl Command for PublishCall {
    const NEEDS: Permission = Permission::PublishCall;
    type Output = CallState;

    fn about(&self) -> Subject {
        Subject::Call(self.0)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<CallState>> {
        let row = stored::call(tx.conn(), self.0).await?;
        next(row.state, CallStep::Announce)?;
        let annexes = stored::annexes(tx.conn(), self.0).await?;
        let found = rules::obstacles_to_announcing(&row.terms, &stored::in_editor(&annexes), tx.now());
        refuse(found.into_iter().map(|message| (String::new(), message)).collect())?;
        let opens_at = row.terms.opens_at.unwrap_or(tx.now());
        let event = PublishingEvent::Announced {
            call: named(&row),
            summary: row.terms.summary.clone(),
            opens: period::in_zone(opens_at, row.terms.zone),
            opens_at,
            closing: closing(&annexes),
        };
        let closes_at = stored::closes_at(annexes.iter().map(|a| &a.row.terms));
        let now = tx.now();
        let to = moved(tx, row, CallStep::Announce, |change| {
            change.announced_at = Set(Some(now));
            change.opens_at = Set(Some(opens_at));
            change.closes_at = Set(closes_at);
        })
        .await?;
        Ok(tx.done(event, to))
    }
}

fn closing(annexes: &[StoredAnnex]) -> Vec<ClosingLine> {
    annexes
        .iter()
        .map(|a| ClosingLine { agency: a.agency.name.clone(), deadline: a.row.terms.deadline.to_string() })
        .collect()
}

/// Opens an announced call when its time has come.
#[derive(Debug, Clone)]
pub struct OpenCall(pub CallId);

impl Command for OpenCall {
    const NEEDS: Permission = Permission::PublishCall;
    type Output = CallState;

    fn about(&self) -> Subject {
        Subject::Call(self.0)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<CallState>> {
        let row = stored::call(tx.conn(), self.0).await?;
        next(row.state, CallStep::Open)?;
        if !rules::may_open(&row.terms, tx.now()) {
            return Err(AppError::refused("too_early", "The opening time of this call has not come yet."));
        }
        let annexes = stored::annexes(tx.conn(), self.0).await?;
        let event = PublishingEvent::Opened {
            call: named(&row),
            summary: row.terms.summary.clone(),
            closes_at: row.closes_at,
            closing: closing(&annexes),
        };
        let to = moved(tx, row, CallStep::Open, |_| {}).await?;
        Ok(tx.done(event, to))
    }
}

/// Closes an open call when the last agency's deadline has passed.
#[derive(Debug, Clone)]
pub struct CloseCall(pub CallId);

impl Command for CloseCall {
    const NEEDS: Permission = Permission::AdvanceCall;
    type Output = CallState;

    fn about(&self) -> Subject {
        Subject::Call(self.0)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<CallState>> {
        let row = stored::call(tx.conn(), self.0).await?;
        next(row.state, CallStep::Close)?;
        let annexes = stored::annexes(tx.conn(), self.0).await?;
        if !rules::may_close(annexes.iter().map(|a| &a.row.terms.deadline), tx.now()) {
            return Err(AppError::refused("too_early", "The last deadline of this call has not passed yet."));
        }
        let figures = figures(tx.conn(), self.0, &[]).await?;
        let call = named(&row);
        let now = tx.now();
        let to = moved(tx, row, CallStep::Close, |change| change.closed_at = Set(Some(now))).await?;
        Ok(tx.done(PublishingEvent::Closed { call, figures }, to))
    }
}

/// Hands the closed call to the evaluators when eligibility is settled for all submitted parts.
#[derive(Debug, Clone)]
pub struct StartEvaluation(pub CallId);

impl Command for StartEvaluation {
    const NEEDS: Permission = Permission::AdvanceCall;
    type Output = CallState;

    fn about(&self) -> Subject {
        Subject::Call(self.0)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<CallState>> {
        let row = stored::call(tx.conn(), self.0).await?;
        next(row.state, CallStep::StartEvaluation)?;
        let waiting: Vec<PartState> = PartState::ALL.iter().copied().filter(|&s| rules::waits_for_check(s)).collect();
        let waiting = part::Entity::find()
            .inner_join(annex::Entity)
            .filter(annex::Column::CallId.eq(self.0))
            .filter(part::Column::State.is_in(waiting))
            .count(tx.conn())
            .await?;
        if waiting > 0 {
            let parts = if waiting == 1 { "part still waits" } else { "parts still wait" };
            let message = format!("{waiting} {parts} for the eligibility check. Settle that first.");
            return Err(AppError::refused("eligibility_open", message));
        }
        let call = named(&row);
        let to = moved(tx, row, CallStep::StartEvaluation, |_| {}).await?;
        Ok(tx.done(PublishingEvent::EvaluationStarted(call), to))
    }
}

/// Puts a decided call away.
#[derive(Debug, Clone)]
pub struct ArchiveCall(pub CallId);

impl Command for ArchiveCall {
    const NEEDS: Permission = Permission::AdvanceCall;
    type Output = CallState;

    fn about(&self) -> Subject {
        Subject::Call(self.0)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<CallState>> {
        let row = stored::call(tx.conn(), self.0).await?;
        next(row.state, CallStep::Archive)?;
        let running = part::Entity::find()
            .inner_join(annex::Entity)
            .filter(annex::Column::CallId.eq(self.0))
            .filter(part::Column::State.is_in([PartState::Awarded, PartState::Contracted]))
            .count(tx.conn())
            .await?;
        if running > 0 {
            let message = format!("{running} awarded parts are still running.");
            return Err(AppError::refused("parts_running", message));
        }
        let call = named(&row);
        let to = moved(tx, row, CallStep::Archive, |_| {}).await?;
        Ok(tx.done(PublishingEvent::Archived(call), to))
    }
}
