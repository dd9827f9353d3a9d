//! Where each chapter of a part is written.

use entity::types::ids::{PartId, ProposalId};

/// A chapter of a part as applicants know it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Chapter {
    /// Title and short name.
    Proposal,
    /// A section answered once for the proposal.
    Joint(String),
    /// A section answered for the part.
    Part(String),
    Consortium,
    Companies,
    Activities,
    Budget,
    Targets,
    Contact,
    Letters,
    /// Files of the part, and of the whole proposal.
    Documents,
    JointDocuments,
    /// What is left when everything is written: the deadline.
    Submission,
}

impl Chapter {
    /// The chapter of a section every part has.
    pub fn of_part(section: &str) -> Self {
        match section {
            "companies" => Self::Companies,
            "activities" => Self::Activities,
            "budget" => Self::Budget,
            "targets" => Self::Targets,
            _ => Self::Contact,
        }
    }

    /// The page on which the chapter is written, at this field when one is named.
    pub fn href(&self, proposal: ProposalId, part: PartId, field: &str) -> String {
        let part = format!("/proposals/{proposal}/parts/{part}");
        let page = match self {
            Self::Proposal => format!("/proposals/{proposal}/title"),
            Self::Joint(key) => format!("/proposals/{proposal}/sections/{key}"),
            Self::Part(key) => format!("{part}/sections/{key}"),
            Self::Consortium => format!("/proposals/{proposal}/team"),
            Self::Companies => format!("{part}/companies"),
            Self::Activities => format!("{part}/activities"),
            Self::Budget => format!("{part}/budget"),
            Self::Targets => format!("{part}/targets"),
            Self::Contact => format!("{part}/contact"),
            Self::Letters => format!("{part}/letters"),
            Self::Documents => format!("{part}/documents"),
            Self::JointDocuments => format!("/proposals/{proposal}/documents"),
            Self::Submission => format!("{part}/review"),
        };
        if field.is_empty() { page } else { format!("{page}#{field}") }
    }
}
