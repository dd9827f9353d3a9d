//! What is kept of the sampler's draws, and what they come to.

use super::{Estimate, gibbs::Ranked, ranks::ranked};

/// Effects and ranks of every draw.
pub(super) struct Draws {
    proposals: usize,
    effects: Vec<f32>,
    ranks: Vec<u32>,
    order: Vec<u64>,
}

/// Proposals summed up together: as many draws as share a line of a processor's cache.
const TOGETHER: usize = 16;

impl Draws {
    pub fn new(proposals: usize, draws: usize) -> Self {
        let size = proposals * draws;
        Self { proposals, effects: Vec::with_capacity(size), ranks: Vec::with_capacity(size), order: Vec::new() }
    }

    /// Keeps one draw.
    pub fn keep(&mut self, effects: &[f64]) {
        let begin = self.ranks.len();
        self.effects.extend(effects.iter().map(|effect| *effect as f32));
        self.ranks.resize(begin + self.proposals, 0);
        ranked(effects, &mut self.order, &mut self.ranks[begin..]);
    }

    /// Intervals, expected ranks and chances to be above lines; who it is about and the effect are left to fill in.
    pub fn summaries(&self, lines: &[u32]) -> Vec<Ranked> {
        let n = self.proposals;
        let mut summaries = Vec::with_capacity(n);
        let mut counts = vec![0u32; n + 1];
        let mut columns: [(Vec<f32>, Vec<u32>); TOGETHER] = Default::default();
        for start in (0..n).step_by(TOGETHER) {
            let end = (start + TOGETHER).min(n);
            for (effects, ranks) in &mut columns {
                effects.clear();
                ranks.clear();
            }
            for (effects, ranks) in self.effects.chunks_exact(n).zip(self.ranks.chunks_exact(n)) {
                for ((column, effect), rank) in columns.iter_mut().zip(&effects[start..end]).zip(&ranks[start..end]) {
                    column.0.push(*effect);
                    column.1.push(*rank);
                }
            }
            for (effects, ranks) in &mut columns[..end - start] {
                summaries.push(summary(effects, ranks, &mut counts, lines));
            }
        }
        summaries
    }
}

fn summary(effects: &mut [f32], ranks: &[u32], counts: &mut [u32], lines: &[u32]) -> Ranked {
    let kept = ranks.len();
    // Every quantile leaves what is above it for the next.
    let (mut rest, mut done) = (effects, 0);
    let [e05, e25, e75, e95] = [0.05, 0.25, 0.75, 0.95].map(|share| {
        let at = place(share, kept) - done;
        let (_, found, _) = rest.select_nth_unstable_by(at, f32::total_cmp);
        let found = f64::from(*found);
        let all = std::mem::take(&mut rest);
        rest = &mut all[at..];
        done += at;
        found
    });
    counts.fill(0);
    for rank in ranks {
        counts[*rank as usize] += 1;
    }
    let mut so_far = 0;
    let mut bounds = [1u32; 4];
    let wanted = [0.05, 0.25, 0.75, 0.95].map(|share| place(share, kept));
    for (rank, count) in (0u32..).zip(counts.iter()) {
        let next = so_far + *count as usize;
        for (bound, wanted) in bounds.iter_mut().zip(wanted) {
            if so_far <= wanted && wanted < next {
                *bound = rank;
            }
        }
        so_far = next;
    }
    let sum: f64 = ranks.iter().map(|rank| f64::from(*rank)).sum();
    let above = |line: &u32| {
        let until = (*line as usize + 1).min(counts.len());
        f64::from(counts[..until].iter().sum::<u32>()) / kept as f64
    };
    Ranked {
        proposal: 0,
        effect: Estimate { value: 0.0, error: 0.0 },
        effect_50: (e25, e75),
        effect_90: (e05, e95),
        expected_rank: sum / kept as f64,
        rank_50: (bounds[1], bounds[2]),
        rank_90: (bounds[0], bounds[3]),
        above: lines.iter().map(above).collect(),
    }
}

/// The place, from 0, of the smallest of so many sorted values at or below which at least this share of them lies.
fn place(share: f64, count: usize) -> usize {
    ((share * count as f64).ceil() as usize).clamp(1, count) - 1
}

/// Sums for means and variances by the law of total variance.
pub(super) struct Moments {
    sum: Vec<f64>,
    squares: Vec<f64>,
    within: Vec<f64>,
    count: f64,
}

impl Moments {
    pub fn new(size: usize) -> Self {
        Self { sum: vec![0.0; size], squares: vec![0.0; size], within: vec![0.0; size], count: 0.0 }
    }

    pub fn add(&mut self, expected: &[f64], variance: &[f64]) {
        self.count += 1.0;
        for i in 0..self.sum.len() {
            self.sum[i] += expected[i];
            self.squares[i] += expected[i] * expected[i];
            self.within[i] += variance[i];
        }
    }

    pub fn estimate(&self, i: usize) -> Estimate {
        let value = self.sum[i] / self.count;
        let variance = self.within[i] / self.count + (self.squares[i] / self.count - value * value).max(0.0);
        Estimate { value, error: variance.sqrt() }
    }
}

/// Potential scale reduction of the two halves of a path; 1 when nothing moves.
pub(super) fn split_ratio(path: &[f64]) -> f64 {
    let half = path.len() / 2;
    if half < 2 {
        return 1.0;
    }
    let moments = |part: &[f64]| {
        let mean = part.iter().sum::<f64>() / half as f64;
        (mean, part.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (half - 1) as f64)
    };
    let ((a, va), (b, vb)) = (moments(&path[..half]), moments(&path[path.len() - half..]));
    let within = (va + vb) / 2.0;
    if within <= 0.0 {
        return 1.0;
    }
    // The variance between two halves' means, times their length, is half²·(a − b)²/2 over half.
    let between = (a - b) * (a - b) / 2.0;
    (((half - 1) as f64 / half as f64) + between / within).sqrt()
}
