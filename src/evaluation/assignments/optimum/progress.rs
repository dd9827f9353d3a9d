//! What a background job sees of the search, and how it stops it.

use super::refusal::Refusal;

/// Where the search stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The optimum without the rules that a flow does not know.
    Flow,
    /// The highest floor.
    Floor,
    /// Rules beyond the flow: penalties and repair.
    Rules,
    /// Closing the gap by branching.
    Branch,
}

/// What is known while the search runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub stage: Stage,
    /// Grows from 0 in every stage; of the limit where there is one.
    pub round: u64,
    pub rounds: Option<u64>,
    /// Best value so far and its bound, in millionths; for the floor stage these are floors.
    pub found: Option<i64>,
    pub bound: Option<i64>,
}

/// The watcher said no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stopped;

impl From<Stopped> for Refusal {
    fn from(_: Stopped) -> Self {
        Self::Stopped
    }
}

/// Tells a closure how far the search is; the closure answers whether to go on.
pub struct Watch<'a> {
    tell: &'a mut dyn FnMut(Progress) -> bool,
    now: Progress,
}

impl<'a> Watch<'a> {
    /// A watcher that is asked every few milliseconds of work.
    pub fn new(tell: &'a mut dyn FnMut(Progress) -> bool) -> Self {
        let now = Progress { stage: Stage::Flow, round: 0, rounds: None, found: None, bound: None };
        Self { tell, now }
    }

    /// Asks whether to go on.
    pub(super) fn step(&mut self) -> Result<(), Stopped> {
        if (self.tell)(self.now) { Ok(()) } else { Err(Stopped) }
    }

    pub(super) fn stage(&mut self, stage: Stage, rounds: Option<u64>) {
        self.now = Progress { stage, round: 0, rounds, found: None, bound: None };
    }

    pub(super) fn round(&mut self, found: Option<i64>, bound: Option<i64>) -> Result<(), Stopped> {
        self.now = Progress { round: self.now.round + 1, found, bound, ..self.now };
        self.step()
    }
}
