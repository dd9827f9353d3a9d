//! The fast route: variances by restricted maximum likelihood, effects as best linear unbiased predictions.
//!
//! Average information REML (Gilmour, Thompson and Cullis 1995, doi 10.2307/2533274) on Henderson's equations
//! (Henderson 1975, doi 10.2307/2529430): about ten factorings of the smaller block. Standard errors and covariances
//! are those of prediction with the variances taken as known, so they are slightly too small for few proposals; the
//! sampler in [`super::gibbs`] has no such gap.

use super::{
    Deviations, Estimate,
    scores::Scores,
    system::{Inverse, Layout, Solution, System, squares},
};

/// One proposal's or evaluator's effect.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effect {
    /// The caller's number.
    pub index: usize,
    /// Above zero: better than the mean, or more lenient than it.
    pub effect: Estimate,
    pub scores: usize,
}

/// What REML found.
#[derive(Debug, Clone)]
pub struct Fit {
    pub mean: Estimate,
    /// Zero where the scores show no more variation than chance explains.
    pub deviations: Deviations,
    /// In the order of the caller's numbers, without those that have no score.
    pub proposals: Vec<Effect>,
    pub evaluators: Vec<Effect>,
    /// Restricted log-likelihood at the end.
    pub log_likelihood: f64,
    pub iterations: usize,
    /// False when the last step still changed the figures noticeably.
    pub converged: bool,
    pub(super) covariance: Covariance,
}

/// What covariances of the proposals' errors of prediction are made of.
#[derive(Debug, Clone)]
pub(super) struct Covariance {
    inverse: Inverse,
    in_large: bool,
    residual: f64,
}

impl Covariance {
    /// Covariances of a proposal with all, by place; making ready costs m³/3 operations.
    pub fn rows(&self) -> impl Fn(usize) -> Vec<f64> + '_ {
        let ready = self.inverse.covariances();
        move |place| ready.row(self.in_large, place).into_iter().map(|value| value * self.residual).collect()
    }
}

/// A variance below this share of the variance of all scores counts as zero.
const NOTHING: f64 = 1e-9;

const MOST_ITERATIONS: usize = 60;

/// Variances of the large block, the small block and the residual.
type Variances = [f64; 3];

/// The likelihood, and what it takes to improve it, at one point.
struct State<'l> {
    at: Variances,
    system: System<'l>,
    solution: Solution,
    residuals: Vec<f64>,
    log_likelihood: f64,
}

/// Estimates the variances and predicts the effects. O(N k + i m³) for N scores, k scores per level, i iterations
/// and m levels of the smaller block.
pub fn reml(scores: &Scores) -> Fit {
    let layout = Layout::new(scores);
    let total = scores.deviation() * scores.deviation();
    let floor = total * NOTHING;
    let mut state = start(&layout, total);
    let (mut iterations, mut converged) = (0, false);
    let mut inverse = state.system.inverse();
    while iterations < MOST_ITERATIONS && !converged {
        iterations += 1;
        let (gradient, information) = slopes(&layout, &state, &inverse);
        let Some(next) = improved(&layout, &state, floor, gradient, information) else {
            converged = true;
            break;
        };
        let moved = (0..3).map(|k| (next.at[k] - state.at[k]).abs()).fold(0.0, f64::max);
        state = next;
        inverse = state.system.inverse();
        converged = moved < 1e-8 * total;
    }
    report(scores, &layout, &state, inverse, floor, iterations, converged)
}

/// Equal thirds of the variance are near enough for the first step.
fn start(layout: &Layout, total: f64) -> State<'_> {
    let mut at = [total / 3.0; 3];
    loop {
        // A positive definite system by construction; a larger residual mends what rounding spoils.
        if let Some(state) = evaluate(layout, at) {
            return state;
        }
        at[2] *= 10.0;
    }
}

