//! What an applicant may see of a proposal: coordinators all of it, others the joint sections and their own part.

use super::{Change, Dossier, PartFile};
use crate::{
    kernel::{AppError, Leave, Result, access::relation::Relation},
    proposals::Place,
};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use entity::types::{
    ids::{PartId, ProposalId},
    states::{PartState, ProposalState, TeamRole},
};

/// What stands above every page of a proposal.
#[derive(Debug, Clone)]
pub struct Head {
    pub id: ProposalId,
    pub code: String,
    pub title: String,
    pub acronym: String,
    pub state: ProposalState,
    pub call_code: String,
    pub call_title: String,
    /// The zone of the joint secretariat.
    pub zone: Tz,
    /// Whether the reader coordinates.
    pub coordinates: bool,
    /// Who worked on it last, and when.
    pub saved_by: String,
    pub saved_at: DateTime<Utc>,
    /// Whether the call takes changes.
    pub open: bool,
    /// Changes of the call since the proposal was started, the latest first.
    pub changes: Vec<Change>,
}

/// What stands above every page of a part.
#[derive(Debug, Clone)]
pub struct PartHead {
    pub id: PartId,
    pub organisation: String,
    pub agency: String,
    pub state: PartState,
    pub is_coordinator: bool,
    /// Whether the reader may change it now.
    pub editable: bool,
    pub deadline: entity::types::period::Deadline,
}

/// Applicant pages are for applicants: staff and evaluators read what was submitted, on pages of their own.
///
/// # Errors
/// `NotFound` for everybody else.
pub fn applicants_only(leave: Leave<'_>) -> Result<()> {
    let applicant = [Relation::Coordinator, Relation::PartEditor, Relation::Partner];
    if leave.relations().has_any(&applicant) { Ok(()) } else { Err(AppError::NotFound) }
}

impl Dossier {
    /// The head of the proposal for this reader.
    pub fn head(&self, leave: Leave<'_>) -> Head {
        Head {
            id: self.proposal.id,
            code: self.proposal.code.clone(),
            title: self.proposal.title.clone(),
            acronym: self.proposal.acronym.clone(),
            state: self.proposal.state,
            call_code: self.call.code.clone(),
            call_title: self.call.title.clone(),
            zone: self.terms().zone,
            coordinates: self.coordinates(leave),
            saved_by: self.name(self.proposal.updated_by).to_owned(),
            saved_at: self.proposal.updated_at,
            open: self.open(),
            changes: self.changes.clone(),
        }
    }

    /// The head of a part for this reader.
    pub fn part_head(&self, part: &PartFile, leave: Leave<'_>) -> PartHead {
        PartHead {
            id: part.row.id,
            organisation: part.organisation.name.clone(),
            agency: part.agency.name.clone(),
            state: part.row.state,
            is_coordinator: part.row.is_coordinator,
            editable: self.open()
                && part.row.state == PartState::Draft
                && self.proposal.state != ProposalState::Withdrawn
                && self.edits(leave, part.row.id),
            deadline: part.annex.terms.deadline,
        }
    }

    /// Whether the call takes changes.
    pub fn open(&self) -> bool {
        self.call.state == entity::types::states::CallState::Open
    }

    /// Whether the reader coordinates the proposal.
    pub fn coordinates(&self, leave: Leave<'_>) -> bool {
        let account = leave.actor().account();
        self.team.iter().any(|(m, _)| Some(m.account_id) == account && m.role == TeamRole::Coordinator)
    }

    /// The parts the reader works on.
    pub fn own_parts(&self, leave: Leave<'_>) -> Vec<&PartFile> {
        self.parts.iter().filter(|part| self.works_on(leave, part)).collect()
    }

    fn works_on(&self, leave: Leave<'_>, part: &PartFile) -> bool {
        let account = leave.actor().account();
        leave.actor().manages(part.organisation.id)
            || self.team.iter().any(|(m, _)| Some(m.account_id) == account && m.part_id == Some(part.row.id))
    }

    /// Whether the reader has the right to change this part.
    pub fn edits(&self, leave: Leave<'_>, id: PartId) -> bool {
        let account = leave.actor().account();
        let Some(part) = self.part(id) else { return false };
        leave.actor().manages(part.organisation.id)
            || self
                .team
                .iter()
                .any(|(m, _)| Some(m.account_id) == account && m.part_id == Some(id) && m.role != TeamRole::Viewer)
    }

    /// Whether the reader may see inside this part: it is theirs, or they coordinate.
    pub fn sees(&self, leave: Leave<'_>, id: PartId) -> bool {
        self.part(id).is_some_and(|part| self.coordinates(leave) || self.works_on(leave, part))
    }

    /// A part the reader may see inside.
    ///
    /// # Errors
    /// `NotFound` for others.
    pub fn seen_part(&self, leave: Leave<'_>, id: PartId) -> Result<&PartFile> {
        applicants_only(leave)?;
        match self.part(id) {
            Some(part) if self.sees(leave, id) => Ok(part),
            _ => Err(AppError::NotFound),
        }
    }

    /// Why a place cannot be changed by the reader now; none when it can.
    pub fn why_fixed(&self, leave: Leave<'_>, place: Place) -> Option<String> {
        if self.proposal.state == ProposalState::Withdrawn {
            return Some("This proposal was given up.".to_owned());
        }
        if !self.open() {
            return Some(format!("The call is {}.", self.call.state.label().to_lowercase()));
        }
        let part = match place {
            Place::Joint => self.coordinator(),
            Place::Part(id) => self.part(id),
        };
        let locked = part.and_then(|p| crate::proposals::drafts::rules::locked(place, p.row.state));
        if let Some(refusal) = locked {
            return Some(refusal.message);
        }
        let may = match place {
            Place::Joint => self.parts.iter().any(|p| self.edits(leave, p.row.id)) || self.edits_joint(leave),
            Place::Part(id) => self.edits(leave, id),
        };
        (!may).then(|| "You may read this, but not change it.".to_owned())
    }

    fn edits_joint(&self, leave: Leave<'_>) -> bool {
        let account = leave.actor().account();
        self.team.iter().any(|(m, _)| Some(m.account_id) == account && m.role != TeamRole::Viewer)
    }

    /// The day it is at a part's agency.
    pub fn today(&self, part: &PartFile, now: DateTime<Utc>) -> NaiveDate {
        now.with_timezone(&part.annex.terms.deadline.zone).date_naive()
    }
}
