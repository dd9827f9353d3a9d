//! The thorough route: draws from the posterior of the mixed model, and from it ranks with their intervals.
//!
//! A Gibbs sampler: proposals given evaluators, evaluators given proposals, then deviations given both. Plain Gibbs
//! creeps where evaluators and proposals can shift against each other, so every round also draws those shifts (one
//! per island and one for the mean) and the common scale of each block directly (Liu and Sabatti 2000, doi
//! 10.1093/biomet/87.2.353). Means and deviations of effects are averages of conditional ones, which are less noisy
//! than the draws. One round costs O(N + n log n) for N scores and n proposals; memory 8 bytes per kept draw and
//! proposal. The same seed gives the same figures everywhere.

use super::{
    Deviations, Estimate,
    prior::{Belief, Prior},
    random::Random,
    scores::Scores,
    summary::{Draws, Moments, split_ratio},
    zone::RankOf,
};

/// How to sample.
#[derive(Debug, Clone, PartialEq)]
pub struct Sampling {
    pub seed: u64,
    /// Rounds before draws count.
    pub burn_in: usize,
    /// Draws that count; at least one is taken.
    pub draws: usize,
    pub prior: Prior,
    /// Funding lines as numbers of proposals above them; for each the chance to be above it is reported.
    pub lines: Vec<u32>,
}

impl Sampling {
    /// Enough for figures with two digits: chances are off by about 0.01.
    pub fn usual(scores: &Scores, seed: u64, lines: &[u32]) -> Self {
        Self { seed, burn_in: 500, draws: 4000, prior: Prior::weak(scores), lines: lines.to_vec() }
    }
}

/// A proposal after seeing the scores.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// The caller's number.
    pub proposal: usize,
    /// Posterior mean and standard deviation.
    pub effect: Estimate,
    pub effect_50: (f64, f64),
    pub effect_90: (f64, f64),
    /// One plus the chances of all others to be better.
    pub expected_rank: f64,
    /// First and last rank of the central 50 % and 90 % interval, both included.
    pub rank_50: (u32, u32),
    pub rank_90: (u32, u32),
    /// For every line the chance to be above it.
    pub above: Vec<f64>,
}

/// An evaluator after seeing the scores.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lenient {
    pub evaluator: usize,
    /// Posterior mean and standard deviation; below zero is severe.
    pub effect: Estimate,
}

/// The posterior, summed up.
#[derive(Debug, Clone, PartialEq)]
pub struct Posterior {
    pub mean: Estimate,
    /// Posterior means of the deviations.
    pub deviations: Deviations,
    /// In the order of the caller's numbers, without those that have no score.
    pub proposals: Vec<Ranked>,
    pub evaluators: Vec<Lenient>,
    /// How far the first half of the draws differs from the second, as the potential scale reduction of the worst
    /// deviation (Gelman and Rubin 1992, on halves); below 1.05 is well mixed.
    pub split_ratio: f64,
    pub draws: usize,
}

impl Posterior {
    /// Ranks with the 50 % interval (the Swiss rule) for [`super::zone::zone`].
    pub fn ranks_50(&self) -> Vec<RankOf> {
        self.ranks(|p| p.rank_50)
    }

    /// Ranks with the 90 % interval.
    pub fn ranks_90(&self) -> Vec<RankOf> {
        self.ranks(|p| p.rank_90)
    }

    fn ranks(&self, interval: impl Fn(&Ranked) -> (u32, u32)) -> Vec<RankOf> {
        let rank = |p: &Ranked| RankOf { proposal: p.proposal, expected: p.expected_rank, interval: interval(p) };
        self.proposals.iter().map(rank).collect()
    }
}

