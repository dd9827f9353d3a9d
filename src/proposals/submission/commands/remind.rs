//! Reminding applicants of what is not handed in yet.

use super::super::events::SubmissionEvent;
use crate::kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx, audit};
use chrono::TimeDelta;
use entity::{
    calls::call,
    types::{ids::CallId, period, states::CallState},
};
use sea_orm::EntityTrait;

/// So long people are left in peace between two reminders.
const PEACE: TimeDelta = TimeDelta::hours(24);

/// Reminds everybody with a draft in an open call of its deadline. Staff see drafts as counts only, so the act is for
/// all of them at once and names none.
#[derive(Clone)]
pub struct RemindDrafts(pub CallId);

impl Command for RemindDrafts {
    const NEEDS: Permission = Permission::AdvanceCall;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Call(self.0)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let call = call::Entity::find_by_id(self.0).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
        if call.state != CallState::Open {
            return Err(AppError::refused("call_not_open", "Drafts can be handed in only while the call is open."));
        }
        let last = audit::last_run(tx.conn(), self.about(), &["RemindDrafts"]).await?;
        if let Some((by, at)) = last.filter(|(_, at)| *at + PEACE > tx.now()) {
            let at = period::in_zone(at, call.terms.zone);
            let told = format!("{by} reminded them on {at}. Please leave a day between two reminders.");
            return Err(AppError::refused("reminded_already", told));
        }
        let closes = call.closes_at.map(|at| period::in_zone(at, call.terms.zone)).unwrap_or_default();
        let event = SubmissionEvent::DraftsReminded { call: call.id, code: call.code, title: call.title, closes };
        Ok(tx.done(event, ()))
    }
}
