//! Many invitations at once, and what the clock does.

use super::{
    commands::{
        EscalateSilence, FollowUpRecruitment, RecordDeclined, RemindRecruitment, SendInvitation, WithdrawRecruitment,
    },
    queries::DueRecruitments,
    rules::Due,
};
use crate::{
    jobs::{Task, bulk},
    kernel::{Actor, App, AppError, Result},
};
use chrono::{DateTime, Utc};
use entity::types::ids::{CallId, InvitationId};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// One act for many people on the list of a call.
pub const ACT: &str = "evaluation.recruit";
/// What is due by the clock.
pub const FOLLOW_UP: &str = "evaluation.recruitment";

/// Goes through the chosen people: `act` is `invite`, `remind` or `withdraw`.
///
/// # Errors
/// When the platform fails; the job is then tried again.
pub async fn act(app: App, task: Task) -> Result<Value> {
    bulk::each(&app, &task, |app, item| async move {
        let call: CallId = serde_json::from_value(item.with["call"].clone())?;
        let (recruitment, key) = (item.id.into(), Some(item.key.as_str()));
        match item.with["act"].as_str() {
            Some("invite") => {
                let message = item.with["message"].as_str().unwrap_or_default().to_owned();
                let lapses_at: Option<DateTime<Utc>> = serde_json::from_value(item.with["lapses_at"].clone())?;
                app.run_once(&item.actor, key, SendInvitation { call, recruitment, message, lapses_at }).await
            }
            Some("remind") => app.run_once(&item.actor, key, RemindRecruitment { call, recruitment }).await,
            Some("withdraw") => app.run_once(&item.actor, key, WithdrawRecruitment { call, recruitment }).await,
            _ => Err(AppError::refused("act", "There is no such act.")),
        }
    })
    .await
}

/// Reminds who is silent, lets invitations lapse, and tells each secretariat who did not answer two reminders.
///
/// # Errors
/// When something failed for a reason other than that it was no longer due; the rest is done.
pub async fn follow_up(app: App, _: Task) -> Result<Value> {
    let actor = Actor::System(FOLLOW_UP);
    let (mut done, mut failed, mut silent) = (0, None, BTreeSet::new());
    for (call, recruitment, due) in app.ask(&actor, DueRecruitments).await? {
        if due == Due::Escalate {
            silent.insert(call);
            continue;
        }
        match app.run(&actor, FollowUpRecruitment { call, recruitment }).await {
            Ok(()) => done += 1,
            Err(AppError::Refused(_)) => {}
            Err(error) => failed = Some(error),
        }
    }
    for call in silent {
        match app.run(&actor, EscalateSilence(call)).await {
            Ok(_) => done += 1,
            Err(AppError::Refused(_)) => {}
            Err(error) => failed = Some(error),
        }
    }
    failed.map_or_else(|| Ok(json!({ "done": done })), Err)
}

/// Notes that somebody declined by the link in the mail; an invitation to the pool alone is no matter of a call.
///
/// # Errors
/// When the platform fails; the job is then tried again.
pub async fn declined(app: App, task: Task) -> Result<Value> {
    let invitation: InvitationId = serde_json::from_value(task.payload["invitation"].clone())?;
    let reason = task.payload["reason"].as_str().unwrap_or_default().to_owned();
    match app.run(&Actor::System(FOLLOW_UP), RecordDeclined { invitation, reason }).await {
        Ok(()) | Err(AppError::NotFound) => Ok(Value::Null),
        Err(error) => Err(error),
    }
}
