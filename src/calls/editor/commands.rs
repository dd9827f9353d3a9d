//! What people do to the terms of a call before it is public.

use super::{events::EditorEvent, rules::blank_call};
use crate::{
    calls::{archive, rules::differences, stored},
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx, audit, error::FieldErrors},
};
use entity::{
    calls::call,
    types::{codes, ids::CallId, states::CallState, terms::CallTerms, text},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde_json::Value;

/// Starts a call from nothing.
#[derive(Debug, Clone)]
pub struct NewCall {
    pub code: String,
    pub title: String,
}

impl Command for NewCall {
    const NEEDS: Permission = Permission::DraftCall;
    type Output = CallId;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<CallId>> {
        let mut errors = FieldErrors::default();
        errors.take("code", codes::call_code(&self.code));
        let title = errors.take("title", text::line(&self.title, 200)).unwrap_or_default();
        errors.done()?;
        let made = archive::commands::insert(tx, &self.code, blank_call(&title), Vec::new(), leave.actor().account());
        let (call, code) = made.await?;
        Ok(tx.done(EditorEvent::Started { call, code }, call))
    }
}

/// Saves the terms of a draft; `seen` is the version they were made from. Gives the new version.
#[derive(Debug, Clone)]
pub struct SaveTerms {
    pub call: CallId,
    pub seen: i64,
    pub terms: CallTerms,
}

impl Command for SaveTerms {
    const NEEDS: Permission = Permission::EditCall;
    type Output = i64;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<i64>> {
        let row = stored::call(tx.conn(), self.call).await?;
        if row.state != CallState::Draft {
            let message = "The call is with the agencies. Take it back to draft before you change its terms.";
            return Err(AppError::refused("with_agencies", message));
        }
        if row.version != self.seen {
            return Err(audit::stale(tx.conn(), self.about(), row.version, tx.now()).await);
        }
        fits(&self.terms)?;
        let changes = differences(&row.terms, &self.terms);
        let event = EditorEvent::TermsChanged { call: row.id, code: row.code.clone(), changes };
        let version = write(tx, row, self.terms).await?;
        Ok(tx.done(event, version))
    }
}

/// Refuses what no call file could hold: texts too long, keys malformed. Gaps are fine in a draft.
pub(in crate::calls) fn fits(terms: &CallTerms) -> Result<()> {
    misfits(serde_json::to_value(terms)?).done()
}

/// Everything in a document that no call file could hold, each with its place.
pub(super) fn misfits(terms: Value) -> FieldErrors {
    let mut file = serde_json::json!({ "fairway_call": 1, "code": "X-0", "call": terms, "annexes": [] });
    archive::file::drop_nulls(&mut file);
    FieldErrors(archive::schema::misfits(&file))
}

/// Writes new terms with everything that follows from them; gives the new version.
pub(in crate::calls) async fn write(tx: &Tx, row: call::Model, terms: CallTerms) -> Result<i64> {
    let (version, revision) = (row.version + 1, row.revision + 1);
    let search = stored::searchable(&row.code, &terms);
    let mut change: call::ActiveModel = row.into();
    change.title = Set(terms.title.chars().take(200).collect());
    change.search = Set(search);
    change.opens_at = Set(terms.opens_at);
    change.terms = Set(terms);
    change.version = Set(version);
    change.revision = Set(revision);
    change.update(tx.conn()).await?;
    Ok(version)
}
