//! Intraclass correlations: the share of a score's variance that is the proposal's.
//!
//! The six forms of Shrout and Fleiss (1979, doi 10.1037/0033-2909.86.2.420) need every rater on every unit. A call
//! rarely has that: [`one_way`] takes any number of raters per unit, and [`from_model`] reads the same share from
//! the mixed model, which knows evaluators and takes missing scores.

use super::{Undefined, usable};
use crate::evaluation::calibration::model::Deviations;

/// The six forms; `_1` for one rater's score, `_k` for the mean of all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Forms {
    /// Every unit has its own raters.
    pub one_way_1: f64,
    /// The same raters, drawn from many: how far their scores agree absolutely.
    pub two_way_1: f64,
    /// The same raters, and only these: how far their scores run alike.
    pub fixed_1: f64,
    pub one_way_k: f64,
    pub two_way_k: f64,
    pub fixed_k: f64,
}

/// All six forms of a table of units by raters. O(N).
///
/// # Errors
/// When the table has gaps, fewer than two units or raters, or units of equal means.
pub fn forms(table: &[Vec<f64>]) -> Result<Forms, Undefined> {
    forms_among(table, &(0..table.len()).collect::<Vec<_>>())
}

/// All six forms over chosen units, one chosen twice counting twice.
///
/// # Errors
/// As [`forms`].
pub fn forms_among(table: &[Vec<f64>], chosen: &[usize]) -> Result<Forms, Undefined> {
    usable(table)?;
    let raters = table.first().map_or(0, Vec::len);
    if table.iter().any(|unit| unit.len() != raters) {
        return Err(Undefined::Incomplete);
    }
    let rows: Vec<&Vec<f64>> = chosen.iter().filter_map(|i| table.get(*i)).collect();
    let (n, k) = (rows.len() as f64, raters as f64);
    if n < 2.0 {
        return Err(Undefined::FewUnits);
    }
    let mean = rows.iter().flat_map(|row| row.iter()).sum::<f64>() / (n * k);
    let square = |x: f64| x * x;
    let between: f64 = rows.iter().map(|row| k * square(row.iter().sum::<f64>() / k - mean)).sum();
    let of_rater = |j: usize| rows.iter().map(|row| row[j]).sum::<f64>() / n;
    let judges: f64 = (0..raters).map(|j| n * square(of_rater(j) - mean)).sum();
    let total: f64 = rows.iter().flat_map(|row| row.iter()).map(|x| square(x - mean)).sum();
    let within = total - between;
    let b = between / (n - 1.0);
    let w = within / (n * (k - 1.0));
    let j = judges / (k - 1.0);
    let e = (within - judges) / ((n - 1.0) * (k - 1.0));
    if b <= f64::EPSILON * total || total <= 0.0 {
        return Err(Undefined::NoVariation);
    }
    Ok(Forms {
        one_way_1: (b - w) / (b + (k - 1.0) * w),
        two_way_1: (b - e) / (b + (k - 1.0) * e + k * (j - e) / n),
        fixed_1: (b - e) / (b + (k - 1.0) * e),
        one_way_k: (b - w) / b,
        two_way_k: (b - e) / (b + (j - e) / n),
        fixed_k: (b - e) / b,
    })
}

/// The one-way form for one rater's score when units have different numbers of values (Donner 1986): `k` is replaced
/// by the mean number less its spread. Units with one value count, too.
///
/// # Errors
/// When there are fewer than two units, no unit with two values, or no variation.
pub fn one_way(units: &[Vec<f64>]) -> Result<f64, Undefined> {
    usable(units)?;
    let units: Vec<&Vec<f64>> = units.iter().filter(|unit| !unit.is_empty()).collect();
    let (n, total) = (units.len() as f64, units.iter().map(|unit| unit.len() as f64).sum::<f64>());
    let mean_of = |unit: &[f64]| unit.iter().sum::<f64>() / unit.len() as f64;
    let mean = units.iter().flat_map(|unit| unit.iter()).sum::<f64>() / total;
    let square = |x: f64| x * x;
    let between: f64 = units.iter().map(|unit| unit.len() as f64 * square(mean_of(unit) - mean)).sum();
    let within: f64 = units.iter().map(|unit| unit.iter().map(|x| square(x - mean_of(unit))).sum::<f64>()).sum();
    let b = between / (n - 1.0);
    let w = within / (total - n);
    let k = (total - units.iter().map(|unit| square(unit.len() as f64)).sum::<f64>() / total) / (n - 1.0);
    match b + (k - 1.0) * w {
        whole if whole > 0.0 => Ok((b - w) / whole),
        _ => Err(Undefined::NoVariation),
    }
}

/// The share of the proposals in the variance of one score, and of the mean of `raters` scores by different
/// evaluators, from the mixed model's deviations: the two-way random forms for calls with missing scores.
///
/// # Errors
/// When nothing varies.
pub fn from_model(deviations: &Deviations, raters: f64) -> Result<(f64, f64), Undefined> {
    let [signal, severity, noise] =
        [deviations.proposals, deviations.evaluators, deviations.residual].map(|deviation| deviation * deviation);
    let share = |raters: f64| signal / (signal + (severity + noise) / raters);
    match signal + severity + noise > 0.0 && raters > 0.0 {
        true => Ok((share(1.0), share(raters))),
        false => Err(Undefined::NoVariation),
    }
}
