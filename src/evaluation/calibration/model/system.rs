//! Henderson's mixed model equations with the larger block eliminated.
//!
//! The effects are written as `√γ u` with `γ` the variance ratio to the residual and `u` of the residual's variance
//! (Bates et al. 2015, doi 10.18637/jss.v067.i01), so a variance of zero needs no special case. The block with more
//! levels is diagonal and leaves a dense system for the other block and the mean: its Schur complement. With N scores,
//! m levels of the smaller block: building O(N·k) for k scores per level, factoring m³/3 operations, memory m².

use super::{
    cholesky::{Square, dot},
    scores::Scores,
};

/// Which score belongs to which level of the two blocks; what does not change with the variances.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    /// Whether the proposals are the block with more levels.
    pub proposals_large: bool,
    pub large: usize,
    pub small: usize,
    /// Level of the large block, level of the small one, score less the mean of all.
    pub cells: Vec<(u32, u32, f64)>,
    /// For every large level the small levels it meets, with how many scores.
    meets: Vec<Vec<(u32, f64)>>,
    /// Scores per level.
    large_counts: Vec<f64>,
    small_counts: Vec<f64>,
}

impl Layout {
    pub fn new(scores: &Scores) -> Self {
        let (proposals, evaluators) = (scores.proposals.len(), scores.evaluators.len());
        let proposals_large = proposals >= evaluators;
        let (large, small) = if proposals_large { (proposals, evaluators) } else { (evaluators, proposals) };
        let mean = scores.mean();
        let cell = |r: &super::Rating| {
            let (l, s) = if proposals_large { (r.proposal, r.evaluator) } else { (r.evaluator, r.proposal) };
            (l as u32, s as u32, r.score - mean)
        };
        let mut cells: Vec<(u32, u32, f64)> = scores.ratings.iter().map(cell).collect();
        cells.sort_by_key(|(l, s, _)| (*l, *s));
        let mut meets: Vec<Vec<(u32, f64)>> = vec![Vec::new(); large];
        let (mut large_counts, mut small_counts) = (vec![0.0; large], vec![0.0; small]);
        for (l, s, _) in &cells {
            large_counts[*l as usize] += 1.0;
            small_counts[*s as usize] += 1.0;
            match meets[*l as usize].last_mut() {
                Some((last, times)) if last == s => *times += 1.0,
                _ => meets[*l as usize].push((*s, 1.0)),
            }
        }
        Self { proposals_large, large, small, cells, meets, large_counts, small_counts }
    }

    /// Scores per level: of the large block, of the small one.
    pub fn counts(&self) -> (&[f64], &[f64]) {
        (&self.large_counts, &self.small_counts)
    }

    /// The factored equations for two variance ratios; none when they are not positive definite.
    pub fn factored(&self, large_ratio: f64, small_ratio: f64) -> Option<System<'_>> {
        let (a, b) = (large_ratio.sqrt(), small_ratio.sqrt());
        let m = self.small;
        let diagonal: Vec<f64> = self.large_counts.iter().map(|n| large_ratio * n + 1.0).collect();
        let mut schur = Square::zero(m + 1);
        for (s, n) in self.small_counts.iter().enumerate() {
            schur.add(s, s, small_ratio * n + 1.0);
            schur.add(m, s, b * n);
        }
        schur.add(m, m, self.cells.len() as f64);
        for (l, meets) in self.meets.iter().enumerate() {
            let n = self.large_counts[l];
            let shrunk = large_ratio / diagonal[l];
            for (at, (s, times)) in meets.iter().enumerate() {
                let factor = small_ratio * shrunk * times;
                for (t, others) in &meets[..=at] {
                    schur.add(*s as usize, *t as usize, -factor * others);
                }
                schur.add(m, *s as usize, -b * shrunk * times * n);
            }
            schur.add(m, m, -shrunk * n * n);
        }
        schur.factor().then_some(System { layout: self, a, b, diagonal, schur })
    }
}

/// The equations for one pair of variance ratios.
#[derive(Debug, Clone)]
pub(super) struct System<'l> {
    layout: &'l Layout,
    /// Square roots of the variance ratios of the large and the small block.
    a: f64,
    b: f64,
    diagonal: Vec<f64>,
    /// The factor of the Schur complement; its last row is the mean's.
    schur: Square,
}

/// A solution: what to add for each level and for all.
#[derive(Debug, Clone)]
pub(super) struct Solution {
    pub large: Vec<f64>,
    pub small: Vec<f64>,
    pub mean: f64,
}

