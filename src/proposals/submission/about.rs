//! What mails and the activity log say of a part.

use super::bundle::Bundle;
use chrono::{DateTime, Utc};
use entity::types::{
    ids::{AccountId, CallId, OrganisationId, PartId, ProposalId, SubmissionId},
    period,
    text::Email,
};

/// What mails and log say of a part.
#[derive(Debug, Clone)]
pub struct About {
    pub call: CallId,
    pub proposal: ProposalId,
    pub part: PartId,
    pub code: String,
    pub title: String,
    pub organisation: String,
    pub agency: String,
    pub agency_id: OrganisationId,
    pub deadline: String,
}

impl About {
    /// What is said of the part of a bundle.
    pub fn of(bundle: &Bundle) -> Self {
        let (dossier, own) = (&bundle.dossier, bundle.own());
        Self {
            call: dossier.call.id,
            proposal: dossier.proposal.id,
            part: own.row.id,
            code: dossier.proposal.code.clone(),
            title: dossier.proposal.title.clone(),
            organisation: own.organisation.name.clone(),
            agency: own.agency.name.clone(),
            agency_id: own.agency.id,
            deadline: own.annex.terms.deadline.to_string(),
        }
    }
}

/// A part that was handed in.
#[derive(Debug, Clone)]
pub struct Handing {
    pub about: About,
    pub submission: SubmissionId,
    pub receipt: String,
    pub number: i32,
    pub digest: String,
    /// Time with zone.
    pub at: String,
    pub signatory: String,
    /// Where the signatory gets the receipt.
    pub signatory_email: Option<Email>,
    pub by: String,
    pub account: AccountId,
    pub contact: Option<AccountId>,
}

/// An instant to the second, because a deadline is one.
pub fn in_zone(at: DateTime<Utc>, zone: chrono_tz::Tz) -> String {
    let local = at.with_timezone(&zone);
    format!("{}, {} ({})", period::day(local.date_naive()), local.format("%H:%M:%S %Z"), zone.name())
}
