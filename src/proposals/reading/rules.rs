//! How what is found in a part is grouped for those who check it.

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
