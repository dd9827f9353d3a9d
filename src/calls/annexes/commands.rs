//! What people do to annexes before the call is public.

use super::events::AnnexEvent;
use crate::{
    calls::{
        archive,
        editor::rules::blank_annex,
        rules::annex_differences,
        stored::{self, StoredAnnex},
    },
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx, audit, error::FieldErrors},
};
use chrono::TimeDelta;
use entity::{
    calls::{annex, call},
    organisations::organisation,
    types::{
        ids::{AnnexId, CallId, OrganisationId},
        states::{AnnexState, CallState, OrganisationKind},
        terms::AnnexTerms,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};

/// Adds an agency to a draft call with terms it has still to write.
#[derive(Debug, Clone)]
pub struct AddAnnex {
    pub call: CallId,
    pub agency: OrganisationId,
}

impl Command for AddAnnex {
    const NEEDS: Permission = Permission::EditCall;
    type Output = AnnexId;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<AnnexId>> {
        let call = stored::call(tx.conn(), self.call).await?;
        let annexes = stored::annexes(tx.conn(), self.call).await?;
        let agency = organisation::Entity::find_by_id(self.agency).one(tx.conn()).await?;
        let agency = agency
            .filter(|a| a.kind == OrganisationKind::Agency)
            .ok_or_else(|| AppError::invalid("agency", "Choose an agency from the list"))?;
        if annexes.iter().any(|a| a.agency.id == agency.id) {
            return Err(AppError::invalid("agency", format!("{} has an annex already", agency.name)));
        }
        let opens = call.terms.opens_at.unwrap_or(tx.now());
        let deadline = (opens + TimeDelta::days(60)).with_timezone(&call.terms.zone).date_naive();
        let deadline = deadline.and_hms_opt(16, 0, 0).unwrap_or_default();
        let position = annexes.iter().map(|a| a.row.position + 1).max().unwrap_or_default();
        let terms = blank_annex(&call.terms, deadline);
        let row = archive::commands::annex_row(tx, call.id, agency.id, position, terms);
        let id = row.id.clone().take().ok_or(AppError::NotFound)?;
        annex::Entity::insert(row).exec_without_returning(tx.conn()).await?;
        touch(tx, call).await?;
        Ok(tx.done(AnnexEvent::Added { call: self.call, annex: id, agency: agency.name }, id))
    }
}

/// Takes an agency out of a draft call.
#[derive(Debug, Clone)]
pub struct RemoveAnnex(pub AnnexId);

impl Command for RemoveAnnex {
    const NEEDS: Permission = Permission::EditCall;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Annex(self.0)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let StoredAnnex { row, agency } = stored::annex(tx.conn(), self.0).await?;
        let call = stored::call(tx.conn(), row.call_id).await?;
        if call.state != CallState::Draft {
            return Err(AppError::refused("with_agencies", "Take the call back to draft before you remove an agency."));
        }
        annex::Entity::delete_by_id(row.id).exec(tx.conn()).await?;
        let event = AnnexEvent::Removed { call: call.id, agency: agency.name };
        touch(tx, call).await?;
        Ok(tx.done(event, ()))
    }
}

/// Saves an annex; `seen` is the version it was made from. An approval falls. Gives the new version.
#[derive(Debug, Clone)]
pub struct SaveAnnex {
    pub annex: AnnexId,
    pub seen: i64,
    pub terms: AnnexTerms,
}

impl Command for SaveAnnex {
    const NEEDS: Permission = Permission::EditAnnex;
    type Output = i64;

    fn about(&self) -> Subject {
        Subject::Annex(self.annex)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<i64>> {
        let StoredAnnex { row, agency } = stored::annex(tx.conn(), self.annex).await?;
        if row.version != self.seen {
            return Err(audit::stale(tx.conn(), self.about(), row.version, tx.now()).await);
        }
        fits(&self.terms)?;
        let event = AnnexEvent::Changed {
            call: row.call_id,
            annex: row.id,
            agency: agency.name,
            changes: annex_differences(&row.terms, &self.terms),
            approval_fell: row.state == AnnexState::Approved,
        };
        let version = write(tx, row, self.terms, AnnexState::Draft).await?;
        Ok(tx.done(event, version))
    }
}

/// Refuses what no call file could hold; gaps are fine before the agency approves.
pub(in crate::calls) fn fits(terms: &AnnexTerms) -> Result<()> {
    let agency = serde_json::json!({ "key": "x", "name": "X", "country": "NO" });
    let call = crate::calls::editor::rules::blank_call("X");
    let annexes = serde_json::json!([{ "agency": agency, "terms": terms }]);
    let mut file = serde_json::json!({ "fairway_call": 1, "code": "X-0", "call": call, "annexes": annexes });
    archive::file::drop_nulls(&mut file);
    let own = |(at, message): (String, String)| {
        at.strip_prefix("/annexes/0/terms").map(|rest| (rest.to_owned(), message.clone()))
    };
    FieldErrors(archive::schema::misfits(&file).into_iter().filter_map(own).collect()).done()
}

/// Writes an annex with everything that follows from it; gives the new version.
pub(in crate::calls) async fn write(tx: &Tx, row: annex::Model, terms: AnnexTerms, state: AnnexState) -> Result<i64> {
    let (version, call) = (row.version + 1, row.call_id);
    let fell = state == AnnexState::Draft;
    let mut change: annex::ActiveModel = row.into();
    change.class = Set(terms.class);
    change.deadline_at = Set(terms.deadline.instant());
    change.terms = Set(terms);
    change.state = Set(state);
    change.version = Set(version);
    if fell {
        change.approved_by = Set(None);
        change.approved_at = Set(None);
    }
    change.update(tx.conn()).await?;
    touch(tx, stored::call(tx.conn(), call).await?).await?;
    Ok(version)
}

/// Writes what of the call follows from its annexes.
async fn touch(tx: &Tx, call: call::Model) -> Result<()> {
    let annexes = stored::annexes(tx.conn(), call.id).await?;
    let revision = call.revision + 1;
    let mut change: call::ActiveModel = call.into();
    change.closes_at = Set(stored::closes_at(annexes.iter().map(|a| &a.row.terms)));
    change.revision = Set(revision);
    change.update(tx.conn()).await?;
    Ok(())
}
