//! What can be seen of a part on its way out: what stands against it, its versions, and their differences.

mod last_look;
mod progress;
mod to_print;
mod verify;
mod versions;

pub use last_look::{LastLook, Look, StandsAgainst};
pub use progress::{PartProgress, Progress, ProgressOf};
pub use to_print::{Print, ToPrint};
pub use verify::{Stands, Verified, VerifyDigests, VerifyReceipt};
pub use versions::{Compare, Comparison, OneVersion, Version, VersionLine, Versions, VersionsOf};

use super::bundle::Bundle;
use crate::kernel::{AppError, Leave, Permission, Result};
use chrono::{DateTime, Utc};
use entity::{
    calls::{annex, call},
    organisations::organisation,
    proposals::{part, proposal},
    types::{
        ids::{CallId, PartId, ProposalId},
        period::Deadline,
        states::{CallState, PartState},
    },
};
use sea_orm::{ConnectionTrait, EntityTrait};

/// What every page of a part says about it.
#[derive(Debug, Clone)]
pub struct Head {
    pub call: CallId,
    pub call_code: String,
    pub call_title: String,
    pub proposal: ProposalId,
    pub part: PartId,
    pub code: String,
    pub title: String,
    pub organisation: String,
    pub agency: String,
    pub state: PartState,
    pub deadline: Deadline,
    /// Whether the agency still takes submissions: its deadline has not passed and the call is open.
    pub in_time: bool,
    /// Whether the reader may submit, reopen and withdraw this part.
    pub may_submit: bool,
}

/// The rows a head is made of.
struct Of<'a> {
    call: &'a call::Model,
    proposal: &'a proposal::Model,
    part: &'a part::Model,
    organisation: &'a organisation::Model,
    annex: &'a annex::Model,
    agency: &'a organisation::Model,
}

impl Head {
    fn new(of: Of<'_>, now: DateTime<Utc>, leave: Leave<'_>) -> Self {
        let deadline = of.annex.terms.deadline;
        Self {
            call: of.call.id,
            call_code: of.call.code.clone(),
            call_title: of.call.title.clone(),
            proposal: of.proposal.id,
            part: of.part.id,
            code: of.proposal.code.clone(),
            title: of.proposal.title.clone(),
            organisation: of.organisation.name.clone(),
            agency: of.agency.name.clone(),
            state: of.part.state,
            deadline,
            in_time: of.call.state == CallState::Open && !deadline.passed(now),
            may_submit: leave.may(Permission::SubmitPart),
        }
    }

    fn of(bundle: &Bundle, now: DateTime<Utc>, leave: Leave<'_>) -> Self {
        let own = bundle.own();
        let (call, proposal) = (&bundle.dossier.call, &bundle.dossier.proposal);
        let of = Of {
            call,
            proposal,
            part: &own.row,
            organisation: &own.organisation,
            annex: &own.annex,
            agency: &own.agency,
        };
        Self::new(of, now, leave)
    }

    /// Loads the head alone.
    async fn load(db: &impl ConnectionTrait, id: PartId, now: DateTime<Utc>, leave: Leave<'_>) -> Result<Self> {
        let found = part::Entity::find_by_id(id).find_also_related(proposal::Entity).one(db).await?;
        let (Some(part), Some(proposal)) = found.map_or((None, None), |(part, proposal)| (Some(part), proposal)) else {
            return Err(AppError::NotFound);
        };
        let call = call::Entity::find_by_id(proposal.call_id).one(db).await?.ok_or(AppError::NotFound)?;
        let found = annex::Entity::find_by_id(part.annex_id).find_also_related(organisation::Entity).one(db).await?;
        let (annex, agency) = found.ok_or(AppError::NotFound)?;
        let organisation = organisation::Entity::find_by_id(part.organisation_id).one(db).await?;
        let (Some(agency), Some(organisation)) = (agency, organisation) else {
            return Err(AppError::NotFound);
        };
        let of = Of {
            call: &call,
            proposal: &proposal,
            part: &part,
            organisation: &organisation,
            annex: &annex,
            agency: &agency,
        };
        Ok(Self::new(of, now, leave))
    }

    /// The address everything of this part lies below.
    pub fn path(&self) -> String {
        format!("/proposals/{}/parts/{}", self.proposal, self.part)
    }

    pub fn zone(&self) -> chrono_tz::Tz {
        self.deadline.zone
    }

    /// The part, when it belongs to the proposal of the address.
    ///
    /// # Errors
    /// `NotFound` when it belongs to another one.
    pub fn within(&self, proposal: ProposalId) -> Result<()> {
        if self.proposal == proposal { Ok(()) } else { Err(AppError::NotFound) }
    }
}
