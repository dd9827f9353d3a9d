//! Which version of the joint sections counts, and how what is found in a part is grouped for those who check it.

use chrono::{DateTime, Utc};
use entity::types::ids::PartId;

/// A part's last version that was handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version {
    pub part: PartId,
    pub coordinates: bool,
    pub withdrawn: bool,
    pub submitted_at: DateTime<Utc>,
}

/// The part whose version holds the joint sections that count: the coordinator's; while the coordinator's part is
/// not handed in, the one that was handed in last. What was reopened and not handed in again is no version, and a
/// withdrawn part speaks for the proposal only when all are withdrawn.
///
/// Applicants submit one joint proposal with the coordinator's part, and each partner's version freezes the same
/// joint text (domain.md 6.2).
pub fn joint_version(versions: &[Version]) -> Option<PartId> {
    let last = |list: &mut dyn Iterator<Item = &Version>| list.max_by_key(|v| v.submitted_at).map(|v| v.part);
    let standing = || versions.iter().filter(|v| !v.withdrawn);
    standing()
        .find(|v| v.coordinates)
        .map(|v| v.part)
        .or_else(|| last(&mut standing()))
        .or_else(|| last(&mut versions.iter()))
}

/// What a finding is about, in the order the checks are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    Consortium,
    Answers,
    Companies,
    Activities,
    Budget,
    Letters,
    Documents,
    Label,
}

impl Topic {
    /// The topic as people read it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Consortium => "Consortium",
            Self::Answers => "Answers",
            Self::Companies => "Companies",
            Self::Activities => "Activities",
            Self::Budget => "Budget",
            Self::Letters => "Letters of commitment",
            Self::Documents => "Documents",
            Self::Label => "Cluster label",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn version(n: u128, coordinates: bool, withdrawn: bool, minute: i64) -> Version {
        let submitted_at = DateTime::UNIX_EPOCH + chrono::TimeDelta::minutes(minute);
        Version { part: Uuid::from_u128(n).into(), coordinates, withdrawn, submitted_at }
    }

    #[test]
    fn the_coordinators_version_speaks_for_all_while_it_stands() {
        let part = |n: u128| Some(PartId::from(Uuid::from_u128(n)));
        let (lead, early, late) =
            (version(1, true, false, 1), version(2, false, false, 2), version(3, false, false, 3));

        assert_eq!(joint_version(&[early, lead, late]), part(1));
        assert_eq!(joint_version(&[late, early]), part(3));
        assert_eq!(joint_version(&[version(1, true, true, 9), early]), part(2));
        assert_eq!(joint_version(&[version(1, true, true, 9)]), part(1));
        assert_eq!(joint_version(&[]), None);
    }
}
