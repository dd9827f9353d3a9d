//! Parties and ties, as they are declared.

use super::Through;
use entity::types::{
    money::{Currency, Money},
    share::Share,
};
use std::collections::{BTreeMap, BTreeSet};

/// A party of the graph, numbered by whoever draws it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node(pub u32);

/// A market, numbered by whoever draws the graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Market(pub u32);

/// Investors that may reach 25 % without making an enterprise their partner (Recommendation 2003/361/EC, Annex
/// Article 3(2), second subparagraph).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Investor {
    PublicInvestmentCorporation,
    VentureCapital,
    /// A person, or persons together, who regularly invest in unquoted businesses; what all of them put into one
    /// enterprise must stay below EUR 1 250 000.
    BusinessAngel,
    /// A university, or a research centre that makes no profit.
    University,
    /// An institutional investor, regional development funds included.
    Institutional,
    /// A local authority that is autonomous; small when its yearly budget is below EUR 10 million and it has fewer
    /// than 5 000 inhabitants.
    LocalAuthority {
        budget: Money,
        inhabitants: u32,
    },
}

impl Investor {
    /// Whether the favour is given at all: a local authority must be small.
    pub fn favoured(self) -> bool {
        match self {
            Self::LocalAuthority { budget, inhabitants } => {
                budget.currency == Currency::Eur && budget.minor < 1_000_000_000 && inhabitants < 5_000
            }
            _ => true,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Enterprise,
    /// A natural person: no enterprise, but two enterprises may be linked through one.
    Person,
    /// The state, a region, a municipality, or a body of theirs.
    PublicBody,
    Investor(Investor),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    pub node: Node,
    pub kind: Kind,
    /// Where it is active; asked only of enterprises with owners in common.
    pub markets: BTreeSet<Market>,
    /// Whether an investor belongs to the public hand, as public universities do.
    pub public: bool,
}

impl Party {
    pub fn new(node: u32, kind: Kind) -> Self {
        Self { node: Node(node), kind, markets: BTreeSet::new(), public: false }
    }

    /// Natural persons, business angels among them.
    pub fn is_person(&self) -> bool {
        matches!(self.kind, Kind::Person | Kind::Investor(Investor::BusinessAngel))
    }

    /// Public bodies, local authorities among them.
    pub fn is_public_body(&self) -> bool {
        matches!(self.kind, Kind::PublicBody | Kind::Investor(Investor::LocalAuthority { .. }))
    }

    /// What can be a member of a group of linked enterprises.
    pub fn is_enterprise(&self) -> bool {
        !self.is_person() && !self.is_public_body()
    }
}

/// Control that does not lie in the votes held (Recommendation 2003/361/EC, Annex Article 3(3)(b) to (d); Regulation
/// (EU) 2023/2831, Article 2(2)(b) to (d)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Control {
    /// The right to appoint or remove most members of the board.
    Board,
    /// A dominant influence by contract, memorandum or articles.
    Dominance,
    /// Sole control of most votes by agreement with other holders.
    Agreement,
}

/// What a holder holds of another party.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tie {
    pub holder: Node,
    pub held: Node,
    pub capital: Share,
    pub votes: Share,
    pub control: Option<Control>,
    /// What a business angel put in.
    pub invested: Option<Money>,
    /// Whether the holder takes part in the management; asked of favoured investors.
    pub manages: bool,
}

impl Tie {
    /// A holding of as much capital as votes.
    pub const fn holding(holder: u32, held: u32, share: Share) -> Self {
        let (holder, held) = (Node(holder), Node(held));
        Self { holder, held, capital: share, votes: share, control: None, invested: None, manages: false }
    }

    /// The greater of capital and votes (Annex Article 6(2)).
    pub fn share(&self) -> Share {
        self.capital.max(self.votes)
    }
}

/// Why a graph cannot be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    Twice(Node),
    Unknown(Node),
    /// A tie of a party to itself.
    Itself(Node),
    /// A person or public body nobody can hold.
    CannotBeHeld(Node),
    /// A share below nothing or above the whole.
    NoShare {
        holder: Node,
        held: Node,
    },
    /// More than all of it is held.
    MoreThanWhole(Node),
    /// Somebody who acts jointly but is no natural person.
    NoPerson(Node),
}

/// The graph, checked.
#[derive(Debug, Clone)]
pub struct Ownership {
    parties: BTreeMap<Node, Party>,
    ties: Vec<Tie>,
    /// Natural persons who act jointly, such as a family.
    circles: Vec<Vec<Node>>,
    /// Markets directly upstream or downstream of each other, the smaller number first.
    adjacent: BTreeSet<(Market, Market)>,
}

