//! What is asked: proposals, evaluators, affinities and the rules an assignment must keep.

use super::refusal::Fault;

/// Marks a pair that may not be assigned, in place of an affinity.
pub const FORBIDDEN: i32 = i32::MIN;

/// The largest affinity, bonus or its negative, in millionths.
pub const LARGEST: i64 = 100_000_000;

/// The most proposals and evaluators together; beyond, sums along a path could pass what orders cost.
const MOST: usize = 40_000;

/// One proposal and one evaluator, as indices from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pair {
    pub proposal: usize,
    pub evaluator: usize,
}

/// How many proposals one evaluator takes, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    pub least: u32,
    pub most: u32,
}

/// At least so many evaluators of a circle on one proposal: those who read its language, those from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    pub proposal: usize,
    /// Index into [`Problem::circles`].
    pub circle: usize,
    pub least: u32,
}

/// An assignment to be found.
///
/// Affinities are stored dense with four bytes a pair: 10,000 proposals by 3,000 evaluators are 120 MB.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub proposals: usize,
    pub evaluators: usize,
    /// Millionths, row by row: the pair is at `proposal * evaluators + evaluator`; [`FORBIDDEN`] for a conflict.
    pub affinities: Vec<i32>,
    /// Evaluators each proposal gets, exactly.
    pub wanted: Vec<u32>,
    /// Proposals each evaluator gets.
    pub loads: Vec<Load>,
    /// Pairs that must be in the assignment.
    pub locks: Vec<Pair>,
    /// Pairs of an earlier draft that should stay when little is lost.
    pub kept: Vec<Pair>,
    /// What keeping a pair is worth, in millionths.
    pub bonus: i32,
    /// Groups of evaluators that rules name; one evaluator may be in several.
    pub circles: Vec<Vec<usize>>,
    pub needs: Vec<Need>,
    /// Circles of which a proposal gets at most one evaluator: the people of one organisation.
    pub apart: Vec<usize>,
}

impl Problem {
    /// Every affinity zero, the same number of evaluators for all proposals and the same load for all evaluators.
    pub fn new(proposals: usize, evaluators: usize, wanted: u32, load: Load) -> Self {
        Self {
            proposals,
            evaluators,
            affinities: vec![0; proposals * evaluators],
            wanted: vec![wanted; proposals],
            loads: vec![load; evaluators],
            locks: Vec::new(),
            kept: Vec::new(),
            bonus: 0,
            circles: Vec::new(),
            needs: Vec::new(),
            apart: Vec::new(),
        }
    }

    /// Sets an affinity in millionths; `None` forbids the pair.
    ///
    /// # Errors
    /// When there is no such pair or the affinity is beyond [`LARGEST`].
    pub fn set(&mut self, pair: Pair, affinity: Option<i64>) -> Result<(), Fault> {
        self.known(pair)?;
        let value = match affinity {
            None => FORBIDDEN,
            Some(value) if value.abs() <= LARGEST => i32::try_from(value).unwrap_or(FORBIDDEN),
            Some(_) => return Err(Fault::TooLarge { pair }),
        };
        self.affinities[pair.proposal * self.evaluators + pair.evaluator] = value;
        Ok(())
    }

    /// The affinity in millionths; `None` for a forbidden pair.
    pub fn affinity(&self, pair: Pair) -> Option<i64> {
        let value = self.affinities[pair.proposal * self.evaluators + pair.evaluator];
        (value != FORBIDDEN).then_some(i64::from(value))
    }

    /// Adds a circle of evaluators and returns its index.
    pub fn circle(&mut self, members: Vec<usize>) -> usize {
        self.circles.push(members);
        self.circles.len() - 1
    }

    /// Whether the whole can be understood, before anything is searched.
    ///
    /// # Errors
    /// The first thing that contradicts itself: sizes, indices, locks on conflicts, more locks than places.
    pub fn check(&self) -> Result<(), Fault> {
        let sizes = self.affinities.len() == self.proposals * self.evaluators
            && self.wanted.len() == self.proposals
            && self.loads.len() == self.evaluators;
        if !sizes {
            return Err(Fault::Shape);
        }
        if self.proposals + self.evaluators > MOST {
            return Err(Fault::TooMany);
        }
        let largest = i32::try_from(LARGEST).unwrap_or(i32::MAX);
        if let Some(at) =
            self.affinities.iter().position(|a| *a != FORBIDDEN && a.unsigned_abs() > largest.unsigned_abs())
        {
            let pair = Pair { proposal: at / self.evaluators, evaluator: at % self.evaluators };
            return Err(Fault::TooLarge { pair });
        }
        if self.bonus.unsigned_abs() > largest.unsigned_abs() {
            return Err(Fault::Bonus);
        }
        if let Some(evaluator) = self.loads.iter().position(|load| load.least > load.most) {
            return Err(Fault::LeastAboveMost { evaluator });
        }
        if let Some(circle) = self.circles.iter().position(|c| c.iter().any(|e| *e >= self.evaluators)) {
            return Err(Fault::UnknownMember { circle });
        }
        let unknown = |circle: &usize| *circle >= self.circles.len();
        if let Some(circle) = self.needs.iter().map(|need| need.circle).chain(self.apart.iter().copied()).find(unknown)
        {
            return Err(Fault::UnknownCircle { circle });
        }
        if let Some(need) = self.needs.iter().find(|need| need.proposal >= self.proposals) {
            return Err(Fault::UnknownPair { pair: Pair { proposal: need.proposal, evaluator: 0 } });
        }
        self.kept.iter().try_for_each(|pair| self.known(*pair))?;
        self.check_needs()?;
        self.check_locks()
    }

    fn known(&self, pair: Pair) -> Result<(), Fault> {
        let known = pair.proposal < self.proposals && pair.evaluator < self.evaluators;
        if known { Ok(()) } else { Err(Fault::UnknownPair { pair }) }
    }

    /// One proposal's needs are told apart by the bits of one number.
    fn check_needs(&self) -> Result<(), Fault> {
        let mut count = vec![0_u32; self.proposals];
        for need in &self.needs {
            count[need.proposal] += 1;
            if count[need.proposal] > 64 {
                return Err(Fault::TooManyNeeds { proposal: need.proposal });
            }
        }
        Ok(())
    }

    fn check_locks(&self) -> Result<(), Fault> {
        let mut locks = self.locks.clone();
        locks.sort_unstable();
        locks.dedup();
        let mut of_proposal = vec![0_u32; self.proposals];
        let mut of_evaluator = vec![0_u32; self.evaluators];
        for pair in locks {
            self.known(pair)?;
            if self.affinity(pair).is_none() {
                return Err(Fault::LockedConflict { pair });
            }
            of_proposal[pair.proposal] += 1;
            of_evaluator[pair.evaluator] += 1;
            if of_proposal[pair.proposal] > self.wanted[pair.proposal] {
                return Err(Fault::LocksAboveWanted { proposal: pair.proposal });
            }
            if of_evaluator[pair.evaluator] > self.loads[pair.evaluator].most {
                return Err(Fault::LocksAboveLoad { evaluator: pair.evaluator });
            }
        }
        Ok(())
    }
}