fn evaluate(layout: &Layout, at: Variances) -> Option<State<'_>> {
    let system = layout.factored(at[0] / at[2], at[1] / at[2])?;
    let solution = system.fit(|i| layout.cells[i].2);
    let residual =
        |(l, s, y): &(u32, u32, f64)| y - solution.mean - solution.large[*l as usize] - solution.small[*s as usize];
    let residuals: Vec<f64> = layout.cells.iter().map(residual).collect();
    let n = layout.cells.len() as f64;
    // y' P y is what the residuals leave of y.
    let left: f64 = layout.cells.iter().zip(&residuals).map(|((_, _, y), e)| y * e).sum::<f64>() / at[2];
    let log_likelihood = -0.5 * ((n - 1.0) * libm::log(at[2]) + system.log_determinant() + left);
    log_likelihood.is_finite().then_some(State { at, system, solution, residuals, log_likelihood })
}

/// The slope of the likelihood in each variance, and the average information.
fn slopes(layout: &Layout, state: &State<'_>, inverse: &Inverse) -> ([f64; 3], [[f64; 3]; 3]) {
    let [large, small, residual] = state.at;
    let kept = |left: Vec<f64>| left.len() as f64 - left.iter().sum::<f64>();
    let (kept_large, kept_small) = (kept(inverse.large_left()), kept(inverse.small_left()));
    let freedom = layout.cells.len() as f64 - 1.0 - kept_large - kept_small;
    let gradient = [
        0.5 * (squares(&state.solution.large) / (large * large) - kept_large / large),
        0.5 * (squares(&state.solution.small) / (small * small) - kept_small / small),
        0.5 * (squares(&state.residuals) / (residual * residual) - freedom / residual),
    ];
    let working: [Vec<f64>; 3] = [
        layout.cells.iter().map(|(l, _, _)| state.solution.large[*l as usize] / large).collect(),
        layout.cells.iter().map(|(_, s, _)| state.solution.small[*s as usize] / small).collect(),
        state.residuals.iter().map(|e| e / residual).collect(),
    ];
    let mut information = [[0.0; 3]; 3];
    for (j, working_j) in working.iter().enumerate() {
        let fit = state.system.fit(|i| working_j[i]);
        for (i, working_i) in working.iter().enumerate() {
            let projected = layout
                .cells
                .iter()
                .zip(working_j)
                .zip(working_i)
                .map(|(((l, s, _), w), v)| v * (w - fit.mean - fit.large[*l as usize] - fit.small[*s as usize]));
            information[i][j] = 0.5 * projected.sum::<f64>() / residual;
        }
    }
    (gradient, information)
}

/// The step of the average information matrix; variances at zero that want to go lower stay out of it.
fn newton(at: &Variances, floor: f64, gradient: [f64; 3], information: [[f64; 3]; 3]) -> [f64; 3] {
    let mut free: Vec<usize> = (0..3).filter(|k| at[*k] > floor || gradient[*k] > 0.0).collect();
    loop {
        let step = solve_small(&free, gradient, information);
        // Who would be pushed through the floor from the floor is held there, and the others are asked again.
        match free.iter().position(|k| at[*k] <= floor && step[*k] < 0.0) {
            Some(held) => free.remove(held),
            None => return step,
        };
    }
}

/// Gauss elimination for at most three unknowns; the diagonal carries a trace of ridge against rounding.
fn solve_small(free: &[usize], gradient: [f64; 3], information: [[f64; 3]; 3]) -> [f64; 3] {
    let n = free.len();
    let mut rows: Vec<Vec<f64>> = free
        .iter()
        .map(|i| {
            let mut row: Vec<f64> = free.iter().map(|j| information[*i][*j]).collect();
            row.push(gradient[*i]);
            row
        })
        .collect();
    for k in 0..n {
        rows[k][k] += rows[k][k].abs() * 1e-12 + f64::MIN_POSITIVE;
        for i in k + 1..n {
            let factor = rows[i][k] / rows[k][k];
            let (above, below) = rows.split_at_mut(i);
            for (x, y) in below[0][k..].iter_mut().zip(&above[k][k..]) {
                *x -= factor * y;
            }
        }
    }
    let mut step = [0.0; 3];
    for k in (0..n).rev() {
        let known: f64 = (k + 1..n).map(|j| rows[k][j] * step[free[j]]).sum();
        step[free[k]] = (rows[k][n] - known) / rows[k][k];
    }
    step
}

