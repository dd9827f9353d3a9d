//! What is counted of a call.

use entity::types::{
    ids::{AnnexId, OrganisationId},
    money::{Currency, Money},
    states::{AnnexClass, AssignmentState, PartState, ReportState},
};

/// The numbers of one agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgencyFigures {
    pub annex: AnnexId,
    pub agency: OrganisationId,
    pub name: String,
    pub class: AnnexClass,
    pub currency: Currency,
    pub budget: Option<Money>,
    pub drafts: i64,
    /// What the drafts ask for so far.
    pub drafted: Money,
    pub submitted: i64,
    pub asked: Money,
    pub withdrawn: i64,
}

/// The numbers of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallFigures {
    pub agencies: Vec<AgencyFigures>,
    /// Proposals with at least one part in preparation and none submitted.
    pub proposals_drafted: i64,
    /// Proposals with at least one submitted part.
    pub proposals_submitted: i64,
}

/// What is where on its way through a call, as far as somebody may see it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyFigures {
    pub parts: Vec<(PartState, u64)>,
    pub assignments: Vec<(AssignmentState, u64)>,
    pub reports: Vec<(ReportState, u64)>,
}

impl KeyFigures {
    /// How many parts are in one of these states.
    pub fn parts_in(&self, states: &[PartState]) -> u64 {
        counted(&self.parts, states)
    }

    /// How many assignments are in one of these states.
    pub fn assignments_in(&self, states: &[AssignmentState]) -> u64 {
        counted(&self.assignments, states)
    }

    /// How many reports are in one of these states.
    pub fn reports_in(&self, states: &[ReportState]) -> u64 {
        counted(&self.reports, states)
    }
}

fn counted<T: PartialEq>(all: &[(T, u64)], states: &[T]) -> u64 {
    all.iter().filter(|(state, _)| states.contains(state)).map(|(_, n)| n).sum()
}

impl CallFigures {
    pub fn parts_submitted(&self) -> i64 {
        self.agencies.iter().map(|a| a.submitted).sum()
    }

    pub fn parts_drafted(&self) -> i64 {
        self.agencies.iter().map(|a| a.drafts).sum()
    }
}