/// Samples the posterior.
pub fn gibbs(scores: &Scores, sampling: &Sampling) -> Posterior {
    let mut chain = Chain::new(scores, sampling);
    for _ in 0..sampling.burn_in {
        chain.round();
    }
    let (n, kept) = (scores.proposals.len(), sampling.draws.max(1));
    let mut kept_draws = Draws::new(n, kept);
    let (mut proposals, mut evaluators) = (Moments::new(n), Moments::new(scores.evaluators.len()));
    let mut mean = Moments::new(1);
    let mut paths: [Vec<f64>; 3] = std::array::from_fn(|_| Vec::with_capacity(kept));
    for _ in 0..kept {
        chain.round();
        kept_draws.keep(&chain.proposals.effects);
        proposals.add(&chain.proposals.expected, &chain.proposals.variance);
        evaluators.add(&chain.evaluators.expected, &chain.evaluators.variance);
        mean.add(&[chain.mean], &[0.0]);
        for (path, value) in
            paths.iter_mut().zip([chain.proposals.deviation, chain.evaluators.deviation, chain.residual])
        {
            path.push(value);
        }
    }
    let average = |path: &[f64]| path.iter().sum::<f64>() / kept as f64;
    let mut summary = kept_draws.summaries(&sampling.lines);
    for (place, (ranked, index)) in summary.iter_mut().zip(&scores.proposals).enumerate() {
        ranked.proposal = *index;
        ranked.effect = proposals.estimate(place);
    }
    Posterior {
        mean: mean.estimate(0),
        deviations: Deviations {
            proposals: average(&paths[0]),
            evaluators: average(&paths[1]),
            residual: average(&paths[2]),
        },
        proposals: summary,
        evaluators: (scores.evaluators.iter().enumerate())
            .map(|(place, index)| Lenient { evaluator: *index, effect: evaluators.estimate(place) })
            .collect(),
        split_ratio: paths.iter().map(|path| split_ratio(path)).fold(1.0, f64::max),
        draws: kept,
    }
}

/// One block of effects.
struct Block {
    /// For every level its scores: the other block's level, and score less the mean of all.
    scores: Vec<(u32, f64)>,
    /// Where each level's scores begin, and where the last end.
    starts: Vec<usize>,
    effects: Vec<f64>,
    /// Conditional means and variances of the last draw.
    expected: Vec<f64>,
    variance: Vec<f64>,
    /// Scores less everything but this block, summed per level.
    rests: Vec<f64>,
    deviation: f64,
    belief: Belief,
}

impl Block {
    fn new(count: usize, mut pairs: Vec<(u32, u32, f64)>, belief: Belief, deviation: f64) -> Self {
        pairs.sort_by_key(|(own, other, _)| (*own, *other));
        let starts = (0..=count).map(|level| pairs.partition_point(|(own, _, _)| (*own as usize) < level)).collect();
        Self {
            scores: pairs.into_iter().map(|(_, other, score)| (other, score)).collect(),
            starts,
            effects: vec![0.0; count],
            expected: vec![0.0; count],
            variance: vec![0.0; count],
            rests: vec![0.0; count],
            deviation: belief.start(deviation),
            belief,
        }
    }

    /// Draws every level given the other block, then the scale of all.
    fn draw(&mut self, random: &mut Random, others: &[f64], mean: f64, residual: f64) {
        let (noise, own) = (residual * residual, self.deviation * self.deviation);
        let (mut along, mut length) = (0.0, 0.0);
        for level in 0..self.effects.len() {
            let scores = &self.scores[self.starts[level]..self.starts[level + 1]];
            let rest: f64 = scores.iter().map(|(other, score)| score - mean - others[*other as usize]).sum();
            let count = scores.len() as f64;
            let variance = own * noise / (noise + count * own);
            self.rests[level] = rest;
            self.variance[level] = variance;
            self.expected[level] = rest * own / (noise + count * own);
            self.effects[level] = self.expected[level] + variance.sqrt() * random.normal();
            along += self.effects[level] * rest;
            length += count * self.effects[level] * self.effects[level];
        }
        self.scale(random, along, length, noise);
    }

    /// Multiplies effects and their deviation by a common factor: proposed from the likelihood, accepted by the prior.
    fn scale(&mut self, random: &mut Random, along: f64, length: f64, noise: f64) {
        if matches!(self.belief, Belief::Fixed(_)) || length <= 0.0 {
            return;
        }
        let factor = along / length + (noise / length).sqrt() * random.normal();
        let accept = random.uniform();
        if factor > 0.0 && accept < self.belief.odds(factor * self.deviation, self.deviation) {
            self.deviation *= factor;
            for effect in &mut self.effects {
                *effect *= factor;
            }
        }
    }

    fn draw_deviation(&mut self, random: &mut Random) {
        let squares: f64 = self.effects.iter().map(|e| e * e).sum();
        self.deviation = self.belief.draw(random, self.effects.len(), squares, self.deviation);
    }
}

