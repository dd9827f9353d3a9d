//! Why there is no assignment, as data.

use super::problem::Pair;

/// What is asked contradicts itself before anything is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("The lists do not fit the numbers of proposals and evaluators.")]
    Shape,
    #[error("There are more proposals and evaluators than can be assigned at once.")]
    TooMany,
    #[error("There is no proposal {} or no evaluator {}.", .pair.proposal, .pair.evaluator)]
    UnknownPair { pair: Pair },
    #[error("The affinity of proposal {} and evaluator {} is too large.", .pair.proposal, .pair.evaluator)]
    TooLarge { pair: Pair },
    #[error("The bonus for kept pairs is too large.")]
    Bonus,
    #[error("The least load of evaluator {evaluator} is above the most.")]
    LeastAboveMost { evaluator: usize },
    #[error("There is no circle {circle}.")]
    UnknownCircle { circle: usize },
    #[error("Circle {circle} names an evaluator that does not exist.")]
    UnknownMember { circle: usize },
    #[error("Proposal {proposal} has more than 64 needs.")]
    TooManyNeeds { proposal: usize },
    #[error("Proposal {} and evaluator {} are locked but in conflict.", .pair.proposal, .pair.evaluator)]
    LockedConflict { pair: Pair },
    #[error("Proposal {proposal} has more locked evaluators than it gets.")]
    LocksAboveWanted { proposal: usize },
    #[error("Evaluator {evaluator} has more locked proposals than the most.")]
    LocksAboveLoad { evaluator: usize },
}

/// A rule of one proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// The number of evaluators, with the conflicts and locks.
    Wanted,
    /// The need at this index of [`super::Problem::needs`].
    Need(usize),
    /// The circle at this index of [`super::Problem::circles`], of which at most one may be chosen.
    Apart(usize),
    /// The floor asked for.
    Floor,
}

/// No assignment was found, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error(transparent)]
    Fault(#[from] Fault),
    /// Hall's condition fails: these proposals together want more places than can be reached. Outside the named
    /// evaluators they already have everybody they may have.
    #[error("{missing} places are missing for {} proposals that share {} evaluators.", .proposals.len(), .evaluators.len())]
    TooFewPlaces { proposals: Vec<usize>, evaluators: Vec<usize>, missing: u64 },
    /// These evaluators together must get more proposals than they may be given.
    #[error("{missing} proposals are missing for the least loads of {} evaluators.", .evaluators.len())]
    TooFewProposals { evaluators: Vec<usize>, proposals: Vec<usize>, missing: u64 },
    /// One proposal cannot be served even with all evaluators free. Without any one of these rules it could; when
    /// none is named, several contradict each other at once.
    #[error("Proposal {proposal} cannot be served: {} rules contradict.", .rules.len())]
    Contradiction { proposal: usize, rules: Vec<Rule> },
    /// The rules together were proven to leave no assignment; these proposals are hardest to serve.
    #[error("The rules of {} proposals cannot all be kept with the given loads.", .proposals.len())]
    NoAssignment { proposals: Vec<usize> },
    /// None was found within the effort given, and none was proven not to exist.
    #[error("No assignment was found that keeps the rules of {} proposals; there may be one.", .proposals.len())]
    NotFound { proposals: Vec<usize> },
    #[error("The search was stopped.")]
    Stopped,
}