/// How much of the diagonal of an expectation-maximisation step is added to the information, one after the other: the
/// more, the shorter and the safer the step (Levenberg and Marquardt).
const DAMPING: [f64; 8] = [0.0, 1e-4, 1e-2, 0.1, 1.0, 10.0, 100.0, 1000.0];

/// The first of ever shorter steps that does not lower the likelihood; none when none does.
fn improved<'l>(
    layout: &'l Layout,
    state: &State<'l>,
    floor: f64,
    gradient: [f64; 3],
    information: [[f64; 3]; 3],
) -> Option<State<'l>> {
    let levels = [layout.large as f64, layout.small as f64, layout.cells.len() as f64];
    for damping in DAMPING {
        let mut damped = information;
        for k in 0..3 {
            damped[k][k] += damping * levels[k] / (2.0 * state.at[k] * state.at[k]);
        }
        let step = newton(&state.at, floor, gradient, damped);
        // Never below a tenth or above ten times in one step: a far target is approached, not overshot.
        let moved = |k: usize| (state.at[k] + step[k]).clamp(state.at[k] / 10.0, state.at[k] * 10.0).max(floor);
        let at: Variances = std::array::from_fn(moved);
        if at == state.at {
            return None;
        }
        if at.iter().all(|variance| variance.is_finite())
            && let Some(next) = evaluate(layout, at)
            && next.log_likelihood >= state.log_likelihood - 1e-10 * state.log_likelihood.abs().max(1.0)
        {
            return Some(next);
        }
    }
    None
}

fn report(
    scores: &Scores,
    layout: &Layout,
    state: &State<'_>,
    inverse: Inverse,
    floor: f64,
    iterations: usize,
    converged: bool,
) -> Fit {
    let [large, small, residual] = state.at;
    let deviation = |variance: f64| if variance > 2.0 * floor { variance.sqrt() } else { 0.0 };
    let (large_counts, small_counts) = layout.counts();
    let effects = |indices: &[usize], values: &[f64], left: Vec<f64>, variance: f64, counts: &[f64]| {
        let effect = |(i, index): (usize, &usize)| Effect {
            index: *index,
            effect: Estimate { value: values[i], error: (variance * left[i]).max(0.0).sqrt() },
            scores: counts[i] as usize,
        };
        indices.iter().enumerate().map(effect).collect::<Vec<_>>()
    };
    let of_large =
        |indices: &[usize]| effects(indices, &state.solution.large, inverse.large_left(), large, large_counts);
    let of_small =
        |indices: &[usize]| effects(indices, &state.solution.small, inverse.small_left(), small, small_counts);
    let ((proposals, evaluators), (proposal, evaluator)) = if layout.proposals_large {
        ((of_large(&scores.proposals), of_small(&scores.evaluators)), (large, small))
    } else {
        ((of_small(&scores.proposals), of_large(&scores.evaluators)), (small, large))
    };
    Fit {
        mean: Estimate {
            value: scores.mean() + state.solution.mean,
            error: (residual * inverse.mean()).max(0.0).sqrt(),
        },
        deviations: Deviations {
            proposals: deviation(proposal),
            evaluators: deviation(evaluator),
            residual: deviation(residual),
        },
        proposals,
        evaluators,
        log_likelihood: state.log_likelihood,
        iterations,
        converged,
        covariance: Covariance { inverse, in_large: layout.proposals_large, residual },
    }
}
