//! What is found, how strong it is, and what the call counts.

use chrono::{Months, NaiveDate};
use entity::types::judging::ConflictTerms;
pub use entity::types::judging::TieStrength as Strength;

/// What kind of tie it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// The evaluator is somebody named in the proposal or for the organisation.
    SamePerson,
    /// The evaluator named the organisation or the person.
    Declared,
    Employer,
    PastEmployer,
    MailDomain,
    /// A seat on a board, a membership or a share.
    Seat,
    PastSeat,
    /// A seat on the board of a cluster the organisation belongs to.
    ClusterBoard,
    SameCluster,
    /// The evaluator's organisation owns the party, is owned by it, or both have one owner.
    Ownership,
    /// The evaluator and the organisation took part in the same earlier proposal.
    PastProposal,
    /// The evaluator's organisation takes part in another proposal of the call.
    Rival,
    SameCountry,
    /// The family name of somebody at the same address.
    FamilyName,
}

impl Kind {
    /// The word for data files.
    pub fn key(self) -> &'static str {
        match self {
            Self::SamePerson => "same_person",
            Self::Declared => "declared",
            Self::Employer => "employer",
            Self::PastEmployer => "past_employer",
            Self::MailDomain => "mail_domain",
            Self::Seat => "seat",
            Self::PastSeat => "past_seat",
            Self::ClusterBoard => "cluster_board",
            Self::SameCluster => "same_cluster",
            Self::Ownership => "ownership",
            Self::PastProposal => "past_proposal",
            Self::Rival => "rival",
            Self::SameCountry => "same_country",
            Self::FamilyName => "family_name",
        }
    }
}

/// With whom an evaluator has a tie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// An organisation by its place in the list.
    Organisation(usize),
    /// A named person of the proposal by place.
    Person(usize),
    /// The proposal as a whole: rivals and countries.
    Whole,
}

/// A tie between an evaluator and a proposal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Place in the list of evaluators.
    pub evaluator: usize,
    pub strength: Strength,
    pub kind: Kind,
    pub side: Side,
    /// What the evaluator's data say.
    pub own: String,
    /// What met it on the other side.
    pub met: String,
    /// From the evaluator's organisation to the party, both included, where ownership is the tie.
    pub path: Vec<usize>,
    /// When: of a past proposal its date, of an employment or seat its end.
    pub on: Option<NaiveDate>,
}

/// What the call counts as a conflict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The day the check is made for.
    pub today: NaiveDate,
    /// How long a former employment or seat counts, in years.
    pub years_after_leaving: u32,
    /// How long an earlier joint proposal counts, in years.
    pub years_of_past_proposals: u32,
    /// Links of ownership followed from the evaluator's organisation.
    pub links: usize,
    /// The smallest share that makes a link, in basis points.
    pub least_share: u32,
    pub same_cluster: Option<Strength>,
    pub rival: Option<Strength>,
    pub same_country: Option<Strength>,
}

impl Rule {
    /// What the call states, for the day the check is made.
    pub fn of(terms: &ConflictTerms, today: NaiveDate) -> Self {
        Self {
            today,
            years_after_leaving: terms.years_after_leaving,
            years_of_past_proposals: terms.years_of_past_proposals,
            links: terms.links as usize,
            least_share: u32::try_from(terms.least_share.basis_points()).unwrap_or_default(),
            same_cluster: terms.same_cluster,
            rival: terms.rival,
            same_country: terms.same_country,
        }
    }

    /// What most calls say ([`ConflictTerms::default`]).
    pub fn usual(today: NaiveDate) -> Self {
        Self::of(&ConflictTerms::default(), today)
    }

    /// Whether something that ended then is at most so many years old; the anniversary still counts.
    pub(super) fn within(&self, end: NaiveDate, years: u32) -> bool {
        end.checked_add_months(Months::new(years.saturating_mul(12))).is_none_or(|last| last >= self.today)
    }
}