struct Chain {
    random: Random,
    proposals: Block,
    evaluators: Block,
    /// Places of proposals and evaluators of every island.
    islands: Vec<(Vec<usize>, Vec<usize>)>,
    /// The mean, and what was taken off every score.
    mean: f64,
    shift: f64,
    mean_known: bool,
    residual: f64,
    belief: Belief,
    count: usize,
}

impl Chain {
    fn new(scores: &Scores, sampling: &Sampling) -> Self {
        let prior = sampling.prior;
        let shift = scores.mean();
        let by = |turned: bool| {
            let pair = |r: &super::Rating| match turned {
                false => (r.proposal as u32, r.evaluator as u32, r.score - shift),
                true => (r.evaluator as u32, r.proposal as u32, r.score - shift),
            };
            scores.ratings.iter().map(pair).collect::<Vec<_>>()
        };
        let places = |all: &[usize], some: &[usize]| -> Vec<usize> {
            some.iter().filter_map(|index| all.binary_search(index).ok()).collect()
        };
        let islands = scores.islands().iter();
        let deviation = scores.deviation();
        Self {
            random: Random::seeded(sampling.seed),
            proposals: Block::new(scores.proposals.len(), by(false), prior.proposals, deviation),
            evaluators: Block::new(scores.evaluators.len(), by(true), prior.evaluators, deviation),
            islands: islands
                .map(|i| (places(&scores.proposals, &i.proposals), places(&scores.evaluators, &i.evaluators)))
                .collect(),
            mean: shift,
            shift,
            mean_known: prior.mean_known,
            residual: prior.residual.start(deviation),
            belief: prior.residual,
            count: scores.ratings.len(),
        }
    }

    fn round(&mut self) {
        let mean = self.mean - self.shift;
        self.proposals.draw(&mut self.random, &self.evaluators.effects, mean, self.residual);
        self.evaluators.draw(&mut self.random, &self.proposals.effects, mean, self.residual);
        self.shift_islands();
        if !self.mean_known {
            self.shift_mean();
        }
        self.draw_mean_and_residual();
        self.proposals.draw_deviation(&mut self.random);
        self.evaluators.draw_deviation(&mut self.random);
    }

    /// In every island: evaluators up and proposals down by the same amount, which no score can see.
    fn shift_islands(&mut self) {
        let precision = |deviation: f64| 1.0 / (deviation * deviation);
        let (p, e) = (precision(self.proposals.deviation), precision(self.evaluators.deviation));
        for (proposals, evaluators) in &self.islands {
            let sum = |effects: &[f64], places: &[usize]| places.iter().map(|i| effects[*i]).sum::<f64>();
            let weight = proposals.len() as f64 * p + evaluators.len() as f64 * e;
            let pull = sum(&self.proposals.effects, proposals) * p - sum(&self.evaluators.effects, evaluators) * e;
            let by = pull / weight + self.random.normal() / weight.sqrt();
            for i in proposals {
                self.proposals.effects[*i] -= by;
            }
            for i in evaluators {
                self.evaluators.effects[*i] += by;
            }
        }
    }

    /// The mean up and one block down by the same amount, for either block.
    fn shift_mean(&mut self) {
        for block in [&mut self.proposals, &mut self.evaluators] {
            let count = block.effects.len() as f64;
            let mean = block.effects.iter().sum::<f64>() / count;
            let by = mean + block.deviation / count.sqrt() * self.random.normal();
            self.mean += by;
            for effect in &mut block.effects {
                *effect -= by;
            }
        }
    }

    fn draw_mean_and_residual(&mut self) {
        let (mut sum, mut squares) = (0.0, 0.0);
        for (level, effect) in self.proposals.effects.iter().enumerate() {
            for (other, score) in &self.proposals.scores[self.proposals.starts[level]..self.proposals.starts[level + 1]]
            {
                let rest = score - effect - self.evaluators.effects[*other as usize];
                sum += rest;
                squares += rest * rest;
            }
        }
        let count = self.count as f64;
        if !self.mean_known {
            self.mean = self.shift + sum / count + self.residual / count.sqrt() * self.random.normal();
        }
        let mean = self.mean - self.shift;
        let left = (squares - 2.0 * mean * sum + count * mean * mean).max(f64::MIN_POSITIVE);
        self.residual = self.belief.draw(&mut self.random, self.count, left, self.residual);
    }
}