impl System<'_> {
    /// The effects (in units of the scores) that fit values standing in the place of the scores.
    pub fn fit(&self, value: impl Fn(usize) -> f64) -> Solution {
        let layout = self.layout;
        let m = layout.small;
        let mut large = vec![0.0; layout.large];
        let mut small = vec![0.0; m + 1];
        for (i, (l, s, _)) in layout.cells.iter().enumerate() {
            let value = value(i);
            large[*l as usize] += self.a * value;
            small[*s as usize] += self.b * value;
            small[m] += value;
        }
        for (l, meets) in layout.meets.iter().enumerate() {
            let scaled = large[l] / self.diagonal[l] * self.a;
            for (s, times) in meets {
                small[*s as usize] -= scaled * self.b * times;
            }
            small[m] -= scaled * layout.large_counts[l];
        }
        let mut small = self.schur.solve(&small);
        let mean = small.pop().unwrap_or(0.0);
        for (l, meets) in layout.meets.iter().enumerate() {
            let met: f64 = meets.iter().map(|(s, times)| times * small[*s as usize]).sum();
            let rest = large[l] - self.a * (self.b * met + layout.large_counts[l] * mean);
            large[l] = self.a * rest / self.diagonal[l];
        }
        for effect in &mut small {
            *effect *= self.b;
        }
        Solution { large, small, mean }
    }

    /// The logarithm of the determinant of the equations.
    pub fn log_determinant(&self) -> f64 {
        self.schur.log_determinant() + self.diagonal.iter().map(|d| libm::log(*d)).sum::<f64>()
    }

    /// The inverse of the equations, by the inverse of the Schur complement's factor: m³/3 operations.
    pub fn inverse(&self) -> Inverse {
        let layout = self.layout;
        let mut coupling = layout.meets.clone();
        for (l, meets) in coupling.iter_mut().enumerate() {
            for (_, times) in meets.iter_mut() {
                *times *= self.a * self.b;
            }
            meets.push((layout.small as u32, self.a * layout.large_counts[l]));
        }
        Inverse {
            a: self.a,
            b: self.b,
            diagonal: self.diagonal.clone(),
            coupling,
            columns: self.schur.inverse_columns(),
        }
    }
}

/// The inverse of the equations, as far as variances need it; the rest is computed when asked for.
#[derive(Debug, Clone)]
pub(super) struct Inverse {
    a: f64,
    b: f64,
    diagonal: Vec<f64>,
    /// For every large level its row of the equations beside the small levels and the mean.
    coupling: Vec<Vec<(u32, f64)>>,
    /// The columns of the inverse of the Schur complement's factor, as rows.
    columns: Square,
}

impl Inverse {
    /// Variances of prediction of the large block over the residual variance and the block's own ratio: what is left
    /// of one after seeing the scores.
    pub fn large_left(&self) -> Vec<f64> {
        let mut through = vec![0.0; self.columns.size];
        let mut left = Vec::with_capacity(self.coupling.len());
        for (row, diagonal) in self.coupling.iter().zip(&self.diagonal) {
            through.fill(0.0);
            for (i, x) in row {
                add_scaled(&mut through, *x, self.columns.row(*i as usize), *i as usize);
            }
            left.push((1.0 + squares(&through) / diagonal) / diagonal);
        }
        left
    }

    /// The same for the small block.
    pub fn small_left(&self) -> Vec<f64> {
        (0..self.columns.size - 1).map(|s| squares(&self.columns.row(s)[s..])).collect()
    }

    /// The variance of the mean over the residual variance.
    pub fn mean(&self) -> f64 {
        let last = self.columns.size - 1;
        let root = self.columns.at(last, last);
        root * root
    }

    /// Makes ready for covariances: m³/3 operations.
    pub fn covariances(&self) -> Covariances<'_> {
        Covariances { of: self, schur: self.columns.products() }
    }
}

/// Covariances of errors of prediction.
pub(super) struct Covariances<'i> {
    of: &'i Inverse,
    /// The inverse of the Schur complement.
    schur: Square,
}

impl Covariances<'_> {
    /// Of one level with all levels of its block, over the residual variance.
    pub fn row(&self, in_large: bool, level: usize) -> Vec<f64> {
        let inverse = self.of;
        if !in_large {
            let row = &self.schur.row(level)[..self.schur.size - 1];
            return row.iter().map(|x| x * inverse.b * inverse.b).collect();
        }
        let mut through = vec![0.0; self.schur.size];
        for (i, x) in &inverse.coupling[level] {
            add_scaled(&mut through, *x, self.schur.row(*i as usize), 0);
        }
        let scale = inverse.a * inverse.a / inverse.diagonal[level];
        let covariance = |(l, row): (usize, &Vec<(u32, f64)>)| {
            let sum: f64 = row.iter().map(|(i, x)| x * through[*i as usize]).sum();
            scale * (sum / inverse.diagonal[l] + if l == level { 1.0 } else { 0.0 })
        };
        inverse.coupling.iter().enumerate().map(covariance).collect()
    }
}

/// Adds a row times a factor to sums, from one place on.
fn add_scaled(sums: &mut [f64], factor: f64, row: &[f64], from: usize) {
    for (sum, value) in sums[from..].iter_mut().zip(&row[from..]) {
        *sum += factor * value;
    }
}

/// The sum of squares.
pub(super) fn squares(values: &[f64]) -> f64 {
    dot(values, values)
}
