//! What officers do with agreements.

use super::{events::DatesSet, rules};
use crate::{
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx, error::FieldErrors, event::Change},
    proposals::{rules::PartStep, states::commands::advance},
};
use entity::{
    agreements::agreement,
    calls::call,
    organisations::organisation,
    proposals::{part, proposal},
    types::{
        ids::PartId,
        period,
        states::{AgreementState, PartState},
        text,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// Sets or changes the dates of the agreement of an awarded part; all as typed.
#[derive(Clone)]
pub struct SetAgreement {
    pub part: PartId,
    pub starts_on: String,
    pub ends_on: String,
    pub signed_on: String,
    pub note: String,
    /// The version the officer saw; 0 when there was none.
    pub seen: i64,
}

impl Command for SetAgreement {
    const NEEDS: Permission = Permission::SetAgreement;
    /// The new version.
    type Output = i64;

    fn about(&self) -> Subject {
        Subject::Part(self.part)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<i64>> {
        let part = part::Entity::find_by_id(self.part).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
        let (proposal, call) = proposal::Entity::find_by_id(part.proposal_id)
            .find_also_related(call::Entity)
            .one(tx.conn())
            .await?
            .ok_or(AppError::NotFound)?;
        let call = call.ok_or(AppError::NotFound)?;
        if !matches!(part.state, PartState::Awarded | PartState::Contracted) {
            return Err(AppError::refused("not_awarded", "Only an awarded part has an agreement."));
        }
        let mut errors = FieldErrors::default();
        let starts_on = errors.take("starts_on", period::parse_day(&self.starts_on));
        let ends_on = errors.take("ends_on", period::parse_day(&self.ends_on));
        let signed_on = match self.signed_on.trim() {
            "" => None,
            typed => errors.take("signed_on", period::parse_day(typed)),
        };
        let note = errors.take("note", text::prose(&self.note, 4_000)).unwrap_or_default();
        let (Some(starts_on), Some(ends_on)) = (starts_on, ends_on) else {
            return Err(AppError::Invalid(errors));
        };
        errors.0.extend(rules::check_dates(call.terms.duration, starts_on, ends_on).0);
        errors.done()?;
        let known = agreement::Entity::find().filter(agreement::Column::PartId.eq(self.part)).one(tx.conn()).await?;
        if let Some(row) = known.as_ref().filter(|row| row.version != self.seen) {
            return Err(AppError::Stale { by: "a colleague".to_owned(), at: row.made_at, version: row.version });
        }
        let organisation = organisation::Entity::find_by_id(part.organisation_id).one(tx.conn()).await?;
        let first = known.is_none();
        let day = |day: Option<chrono::NaiveDate>| day.map(period::day).unwrap_or_default();
        let changes = known.as_ref().map_or_else(Vec::new, |row| {
            vec![
                Change::new("start", day(row.starts_on), day(Some(starts_on))),
                Change::new("end", day(row.ends_on), day(Some(ends_on))),
                Change::new("signed on", day(row.signed_on), day(signed_on)),
                Change::new("note", &row.note, &note),
            ]
        });
        let version = known.as_ref().map_or(1, |row| row.version + 1);
        let id = known.as_ref().map_or_else(|| tx.new_id(), |row| row.id);
        let row = agreement::ActiveModel {
            id: Set(id),
            part_id: Set(self.part),
            state: Set(AgreementState::Active),
            starts_on: Set(Some(starts_on)),
            ends_on: Set(Some(ends_on)),
            signed_on: Set(signed_on),
            note: Set(note),
            made_by: Set(leave.account()?),
            made_at: Set(tx.now()),
            version: Set(version),
        };
        if first {
            agreement::Entity::insert(row).exec_without_returning(tx.conn()).await?;
            advance(tx, self.part, PartStep::Contract).await?;
        } else {
            row.update(tx.conn()).await?;
        }
        let reports = rules::schedule(&call.terms.reports, starts_on, ends_on);
        let event = DatesSet {
            call: call.id,
            proposal: proposal.id,
            part: self.part,
            agreement: id,
            code: proposal.code,
            title: proposal.title,
            organisation: organisation.map(|o| o.name).unwrap_or_default(),
            starts_on,
            ends_on,
            reports: reports.into_iter().map(|r| (r.label, r.due_on)).collect(),
            first,
            changes,
            version,
        };
        Ok(tx.done(event, version))
    }
}
