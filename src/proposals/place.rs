//! Where an answer, a section or an attachment belongs: to the joint proposal, or to one part of it.

use crate::kernel::Subject;
use entity::types::{
    BadValue,
    ids::{PartId, ProposalId},
};
use std::{fmt, str::FromStr};

/// The place of an answer; written as `joint` or as the id of the part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// Answered once for the whole proposal.
    Joint,
    /// Answered for one part.
    Part(PartId),
}

impl Place {
    /// The part, when it is one.
    pub fn part(self) -> Option<PartId> {
        match self {
            Self::Joint => None,
            Self::Part(id) => Some(id),
        }
    }

    /// What a permission is asked about.
    pub fn subject(self, proposal: ProposalId) -> Subject {
        match self {
            Self::Joint => Subject::Proposal(proposal),
            Self::Part(id) => Subject::Part(id),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Joint => f.write_str("joint"),
            Self::Part(id) => id.fmt(f),
        }
    }
}

impl FromStr for Place {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<Self, BadValue> {
        match text {
            "" | "joint" => Ok(Self::Joint),
            id => id.parse().map(Self::Part).map_err(|_| BadValue::new("Name a part of this proposal, or “joint”")),
        }
    }
}
