//! Coefficients of agreement against the published worked examples.

mod doors;

use fairway::evaluation::agreement::coefficients::{
    Judgement,
    ac1::ac1,
    alpha::{Alpha, Metric},
    bootstrap::{Resampling, interval},
    icc::forms,
    units,
};

const NONE: i32 = 0;

/// Krippendorff 2011: four observers, twelve units, values missing.
const OBSERVERS: [[i32; 12]; 4] = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NONE, NONE, NONE],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NONE, 3],
    [NONE, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NONE],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NONE],
];

/// Shrout and Fleiss 1979, table 2: six targets, four judges.
const JUDGES: [[f64; 4]; 6] = [
    [9.0, 2.0, 5.0, 8.0],
    [6.0, 1.0, 3.0, 2.0],
    [8.0, 4.0, 6.0, 8.0],
    [7.0, 1.0, 2.0, 6.0],
    [10.0, 5.0, 6.0, 9.0],
    [6.0, 2.0, 4.0, 7.0],
];

fn observed() -> Vec<Vec<f64>> {
    let judgements = OBSERVERS.iter().enumerate().flat_map(|(rater, values)| {
        let given = values.iter().enumerate().filter(|(_, value)| **value != NONE);
        given.map(move |(unit, value)| Judgement { unit, rater, value: f64::from(*value) })
    });
    units(&judgements.collect::<Vec<_>>())
}

/// To the digits that were published.
fn same(found: f64, published: f64, digits: i32) {
    assert!((found - published).abs() <= 0.5 * 10f64.powi(-digits), "{found} is not {published}");
}

#[test]
fn krippendorffs_example_has_its_four_alphas() {
    let units = observed();
    let alpha = |metric| Alpha::new(&units, metric).unwrap().all().unwrap();
    same(alpha(Metric::Nominal), 0.743_421, 6);
    same(alpha(Metric::Ordinal), 0.815_388, 6);
    same(alpha(Metric::Interval), 0.849_107, 6);
    same(alpha(Metric::Ratio), 0.797_403, 6);
}

#[test]
fn shrout_and_fleiss_have_their_six_forms() {
    let table: Vec<Vec<f64>> = JUDGES.iter().map(|row| row.to_vec()).collect();
    let forms = forms(&table).unwrap();
    same(forms.one_way_1, 0.165_742, 6);
    same(forms.two_way_1, 0.289_764, 6);
    same(forms.fixed_1, 0.714_841, 6);
    same(forms.one_way_k, 0.442_797, 6);
    same(forms.two_way_k, 0.620_051, 6);
    same(forms.fixed_k, 0.909_316, 6);
}

#[test]
fn gwets_coefficient_has_its_value_and_standard_error() {
    let found = ac1(&observed(), 5).unwrap();
    same(found.value, 0.775_44, 5);
    same(found.error, 0.142_95, 5);
    assert_eq!(found.paired_units, 11);
}

#[test]
fn resampling_tells_how_little_twelve_units_say() {
    let units = observed();
    let alpha = Alpha::new(&units, Metric::Interval).unwrap();
    let resampling = Resampling { seed: 12, replicates: 2000, level: 0.95 };
    let found = interval(units.len(), resampling, |chosen| alpha.among(chosen)).unwrap();
    assert!(found.low > 0.4 && found.low < 0.75 && found.high > 0.95 && found.high <= 1.0, "{found:?}");
}
