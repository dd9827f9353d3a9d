//! Coefficients of agreement. A unit is what is judged (a proposal, or a proposal's criterion) with the values its
//! evaluators gave; values that are missing are left out.

pub mod ac1;
pub mod alpha;
pub mod bootstrap;
pub mod icc;

use std::collections::{BTreeMap, BTreeSet};

/// Why a coefficient has no meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undefined {
    /// Fewer than two units.
    FewUnits,
    /// No unit was judged by two evaluators.
    FewRaters,
    /// All values are equal, so there is nothing to agree about beyond chance.
    NoVariation,
    /// Some unit lacks a value, and this coefficient needs them all.
    Incomplete,
    /// A value is below zero, where ratios have no meaning.
    Negative,
    /// A value is not a finite number.
    NotANumber,
    /// Too few of the resampled calls had a coefficient.
    FewReplicates,
}

/// One value an evaluator gave to a unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judgement {
    pub unit: usize,
    pub rater: usize,
    pub value: f64,
}

/// The values of every unit, units and raters in ascending order of their numbers.
pub fn units(judgements: &[Judgement]) -> Vec<Vec<f64>> {
    let mut units: BTreeMap<usize, BTreeMap<usize, f64>> = BTreeMap::new();
    for judgement in judgements {
        units.entry(judgement.unit).or_default().insert(judgement.rater, judgement.value);
    }
    units.into_values().map(|values| values.into_values().collect()).collect()
}

/// Units by raters without gaps, as the coefficients of Shrout and Fleiss need it.
///
/// # Errors
/// When some rater did not judge some unit.
pub fn table(judgements: &[Judgement]) -> Result<Vec<Vec<f64>>, Undefined> {
    let raters = judgements.iter().map(|j| j.rater).collect::<BTreeSet<_>>().len();
    let units = units(judgements);
    match units.iter().all(|values| values.len() == raters) {
        true => Ok(units),
        false => Err(Undefined::Incomplete),
    }
}

/// What every coefficient needs: finite values, two units, two values somewhere.
fn usable(units: &[Vec<f64>]) -> Result<(), Undefined> {
    if units.iter().flatten().any(|value| !value.is_finite()) {
        return Err(Undefined::NotANumber);
    }
    if units.iter().filter(|values| !values.is_empty()).count() < 2 {
        return Err(Undefined::FewUnits);
    }
    if !units.iter().any(|values| values.len() > 1) {
        return Err(Undefined::FewRaters);
    }
    Ok(())
}

/// The distinct values ascending, and every unit's values as places among them.
fn categories(units: &[Vec<f64>]) -> (Vec<f64>, Vec<Vec<usize>>) {
    let mut values: Vec<f64> = units.iter().flatten().copied().collect();
    values.sort_by(f64::total_cmp);
    values.dedup_by(|a, b| a == b);
    let place = |value: &f64| values.partition_point(|known| known < value);
    let places = units.iter().map(|unit| unit.iter().map(place).collect()).collect();
    (values, places)
}

#[cfg(test)]
mod tests;
