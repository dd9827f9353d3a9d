//! What people do to a public call.

use super::{events::Corrected, rules};
use crate::{
    calls::{
        annexes, editor,
        publishing::events::Named,
        rules::{Difference, Severity, annex_differences, check_terms, differences},
        stored::{self, StoredAnnex},
    },
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx, audit, error::FieldErrors},
};
use entity::{
    calls::corrigendum,
    types::{
        ids::{AnnexId, CallId},
        terms::{AnnexTerms, CallTerms},
        text,
    },
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde::Serialize;

/// Changes the terms of a public call; `seen` is the version they were made from. Gives the corrigendum's number.
#[derive(Debug, Clone)]
pub struct CorrectCall {
    pub call: CallId,
    pub seen: i64,
    pub terms: CallTerms,
    pub reason: String,
}

impl Command for CorrectCall {
    const NEEDS: Permission = Permission::CorrectCall;
    type Output = i32;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<i32>> {
        let row = stored::call(tx.conn(), self.call).await?;
        if row.version != self.seen {
            return Err(audit::stale(tx.conn(), self.about(), row.version, tx.now()).await);
        }
        let reason = reason(&self.reason)?;
        editor::commands::fits(&self.terms)?;
        let annexes = stored::annexes(tx.conn(), self.call).await?;
        let mut found = rules::forbidden_in_call(&row.terms, &self.terms, row.state, tx.now());
        let errors = check_terms(&self.terms, &stored::named(&annexes)).into_iter();
        found.extend(errors.filter(|f| f.severity == Severity::Error).map(|f| (f.at, f.message)));
        FieldErrors(found).done()?;
        let changes = changed(differences(&row.terms, &self.terms))?;
        let line = Line { call: row.id, annex: None, reason: &reason, before: &row.terms, after: &self.terms };
        let number = keep(tx, leave, line).await?;
        let opens_at = (row.terms.opens_at != self.terms.opens_at).then_some(self.terms.opens_at).flatten();
        let call = Named { id: row.id, code: row.code.clone(), title: row.title.clone() };
        editor::commands::write(tx, row, self.terms).await?;
        Ok(tx.done(Corrected { call, annex: None, number, reason, changes, opens_at, closes_at: None }, number))
    }
}

/// Changes the annex of one's own agency in a public call; `seen` is the version it was made from. Gives the corrigendum's number.
#[derive(Debug, Clone)]
pub struct CorrectAnnex {
    pub annex: AnnexId,
    pub seen: i64,
    pub terms: AnnexTerms,
    pub reason: String,
}

impl Command for CorrectAnnex {
    const NEEDS: Permission = Permission::CorrectAnnex;
    type Output = i32;

    fn about(&self) -> Subject {
        Subject::Annex(self.annex)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<i32>> {
        let StoredAnnex { row, agency } = stored::annex(tx.conn(), self.annex).await?;
        if row.version != self.seen {
            return Err(audit::stale(tx.conn(), self.about(), row.version, tx.now()).await);
        }
        let reason = reason(&self.reason)?;
        annexes::commands::fits(&self.terms)?;
        let call = stored::call(tx.conn(), row.call_id).await?;
        let mut all = stored::annexes(tx.conn(), call.id).await?;
        let position = all.iter().position(|a| a.row.id == row.id).unwrap_or_default();
        let mut found = rules::forbidden_in_annex(&row.terms, &self.terms, tx.now());
        if let Some(own) = all.get_mut(position) {
            own.row.terms = self.terms.clone();
        }
        let place = format!("/annexes/{position}/terms");
        found.extend(check_terms(&call.terms, &stored::named(&all)).into_iter().filter_map(|f| {
            let at = f.at.strip_prefix(&place).filter(|_| f.severity == Severity::Error)?;
            Some((at.to_owned(), f.message.clone()))
        }));
        FieldErrors(found).done()?;
        let changes = changed(annex_differences(&row.terms, &self.terms))?;
        let line = Line { call: call.id, annex: Some(row.id), reason: &reason, before: &row.terms, after: &self.terms };
        let number = keep(tx, leave, line).await?;
        let moved = row.terms.deadline.instant() != self.terms.deadline.instant();
        let closes_at = stored::closes_at(all.iter().map(|a| &a.row.terms)).filter(|_| moved);
        let named = Named { id: call.id, code: call.code, title: call.title };
        let (annex, state) = (Some((row.id, agency.name)), row.state);
        annexes::commands::write(tx, row, self.terms, state).await?;
        let event = Corrected { call: named, annex, number, reason, changes, opens_at: None, closes_at };
        Ok(tx.done(event, number))
    }
}

fn reason(typed: &str) -> Result<String> {
    let reason = text::prose(typed, 1_000).map_err(|e| AppError::invalid("reason", e.0))?;
    if reason.trim().is_empty() {
        return Err(AppError::invalid("reason", "Say why the call is changed; everybody will read it"));
    }
    Ok(reason)
}

fn changed(changes: Vec<Difference>) -> Result<Vec<Difference>> {
    if changes.is_empty() {
        return Err(AppError::refused("nothing_changed", "Nothing is different from the published version."));
    }
    Ok(changes)
}

/// What a corrigendum keeps.
struct Line<'a, T> {
    call: CallId,
    annex: Option<AnnexId>,
    reason: &'a str,
    before: &'a T,
    after: &'a T,
}

async fn keep<T: Serialize>(tx: &Tx, leave: Leave<'_>, line: Line<'_, T>) -> Result<i32> {
    let earlier = corrigendum::Entity::find().filter(corrigendum::Column::CallId.eq(line.call)).count(tx.conn());
    let number = i32::try_from(earlier.await?).unwrap_or(i32::MAX - 1) + 1;
    let row = corrigendum::ActiveModel {
        id: Set(tx.new_id()),
        call_id: Set(line.call),
        annex_id: Set(line.annex),
        number: Set(number),
        reason: Set(line.reason.to_owned()),
        before: Set(serde_json::to_value(line.before)?),
        after: Set(serde_json::to_value(line.after)?),
        made_by: Set(leave.account()?),
        made_at: Set(tx.now()),
    };
    corrigendum::Entity::insert(row).exec_without_returning(tx.conn()).await?;
    Ok(number)
}
