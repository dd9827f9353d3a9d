//! Gwet's AC1 for categories (Gwet 2008, doi 10.1348/000711006X126600), which stays calm where nearly all values are
//! equal and kappa does not. Missing values and its standard error as in Gwet's "Handbook of Inter-Rater Reliability"
//! (4th edition 2014, chapters 2 and 5), raters taken as given and units as a sample.

use super::{Undefined, categories, usable};

/// The coefficient with its standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ac1 {
    pub value: f64,
    pub error: f64,
    /// Units with two values or more; the others only tell how common a category is.
    pub paired_units: usize,
}

/// AC1 of units whose values are categories, of which the scale has so many (or as many as were used, if more).
/// O(N + n q) for N values, n units, q categories.
///
/// # Errors
/// When there are too few units or raters, or the scale has one category only.
pub fn ac1(units: &[Vec<f64>], scale: usize) -> Result<Ac1, Undefined> {
    usable(units)?;
    let (used, places) = categories(units);
    let q = used.len().max(scale) as f64;
    if q < 2.0 {
        return Err(Undefined::NoVariation);
    }
    let counts: Vec<Vec<f64>> = places
        .iter()
        .filter(|unit| !unit.is_empty())
        .map(|unit| {
            let mut counts = vec![0.0; used.len()];
            unit.iter().for_each(|place| counts[*place] += 1.0);
            counts
        })
        .collect();
    let n = counts.len() as f64;
    let raters = |unit: &[f64]| unit.iter().sum::<f64>();
    let mut common = vec![0.0; used.len()];
    for unit in &counts {
        let r = raters(unit);
        common.iter_mut().zip(unit).for_each(|(common, count)| *common += count / r / n);
    }
    let paired = counts.iter().filter(|unit| raters(unit) > 1.0).count();
    // The share of agreeing pairs in a unit; a unit without pairs has none.
    let agreeing = |unit: &[f64]| {
        let r = raters(unit);
        (r > 1.0).then(|| unit.iter().map(|c| c * (c - 1.0)).sum::<f64>() / (r * (r - 1.0)))
    };
    let observed = counts.iter().filter_map(|unit| agreeing(unit)).sum::<f64>() / paired as f64;
    let chance = common.iter().map(|p| p * (1.0 - p)).sum::<f64>() / (q - 1.0);
    let value = (observed - chance) / (1.0 - chance);
    let influence = |unit: &Vec<f64>| {
        let own = agreeing(unit).map_or(0.0, |own| n / paired as f64 * (own - chance) / (1.0 - chance));
        let weighed = unit.iter().zip(&common).map(|(count, p)| count * (1.0 - p)).sum::<f64>();
        let own_chance = weighed / raters(unit) / (q - 1.0);
        let term = own - 2.0 * (1.0 - value) * (own_chance - chance) / (1.0 - chance) - value;
        term * term
    };
    let variance = counts.iter().map(influence).sum::<f64>() / (n * (n - 1.0));
    Ok(Ac1 { value, error: variance.sqrt(), paired_units: paired })
}
