//! The scores of a call, checked and numbered without gaps.

use std::collections::{BTreeMap, BTreeSet};

/// One evaluator's score for one proposal; both are numbers of the caller's lists.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rating {
    pub proposal: usize,
    pub evaluator: usize,
    pub score: f64,
}

/// Why the model has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unusable {
    NoScores,
    /// A score is not a finite number: its place in the list.
    NotANumber(usize),
    /// A score is for a proposal beyond the list: its place in the list.
    UnknownProposal(usize),
    /// Only one proposal has scores: there is nothing to order.
    OneProposal,
    /// One evaluator scored everything: severity cannot be told from the mean.
    OneEvaluator,
    /// Nothing varies.
    AllEqual,
    /// No proposal has two scores: its quality cannot be told from chance.
    NoProposalTwice,
    /// So many scores against so many effects leave nothing to measure chance by.
    TooFewScores {
        scores: usize,
        effects: usize,
    },
}

/// Proposals and evaluators that are linked by shared scores. Between two islands nothing but the assumption that
/// both come from the same population supports a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Island {
    pub proposals: Vec<usize>,
    pub evaluators: Vec<usize>,
}

/// Scores the model can use.
#[derive(Debug, Clone)]
pub struct Scores {
    /// The caller's numbers of the proposals with scores, ascending; the same for evaluators.
    pub(super) proposals: Vec<usize>,
    pub(super) evaluators: Vec<usize>,
    /// Numbered by the places in these lists.
    pub(super) ratings: Vec<Rating>,
    unscored: Vec<usize>,
    islands: Vec<Island>,
    mean: f64,
    deviation: f64,
}

impl Scores {
    /// Takes the scores of a call with so many proposals. A proposal may lack scores, and an evaluator may score a
    /// proposal more than once. O(n log n).
    ///
    /// # Errors
    /// Says why the model would have no answer.
    pub fn new(proposals: usize, ratings: &[Rating]) -> Result<Self, Unusable> {
        if ratings.is_empty() {
            return Err(Unusable::NoScores);
        }
        if let Some(at) = ratings.iter().position(|r| !r.score.is_finite()) {
            return Err(Unusable::NotANumber(at));
        }
        if let Some(at) = ratings.iter().position(|r| r.proposal >= proposals) {
            return Err(Unusable::UnknownProposal(at));
        }
        let places = |number: fn(&Rating) -> usize| -> BTreeMap<usize, usize> {
            ratings.iter().map(number).collect::<BTreeSet<_>>().into_iter().zip(0..).collect()
        };
        let (by_proposal, by_evaluator) = (places(|r| r.proposal), places(|r| r.evaluator));
        let place = |r: &Rating| Rating {
            proposal: by_proposal[&r.proposal],
            evaluator: by_evaluator[&r.evaluator],
            score: r.score,
        };
        let compact: Vec<Rating> = ratings.iter().map(place).collect();
        let count = ratings.len() as f64;
        let mean = ratings.iter().map(|r| r.score).sum::<f64>() / count;
        let squares: f64 = ratings.iter().map(|r| (r.score - mean) * (r.score - mean)).sum();
        let mut scores = Self {
            unscored: (0..proposals).filter(|p| !by_proposal.contains_key(p)).collect(),
            proposals: by_proposal.into_keys().collect(),
            evaluators: by_evaluator.into_keys().collect(),
            ratings: compact,
            islands: Vec::new(),
            mean,
            deviation: (squares / (count - 1.0).max(1.0)).sqrt(),
        };
        scores.islands = scores.find_islands();
        scores.usable()?;
        Ok(scores)
    }

    /// The caller's numbers of the proposals with scores, ascending.
    pub fn proposals(&self) -> &[usize] {
        &self.proposals
    }

    /// The caller's numbers of the evaluators, ascending.
    pub fn evaluators(&self) -> &[usize] {
        &self.evaluators
    }

    /// Proposals nobody scored; they have no effect and no rank.
    pub fn unscored(&self) -> &[usize] {
        &self.unscored
    }

    /// Groups without a shared evaluator between them, the largest first; one when all can be compared.
    pub fn islands(&self) -> &[Island] {
        &self.islands
    }

    /// Whether shared evaluators link every scored proposal with every other.
    pub fn connected(&self) -> bool {
        self.islands.len() == 1
    }

    /// How many scores there are.
    pub fn count(&self) -> usize {
        self.ratings.len()
    }

    /// The mean of all scores.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// The standard deviation of all scores.
    pub fn deviation(&self) -> f64 {
        self.deviation
    }

    fn usable(&self) -> Result<(), Unusable> {
        let (proposals, evaluators, scores) = (self.proposals.len(), self.evaluators.len(), self.ratings.len());
        if proposals < 2 {
            return Err(Unusable::OneProposal);
        }
        if evaluators < 2 {
            return Err(Unusable::OneEvaluator);
        }
        let first = self.ratings[0].score;
        if self.ratings.iter().all(|r| r.score == first) {
            return Err(Unusable::AllEqual);
        }
        if scores == proposals {
            return Err(Unusable::NoProposalTwice);
        }
        let effects = proposals + evaluators - self.islands.len();
        if scores <= effects {
            return Err(Unusable::TooFewScores { scores, effects });
        }
        Ok(())
    }

    /// Union by smaller root, so that the result depends on nothing but the links.
    fn find_islands(&self) -> Vec<Island> {
        let shift = self.proposals.len();
        let mut above: Vec<usize> = (0..shift + self.evaluators.len()).collect();
        for rating in &self.ratings {
            let (a, b) = (root(&mut above, rating.proposal), root(&mut above, shift + rating.evaluator));
            above[a.max(b)] = a.min(b);
        }
        let mut found: BTreeMap<usize, Island> = BTreeMap::new();
        for node in 0..above.len() {
            let island = found
                .entry(root(&mut above, node))
                .or_insert_with(|| Island { proposals: Vec::new(), evaluators: Vec::new() });
            match node.checked_sub(shift) {
                None => island.proposals.push(self.proposals[node]),
                Some(evaluator) => island.evaluators.push(self.evaluators[evaluator]),
            }
        }
        let mut islands: Vec<Island> = found.into_values().collect();
        islands.sort_by_key(|island| std::cmp::Reverse(island.proposals.len()));
        islands
    }
}

fn root(above: &mut [usize], mut node: usize) -> usize {
    while above[node] != node {
        above[node] = above[above[node]];
        node = above[node];
    }
    node
}
