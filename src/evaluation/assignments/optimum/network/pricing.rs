//! Which arc enters the tree: the one that gains most in a short list, which blocks of pairs fill.

use super::{ALWAYS, NEVER, Network, pivot::Arc, u32_of};

/// An arc that gains, and whether its flow grows.
type Entering = (Arc, bool);

impl Network {
    /// An arc whose flow should change, and whether it should grow; none when the flow is optimal over all pairs.
    pub(super) fn entering(&mut self) -> Option<Entering> {
        loop {
            if self.minor > 0
                && let Some(found) = self.pick()
            {
                self.minor -= 1;
                return Some(found);
            }
            self.fill();
            if let Some(found) = self.pick() {
                return Some(found);
            }
            if !self.widen() {
                return None;
            }
        }
    }

    /// The best of the short list; what gains no more is dropped.
    fn pick(&mut self) -> Option<Entering> {
        let mut list = std::mem::take(&mut self.short);
        let (mut top, mut best) = (0, None);
        list.retain(|(arc, forward)| {
            let gain = self.gain(*arc, *forward);
            if gain > top {
                (top, best) = (gain, Some((*arc, *forward)));
            }
            gain > 0
        });
        self.short = list;
        best
    }

    /// Fills the short list with the best pair of each proposal, going on where the last round ended, until enough
    /// pairs were seen.
    fn fill(&mut self) {
        let mut list = std::mem::take(&mut self.short);
        list.clear();
        let mut seen = 0;
        for _ in 0..=self.proposals {
            let row = self.row;
            self.row = if row == self.proposals { 0 } else { row + 1 };
            if row == self.proposals {
                self.price_rooms(&mut list);
                seen += self.evaluators;
            } else {
                self.price_row(row, &mut list);
                seen += self.candidates[row].len();
            }
            if seen >= self.block && !list.is_empty() {
                break;
            }
        }
        self.minor = list.len() / 2;
        self.short = list;
    }

    fn price_row(&self, p: usize, list: &mut Vec<Entering>) {
        let own = self.price[p];
        let prices = &self.price[self.proposals..][..self.evaluators];
        let row = &self.worth[p * self.evaluators..][..self.evaluators];
        let held = &self.held[p];
        let (mut top, mut best) = (own, None);
        for e in &self.candidates[p] {
            let (worth, price) = (row[*e as usize], prices[*e as usize]);
            let value = i64::from(worth) + price;
            if value > top && worth != NEVER && worth != ALWAYS && !held.contains(e) {
                (top, best) = (value, Some(*e));
            }
        }
        list.extend(best.map(|e| (Arc::Pair(u32_of(p), e), true)));
        let (mut top, mut worst) = (0, None);
        for e in held {
            let gain = self.cost(p, *e as usize) + own - prices[*e as usize];
            if gain > top {
                (top, worst) = (gain, Some(*e));
            }
        }
        list.extend(worst.map(|e| (Arc::Pair(u32_of(p), e), false)));
    }

    fn price_rooms(&self, list: &mut Vec<Entering>) {
        for e in 0..self.evaluators {
            let forward = self.used[e] == 0;
            let arc = Arc::Room(u32_of(e));
            if self.gain(arc, forward) > 0 {
                list.push((arc, forward));
            }
        }
        for (p, e) in &self.always {
            let arc = Arc::Pair(*p, *e);
            if self.gain(arc, true) > 0 {
                list.push((arc, true));
            }
        }
    }

    /// What one unit more, or less, on an arc gains; not above zero when it cannot change.
    fn gain(&self, arc: Arc, forward: bool) -> i64 {
        match arc {
            Arc::Pair(p, e) => {
                if self.held[p as usize].contains(&e) == forward {
                    return 0;
                }
                let less = self.price[self.proposals + e as usize]
                    - self.price[p as usize]
                    - self.cost(p as usize, e as usize);
                if forward { less } else { -less }
            }
            // Strictly between none and all the arc is in the tree, and its price is zero.
            Arc::Room(e) => {
                let (e, price) = (e as usize, self.price[self.proposals + e as usize]);
                let open = if forward { self.used[e] < self.room[e] } else { self.used[e] > 0 };
                match (open, forward) {
                    (false, _) => 0,
                    (true, true) => -price,
                    (true, false) => price,
                }
            }
        }
    }

    /// Adds every pair that would gain to the candidates; false when there is none.
    fn widen(&mut self) -> bool {
        let prices = &self.price[self.proposals..][..self.evaluators];
        let mut wider = false;
        for (p, list) in self.candidates.iter_mut().enumerate() {
            let own = self.price[p];
            let row = &self.worth[p * self.evaluators..][..self.evaluators];
            for (e, (worth, price)) in row.iter().zip(prices).enumerate() {
                // A candidate never gains here: the round before has found none.
                if i64::from(*worth) + price > own
                    && *worth != NEVER
                    && *worth != ALWAYS
                    && !self.held[p].contains(&u32_of(e))
                {
                    list.push(u32_of(e));
                    wider = true;
                }
            }
        }
        wider
    }
}
