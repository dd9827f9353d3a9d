//! Submitting a part.

use super::super::{
    about::{About, Handing, in_zone},
    bundle::Bundle,
    check::check,
    content::{Content, FORMAT, Frozen, checksum},
    events::SubmissionEvent,
    rules,
};
use crate::{
    kernel::{
        AppError, Command, Done, Leave, Permission, Result, Subject, Tx,
        error::{FieldErrors, OnUnique},
        secret,
    },
    proposals::rules::check_deadline,
};
use chrono::{DateTime, Utc};
use entity::{
    proposals::submission,
    types::{
        ids::{PartId, SubmissionId},
        states::{CallState, PartState},
        text,
    },
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde::{Deserialize, Serialize};

/// Hands a part in: what it says is frozen, and the receipt is the proof.
#[derive(Clone)]
pub struct SubmitPart {
    pub part: PartId,
    /// Who signs for the organisation.
    pub signatory: String,
    /// Whether the statement was confirmed.
    pub confirmed: bool,
    /// The fingerprint of what was looked at; a change since then is refused.
    pub seen: Option<String>,
}

/// The receipt; a second press gives the same one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handed {
    pub submission: SubmissionId,
    pub receipt: String,
    pub number: i32,
    pub digest: String,
    pub submitted_at: DateTime<Utc>,
}

impl From<submission::Model> for Handed {
    fn from(row: submission::Model) -> Self {
        Self {
            submission: row.id,
            receipt: row.receipt,
            number: row.number,
            digest: row.digest,
            submitted_at: row.submitted_at,
        }
    }
}

impl Command for SubmitPart {
    const NEEDS: Permission = Permission::SubmitPart;
    type Output = Handed;

    fn about(&self) -> Subject {
        Subject::Part(self.part)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<Handed>> {
        let account = leave.account()?;
        let bundle = Bundle::load(tx.conn(), self.part).await?;
        if bundle.own().row.state != PartState::Draft
            && let Some(row) = super::current(tx, self.part).await?
        {
            let event =
                SubmissionEvent::Repeated { part: self.part, proposal: bundle.dossier.proposal.id, number: row.number };
            return Ok(tx.done(event, row.into()));
        }
        let signatory = self.allowed(&bundle, tx.now())?;
        let content = Content::of(&bundle);
        if self.seen.is_some_and(|seen| content.fingerprint().ok() != Some(seen)) {
            return Err(AppError::refused(
                "changed_since",
                "Somebody changed the proposal after you looked at it. Look at it once more, then submit.",
            ));
        }
        let earlier =
            submission::Entity::find().filter(submission::Column::PartId.eq(self.part)).count(tx.conn()).await?;
        let number = i32::try_from(earlier).unwrap_or(i32::MAX - 1) + 1;
        let country = bundle.own().organisation.country.to_string();
        let receipt = rules::receipt_code(&bundle.dossier.proposal.code, &country, &secret::code(tx.chance(), 4));
        let frozen = Frozen {
            fairway_submission: FORMAT,
            receipt: receipt.clone(),
            version: number,
            submitted_at: tx.now(),
            submitted_by: leave.actor().name().to_owned(),
            signatory: signatory.clone(),
            statement: rules::STATEMENT.to_owned(),
            content,
        };
        let digest = checksum(frozen.canonical()?);
        let id: SubmissionId = tx.new_id();
        let row = submission::ActiveModel {
            id: Set(id),
            part_id: Set(self.part),
            number: Set(number),
            document: Set(serde_json::to_value(&frozen)?),
            digest: Set(digest.clone()),
            receipt: Set(receipt.clone()),
            signatory: Set(signatory.clone()),
            submitted_by: Set(account),
            submitted_at: Set(tx.now()),
            ended_at: Set(None),
            pdf_file_id: Set(None),
        };
        // Another receipt with the same letters: the next try draws others.
        submission::Entity::insert(row).exec_without_returning(tx.conn()).await.on_unique(AppError::Busy)?;
        super::step(tx, &bundle, crate::proposals::rules::PartStep::Submit, Some(signatory.clone())).await?;
        let handed = Handed { submission: id, receipt, number, digest, submitted_at: tx.now() };
        let handing = Handing {
            about: About::of(&bundle),
            submission: id,
            receipt: handed.receipt.clone(),
            number,
            digest: handed.digest.clone(),
            at: in_zone(tx.now(), bundle.zone()),
            signatory,
            signatory_email: bundle.own().row.signatory_email.clone(),
            by: leave.actor().name().to_owned(),
            account,
            contact: bundle.own().row.contact_id,
        };
        Ok(tx.done(SubmissionEvent::Submitted(Box::new(handing)), handed))
    }
}

impl SubmitPart {
    /// Everything that can stand against it, except what others changed meanwhile; gives the signatory's name.
    fn allowed(&self, bundle: &Bundle, now: DateTime<Utc>) -> Result<String> {
        if let Some(late) = check_deadline(&bundle.own().annex.terms, now) {
            return Err(AppError::refused("deadline_passed", format!("{}. Nothing was submitted.", late.message)));
        }
        if bundle.dossier.call.state != CallState::Open {
            return Err(AppError::refused("call_not_open", "The call is not open, so nothing can be submitted."));
        }
        let mut errors = FieldErrors::default();
        let signatory = errors.take("signatory", text::line(&self.signatory, 120));
        if !self.confirmed {
            errors.add("confirmed", "Confirm the statement");
        }
        errors.done()?;
        // Who signs is named with this very command.
        let points: Vec<_> = check(bundle, now).into_iter().filter(|p| p.code != "signatory.none").collect();
        match rules::errors(&points) {
            0 => Ok(signatory.unwrap_or_default()),
            1 => Err(AppError::refused("incomplete", "One thing must be mended before this part can be submitted.")),
            n => Err(AppError::refused(
                "incomplete",
                format!("{n} things must be mended before this part can be submitted."),
            )),
        }
    }
}