impl Ownership {
    /// # Errors
    /// When a tie names an unknown party, a share is none, or more than the whole of a party is held.
    pub fn new(parties: Vec<Party>, ties: Vec<Tie>) -> Result<Self, Fault> {
        let mut known = BTreeMap::new();
        for party in parties {
            let node = party.node;
            if known.insert(node, party).is_some() {
                return Err(Fault::Twice(node));
            }
        }
        let mut sums: BTreeMap<Node, (i64, i64)> = BTreeMap::new();
        for tie in &ties {
            let Tie { holder, held, .. } = *tie;
            if let Some(node) = [holder, held].into_iter().find(|node| !known.contains_key(node)) {
                return Err(Fault::Unknown(node));
            }
            if holder == held {
                return Err(Fault::Itself(held));
            }
            if !known[&held].is_enterprise() {
                return Err(Fault::CannotBeHeld(held));
            }
            if [tie.capital, tie.votes].iter().any(|share| !(0..=10_000).contains(&share.basis_points())) {
                return Err(Fault::NoShare { holder, held });
            }
            let sum = sums.entry(held).or_default();
            sum.0 += i64::from(tie.capital.basis_points());
            sum.1 += i64::from(tie.votes.basis_points());
            if sum.0 > 10_000 || sum.1 > 10_000 {
                return Err(Fault::MoreThanWhole(held));
            }
        }
        Ok(Self { parties: known, ties, circles: Vec::new(), adjacent: BTreeSet::new() })
    }

    /// The graph in which these natural persons act jointly.
    ///
    /// # Errors
    /// When one of them is unknown or no natural person.
    pub fn acting_jointly(mut self, circle: Vec<Node>) -> Result<Self, Fault> {
        for node in &circle {
            match self.parties.get(node) {
                None => return Err(Fault::Unknown(*node)),
                Some(party) if !party.is_person() => return Err(Fault::NoPerson(*node)),
                Some(_) => {}
            }
        }
        self.circles.push(circle);
        Ok(self)
    }

    /// The graph in which these two markets are directly upstream or downstream of each other.
    #[must_use]
    pub fn with_adjacent(mut self, one: Market, other: Market) -> Self {
        self.adjacent.insert((one.min(other), one.max(other)));
        self
    }

    pub fn party(&self, node: Node) -> Option<&Party> {
        self.parties.get(&node)
    }

    pub fn parties(&self) -> impl Iterator<Item = &Party> {
        self.parties.values()
    }

    pub fn ties(&self) -> &[Tie] {
        &self.ties
    }

    pub fn circles(&self) -> &[Vec<Node>] {
        &self.circles
    }

    /// Whether two enterprises work in the same market or in adjacent ones (Annex Article 3(3), last subparagraphs).
    pub fn near(&self, one: Node, other: Node) -> bool {
        let (Some(one), Some(other)) = (self.parties.get(&one), self.parties.get(&other)) else { return false };
        one.markets
            .iter()
            .any(|a| other.markets.iter().any(|b| a == b || self.adjacent.contains(&((*a).min(*b), (*a).max(*b)))))
    }

    /// The favour of the Annex's Article 3(2) as far as it lies in the holder itself and in what it put in.
    pub fn favours(&self, tie: &Tie) -> bool {
        match self.parties.get(&tie.holder).map(|party| party.kind) {
            Some(Kind::Investor(Investor::BusinessAngel)) => {
                self.angels_invested(tie.held).is_some_and(|sum| sum < ANGELS)
            }
            Some(Kind::Investor(investor)) => investor.favoured(),
            _ => false,
        }
    }

    /// What business angels together put into an enterprise, in cents; none when one of them does not say, or not in
    /// euro.
    pub fn angels_invested(&self, held: Node) -> Option<i128> {
        let angel = |node| self.party(node).is_some_and(|p| p.kind == Kind::Investor(Investor::BusinessAngel));
        self.ties.iter().filter(|tie| tie.held == held && angel(tie.holder)).try_fold(0, |sum, tie| {
            let money = tie.invested.filter(|money| money.currency == Currency::Eur)?;
            Some(sum + i128::from(money.minor))
        })
    }

    /// Whether a tie gives control by itself. In the SME test a favoured investor who keeps out of the management is
    /// presumed to have no dominant influence (Annex Article 3(3), second subparagraph); the single undertaking knows
    /// no such presumption.
    pub fn controls(&self, tie: &Tie, through: Through) -> bool {
        let quiet = tie.control == Some(Control::Dominance) && !tie.manages && self.favours(tie);
        let presumed_not = quiet && through == Through::PersonsToo;
        tie.votes.basis_points() > 5_000 || (tie.control.is_some() && !presumed_not)
    }
}

/// EUR 1 250 000 in cents.
pub const ANGELS: i128 = 125_000_000;
