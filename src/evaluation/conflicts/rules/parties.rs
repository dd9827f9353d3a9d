//! Who is compared: evaluators on one side, organisations, companies and named people on the other.

use chrono::NaiveDate;

/// An evaluator, as far as ties are concerned.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// Full names, former ones too.
    pub names: Vec<String>,
    /// Every known address: account, profile, earlier ones.
    pub emails: Vec<String>,
    pub employers: Vec<Employment>,
    /// Boards, memberships and shares.
    pub seats: Vec<Seat>,
    /// Clusters the evaluator or their organisation belongs to.
    pub clusters: Vec<String>,
    /// ISO 3166-1 alpha-2 codes.
    pub countries: Vec<String>,
    /// Organisations and people the evaluator named.
    pub interests: Vec<String>,
    pub address: Option<String>,
}

/// Work for an organisation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Employment {
    pub name: String,
    /// Registration or VAT number.
    pub number: Option<String>,
    pub country: Option<String>,
    /// None while it lasts.
    pub until: Option<NaiveDate>,
}

/// What a seat is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Standing {
    #[default]
    Board,
    Owner,
    Adviser,
    /// An ordinary membership, for example in an association.
    Member,
}

/// A seat in an organisation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seat {
    pub name: String,
    pub number: Option<String>,
    pub country: Option<String>,
    pub standing: Standing,
    /// None while it lasts.
    pub until: Option<NaiveDate>,
}

/// An organisation: a partner, a company of a part, a cluster, or somebody's owner.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Organisation {
    /// Name, trade names, former names.
    pub names: Vec<String>,
    /// Registration and VAT numbers.
    pub numbers: Vec<String>,
    /// Of its website and its mail.
    pub domains: Vec<String>,
    pub country: Option<String>,
    /// Names of the clusters it belongs to.
    pub clusters: Vec<String>,
    /// Managers, owners, contacts.
    pub people: Vec<Contact>,
}

/// Somebody named by an applicant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contact {
    pub name: String,
    pub email: Option<String>,
    pub address: Option<String>,
}

/// One organisation holds shares of another; both by place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    pub owner: usize,
    pub owned: usize,
    /// In basis points; none when unknown, which counts as control.
    pub share: Option<u32>,
}

/// An earlier proposal, in this platform or stated.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Past {
    pub code: String,
    pub on: Option<NaiveDate>,
    /// By place in the list of organisations.
    pub organisations: Vec<usize>,
    pub people: Vec<Contact>,
}

/// A proposal of the call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proposal {
    /// Every organisation of every part, by place.
    pub parties: Vec<usize>,
    /// Named people of all parts.
    pub people: Vec<Contact>,
}
