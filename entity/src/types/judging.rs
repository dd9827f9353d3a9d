//! How a call has its proposals judged beyond criteria, scale and thresholds: who sees whose sheet, what counts as a
//! conflict of interest, what happens when evaluators see different things, and what orders the ranking.
//!
//! All of it is stated before a call opens, and none of it changes while proposals are judged.

use super::{points::Points, share::Share};
use serde::{Deserialize, Serialize};

/// When an evaluator sees the other sheets of the same proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SheetVisibility {
    #[default]
    Never,
    /// After one's own sheet was submitted.
    AfterOwn,
    Always,
}

impl SheetVisibility {
    pub const ALL: &'static [Self] = &[Self::Never, Self::AfterOwn, Self::Always];

    /// The word of call files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::AfterOwn => "after_own",
            Self::Always => "always",
        }
    }
}

/// What evaluators see of each other, step by step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SheetVisibilities {
    /// While everybody writes alone.
    #[serde(default)]
    pub individual: SheetVisibility,
    /// Once a consensus is open on the proposal.
    #[serde(default = "SheetVisibilities::after_own")]
    pub consensus: SheetVisibility,
    /// Whether a sheet seen names who wrote it.
    #[serde(default)]
    pub names: bool,
}

impl SheetVisibilities {
    fn after_own() -> SheetVisibility {
        SheetVisibility::AfterOwn
    }
}

impl Default for SheetVisibilities {
    fn default() -> Self {
        Self { individual: SheetVisibility::Never, consensus: SheetVisibility::AfterOwn, names: false }
    }
}

/// What counts as seeing different things (domain.md 2.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "when", rename_all = "snake_case")]
pub enum Trigger {
    /// The points for a criterion differ by more than this.
    CriterionDiffers { more_than: Points },
    /// The weighted totals differ by more than this.
    TotalDiffers { more_than: Points },
    /// For a criterion some are below the middle of the scale and some above; the middle itself is on no side.
    CriterionAcrossMiddle,
    /// The same for weighted totals.
    TotalAcrossMiddle,
    /// For a criterion some reach its threshold and some do not.
    CriterionAcrossThreshold,
    /// The same for the overall threshold.
    TotalAcrossThreshold,
}

/// What follows from divergence, the weaker first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FollowUp {
    ThirdReview,
    Consensus,
}

/// One sentence of the divergence rule: this trigger has that outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clause {
    #[serde(flatten)]
    pub trigger: Trigger,
    pub then: FollowUp,
}

/// Whose points count towards a mean (domain.md 2.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutlierRule {
    /// Everybody counts.
    #[default]
    None,
    /// Of three or more, one who alone stands on the other side of the middle of the scale does not count (Eurostars-2,
    /// domain.md 2.1). Somebody at the middle is on no side: with him the one is not alone against all others.
    OtherSideOfMiddle,
    /// Only the median counts.
    Median,
}

/// At least so many criteria have a mean of at least so many points (Eurostars: two of three at least 4.3 of 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KOfN {
    pub criteria: u32,
    pub least: Points,
}

/// How much a tie between an evaluator and a party says. Greater is graver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TieStrength {
    /// Shown; says little on its own.
    Hint,
    /// Must be looked at before somebody is invited.
    Likely,
    /// Keeps somebody from being asked until an officer dismisses it.
    Barring,
}

impl TieStrength {
    pub const ALL: &'static [Self] = &[Self::Hint, Self::Likely, Self::Barring];

    /// The word for data files.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Hint => "hint",
            Self::Likely => "likely",
            Self::Barring => "barring",
        }
    }

    /// One step weaker; a hint stays a hint.
    pub fn weaker(self) -> Self {
        if self == Self::Barring { Self::Likely } else { Self::Hint }
    }
}

/// What the call counts as a conflict of interest. The usual: five years back, three after leaving, a quarter of the
/// shares (partner enterprise, Recommendation 2003/361/EC, Annex, Article 3); countries do not matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ConflictTerms {
    /// How long a former employment or seat counts.
    pub years_after_leaving: u32,
    /// How long an earlier joint proposal counts.
    pub years_of_past_proposals: u32,
    /// Links of ownership followed from the evaluator's organisation.
    pub links: u32,
    /// The smallest share that makes a link.
    pub least_share: Share,
    pub same_cluster: Option<TieStrength>,
    pub rival: Option<TieStrength>,
    pub same_country: Option<TieStrength>,
}

impl Default for ConflictTerms {
    fn default() -> Self {
        Self {
            years_after_leaving: 3,
            years_of_past_proposals: 5,
            links: 4,
            least_share: Share::percent(25),
            same_cluster: Some(TieStrength::Likely),
            rival: Some(TieStrength::Likely),
            same_country: None,
        }
    }
}

/// What orders the ranking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RankBy {
    /// Weighted totals as given.
    #[default]
    Totals,
    /// Expected ranks of the mixed model, which takes evaluators' severity out (Heyard et al. 2022).
    ExpectedRanks,
}

/// How the ranking is drawn: totals unless the call said otherwise before it opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RankingTerms {
    pub by: RankBy,
    /// Whether a lottery draws among the proposals whose order around the funding line is not distinguishable.
    pub lottery: bool,
}

/// Part of a criterion; the criterion's points are the mean of its parts' (domain.md 2.1, Eurostars).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubCriterion {
    pub key: String,
    pub name: String,
    #[serde(default)]
    pub guidance: String,
}
