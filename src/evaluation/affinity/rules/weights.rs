//! What the terms weigh: data of the call.

/// A term of the affinity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Term {
    /// Tags of the taxonomy.
    Expertise,
    /// Free keywords of the evaluator in the proposal.
    Keywords,
    Text,
    /// Whether the evaluator reads the proposal's languages.
    Languages,
    /// The call's rule about countries.
    Country,
    /// What the evaluator wishes.
    Wish,
}

impl Term {
    pub const ALL: [Self; 6] =
        [Self::Expertise, Self::Keywords, Self::Text, Self::Languages, Self::Country, Self::Wish];

    /// The word for data files.
    pub fn key(self) -> &'static str {
        match self {
            Self::Expertise => "expertise",
            Self::Keywords => "keywords",
            Self::Text => "text",
            Self::Languages => "languages",
            Self::Country => "country",
            Self::Wish => "wish",
        }
    }
}

/// Shares of the terms in basis points, in the order of [`Term::ALL`], together 10 000.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weights([u32; 6]);

/// The shares are not a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("The weights make {sum} basis points instead of 10 000.")]
pub struct WeightRefusal {
    pub sum: u64,
}

impl Weights {
    /// # Errors
    /// When the shares do not sum to 10 000.
    pub fn new(basis_points: [u32; 6]) -> Result<Self, WeightRefusal> {
        let sum = basis_points.iter().map(|share| u64::from(*share)).sum();
        if sum == 10_000 { Ok(Self(basis_points)) } else { Err(WeightRefusal { sum }) }
    }

    /// The share of a term in basis points.
    pub fn of(&self, term: Term) -> u32 {
        self.0[term as usize]
    }
}

impl Default for Weights {
    /// Expertise 30 %, keywords 10 %, text 30 %, languages 10 %, country 5 %, wish 15 %: knowledge is seven tenths,
    /// and what evaluators say of themselves today weighs less than what they are known to have done.
    fn default() -> Self {
        Self([3_000, 1_000, 3_000, 1_000, 500, 1_500])
    }
}

/// What the call says about evaluators from a country of the proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CountryRule {
    /// Countries do not matter: the term counts for nobody.
    #[default]
    Indifferent,
    /// Evaluators from outside all countries of the proposal are better.
    PreferOutside,
    /// Evaluators from the proposal's countries are better: they know the home market.
    PreferInside,
}

/// What an evaluator says about a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Wish {
    Want,
    Can,
    #[default]
    Silent,
    RatherNot,
}

/// What the wishes are worth, in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WishValues {
    pub want: i64,
    pub can: i64,
    pub silent: i64,
    pub rather_not: i64,
}

impl WishValues {
    pub fn of(&self, wish: Wish) -> i64 {
        match wish {
            Wish::Want => self.want,
            Wish::Can => self.can,
            Wish::Silent => self.silent,
            Wish::RatherNot => self.rather_not,
        }
    }
}

impl Default for WishValues {
    /// Silence is half, so that nobody is better off by not answering.
    fn default() -> Self {
        Self { want: 1_000_000, can: 700_000, silent: 500_000, rather_not: 0 }
    }
}

/// How a call weighs affinity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Terms {
    pub weights: Weights,
    pub country: CountryRule,
    pub wishes: WishValues,
}
