//! Who cannot be served, as a set that violates Hall's condition.

use super::{NEVER, Network, u32_of};
use crate::evaluation::assignments::optimum::refusal::Refusal;

impl Network {
    /// Proposals that together want more than is left for them, or evaluators whose least loads cannot be filled.
    ///
    /// Everything reachable from what is not served by exchanging one pair for another: nothing there has room.
    pub fn witness(&self) -> Option<Refusal> {
        let (waiting, short) = self.artificial.split_at(self.proposals);
        let served = |flows: &[u32]| flows.iter().all(|flow| *flow == 0);
        if served(waiting) && served(short) {
            return None;
        }
        let lacking = !served(waiting);
        let missing = if lacking { waiting } else { short }.iter().map(|flow| u64::from(*flow)).sum();
        let (proposals, evaluators) = self.reached(lacking);
        Some(if lacking {
            Refusal::TooFewPlaces { proposals, evaluators, missing }
        } else {
            Refusal::TooFewProposals { evaluators, proposals, missing }
        })
    }

    /// From waiting proposals along exchanges to full evaluators, or from short evaluators back to proposals.
    fn reached(&self, from_proposals: bool) -> (Vec<usize>, Vec<usize>) {
        let mut seen: Vec<bool> = (0..self.proposals + self.evaluators)
            .map(|v| self.artificial[v] > 0 && (v < self.proposals) == from_proposals)
            .collect();
        let mut open: Vec<usize> = (0..seen.len()).filter(|v| seen[*v]).collect();
        while let Some(node) = open.pop() {
            let proposal = node < self.proposals;
            let others = if proposal { self.proposals..seen.len() } else { 0..self.proposals };
            for other in others {
                let (p, e) = if proposal { (node, other - self.proposals) } else { (other, node - self.proposals) };
                let held = self.held[p].contains(&u32_of(e));
                // Forward, a proposal takes a new evaluator, who gives up a proposal; backward the other way round.
                let wanted = proposal != from_proposals;
                if !seen[other] && held == wanted && (held || self.worth(p, e) != NEVER) {
                    seen[other] = true;
                    open.push(other);
                }
            }
        }
        let proposals = (0..self.proposals).filter(|p| seen[*p]).collect();
        let evaluators = (0..self.evaluators).filter(|e| seen[self.proposals + *e]).collect();
        (proposals, evaluators)
    }
}
