//! Calls from files, and from other calls.

use super::{
    events::ArchiveEvent,
    file::{AgencyRef, AnnexFile, CallFile},
};
use crate::{
    calls::{rules::Severity, stored},
    kernel::{
        AppError, Command, Done, Leave, Permission, Result, Subject, Tx,
        error::{FieldErrors, OnUnique},
    },
    organisations::commands::{NamedAgency, agency_by_key},
};
use entity::{
    calls::{annex, call},
    types::{
        codes,
        ids::{AccountId, CallId, OrganisationId},
        states::{AnnexState, CallState},
        terms::{AnnexTerms, CallTerms},
    },
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// Makes a draft call of a file; agencies nobody knows yet are registered.
#[derive(Debug, Clone)]
pub struct ImportCall(pub CallFile);

impl Command for ImportCall {
    const NEEDS: Permission = Permission::DraftCall;
    type Output = CallId;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<CallId>> {
        let file = self.0;
        let mut errors = FieldErrors::default();
        for finding in file.findings().into_iter().filter(|f| f.severity == Severity::Error) {
            errors.add(finding.at, finding.message);
        }
        errors.done()?;
        let mut annexes = Vec::with_capacity(file.annexes.len());
        for AnnexFile { agency, terms } in file.annexes {
            annexes.push((agency_of(tx, &agency).await?, terms));
        }
        let count = annexes.len();
        let (id, code) = insert(tx, &file.code, file.call, annexes, leave.actor().account()).await?;
        Ok(tx.done(ArchiveEvent::Imported { call: id, code, annexes: count }, id))
    }
}

/// Starts a new call from another one: the same terms and annexes, nothing approved.
#[derive(Debug, Clone)]
pub struct CopyCall {
    pub from: CallId,
    pub code: String,
    pub title: String,
}

impl Command for CopyCall {
    const NEEDS: Permission = Permission::DraftCall;
    type Output = CallId;

    fn about(&self) -> Subject {
        Subject::Call(self.from)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<CallId>> {
        let mut errors = FieldErrors::default();
        errors.take("code", codes::call_code(&self.code));
        let title = errors.take("title", entity::types::text::line(&self.title, 200));
        errors.done()?;
        let from = stored::call(tx.conn(), self.from).await?;
        let annexes = stored::annexes(tx.conn(), self.from).await?;
        let terms = CallTerms { title: title.unwrap_or_default(), ..from.terms };
        let annexes = annexes.into_iter().map(|a| (a.agency.id, a.row.terms)).collect();
        let (id, code) = insert(tx, &self.code, terms, annexes, leave.actor().account()).await?;
        Ok(tx.done(ArchiveEvent::Copied { call: id, code, from: from.code }, id))
    }
}

async fn agency_of(tx: &Tx, agency: &AgencyRef) -> Result<OrganisationId> {
    let named =
        NamedAgency { key: &agency.key, name: &agency.name, country: agency.country, city: agency.city.as_deref() };
    agency_by_key(tx, named).await
}

/// Writes a new draft call with its annexes; gives its id and its code as it is kept.
pub(in crate::calls) async fn insert(
    tx: &Tx,
    code: &str,
    terms: CallTerms,
    annexes: Vec<(OrganisationId, AnnexTerms)>,
    created_by: Option<AccountId>,
) -> Result<(CallId, String)> {
    let code = codes::call_code(code).map_err(|e| AppError::invalid("code", e.0))?;
    let taken = || AppError::invalid("code", format!("There is already a call with the code {code}"));
    if call::Entity::find().filter(call::Column::Code.eq(&code)).one(tx.conn()).await?.is_some() {
        return Err(taken());
    }
    let id: CallId = tx.new_id();
    let row = call::ActiveModel {
        id: Set(id),
        code: Set(code.clone()),
        title: Set(terms.title.clone()),
        state: Set(CallState::Draft),
        search: Set(stored::searchable(&code, &terms)),
        next_number: Set(1),
        opens_at: Set(terms.opens_at),
        closes_at: Set(stored::closes_at(annexes.iter().map(|(_, terms)| terms))),
        terms: Set(terms),
        announced_at: Set(None),
        closed_at: Set(None),
        created_by: Set(created_by),
        created_at: Set(tx.now()),
        version: Set(1),
        revision: Set(1),
    };
    call::Entity::insert(row).exec_without_returning(tx.conn()).await.on_unique(taken())?;
    let rows: Vec<annex::ActiveModel> =
        (0..).zip(annexes).map(|(position, (agency, terms))| annex_row(tx, id, agency, position, terms)).collect();
    if !rows.is_empty() {
        annex::Entity::insert_many(rows).exec_without_returning(tx.conn()).await?;
    }
    Ok((id, code))
}

/// The row of a new annex, not approved.
pub(in crate::calls) fn annex_row(
    tx: &Tx,
    call: CallId,
    agency: OrganisationId,
    position: i32,
    terms: AnnexTerms,
) -> annex::ActiveModel {
    annex::ActiveModel {
        id: Set(tx.new_id()),
        call_id: Set(call),
        agency_id: Set(agency),
        position: Set(position),
        class: Set(terms.class),
        state: Set(AnnexState::Draft),
        deadline_at: Set(terms.deadline.instant()),
        terms: Set(terms),
        approved_by: Set(None),
        approved_at: Set(None),
        version: Set(1),
    }
}
