//! The mixed model of points: `score = μ + θ_proposal + ν_evaluator + ε`, all effects normal around zero.
//!
//! [`Scores`] checks what came in and says which proposals can be compared at all; [`reml`] and [`gibbs`] are the two
//! routes; [`ranks`] turns effects into expected ranks; [`zone`] finds what stands clearly above or below a line.
//! Effects are in the unit of the scores. A positive evaluator effect is leniency, a negative one severity.
//!
//! Several criteria: [`totals`] first makes each sheet one weighted total.
//!
//! Everything is a function of its arguments: chance comes from a seed through [`random`], and logarithms from `libm`,
//! so that the same seed gives the same figures on every machine.

mod cholesky;
pub mod gibbs;
pub mod prior;
pub mod random;
pub mod ranks;
pub mod reml;
mod scores;
mod summary;
mod system;
pub mod totals;
pub mod zone;

pub use scores::{Island, Rating, Scores, Unusable};

/// A figure with its standard error (or posterior standard deviation).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    pub value: f64,
    pub error: f64,
}

/// Standard deviations of the three parts of a score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Deviations {
    pub proposals: f64,
    pub evaluators: f64,
    pub residual: f64,
}

/// Half the width of a normal 90 % interval in standard errors.
pub const NINETY: f64 = 1.644_853_626_951_472_7;

/// Half the width of a normal 50 % interval in standard errors.
pub const FIFTY: f64 = 0.674_489_750_196_081_7;

#[cfg(test)]
mod tests;
