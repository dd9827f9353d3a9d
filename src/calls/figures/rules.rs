//! What is counted of a call.

use entity::types::{
    ids::{AnnexId, OrganisationId},
    money::{Currency, Money},
    states::AnnexClass,
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

impl CallFigures {
    pub fn parts_submitted(&self) -> i64 {
        self.agencies.iter().map(|a| a.submitted).sum()
    }

    pub fn parts_drafted(&self) -> i64 {
        self.agencies.iter().map(|a| a.drafts).sum()
    }
}
