use super::{
    ac1::ac1,
    alpha::{Alpha, Metric},
    bootstrap::{Resampling, interval},
    icc::{forms, forms_among, from_model, one_way},
    *,
};
use crate::evaluation::calibration::model::Deviations;

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
}

fn alpha(units: &[Vec<f64>], metric: Metric) -> Result<f64, Undefined> {
    Alpha::new(units, metric)?.all()
}

#[test]
fn two_observers_of_two_values_are_krippendorffs_first_example() {
    // Krippendorff 2011: alpha = 0.095.
    let a = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0];
    let b = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0];
    let units: Vec<Vec<f64>> = a.iter().zip(b).map(|(a, b)| vec![f64::from(*a), f64::from(b)]).collect();
    let found = alpha(&units, Metric::Nominal).unwrap();
    assert!((found - 0.095).abs() < 5e-4, "{found}");
    // With two values all metrics but the ratio ask the same.
    near(alpha(&units, Metric::Interval).unwrap(), found);
    near(alpha(&units, Metric::Ordinal).unwrap(), found);
}

#[test]
fn perfect_agreement_is_one_and_shared_opposition_is_below_zero() {
    let same = vec![vec![1.0, 1.0], vec![2.0, 2.0], vec![4.0, 4.0]];
    for metric in [Metric::Nominal, Metric::Ordinal, Metric::Interval, Metric::Ratio] {
        near(alpha(&same, metric).unwrap(), 1.0);
    }
    near(ac1(&same, 5).unwrap().value, 1.0);
    near(forms(&same).unwrap().two_way_1, 1.0);
    assert!(alpha(&[vec![1.0, 5.0], vec![5.0, 1.0]], Metric::Interval).unwrap() < 0.0);
}

#[test]
fn what_has_no_meaning_has_a_reason() {
    let equal = vec![vec![3.0, 3.0], vec![3.0, 3.0]];
    let single = vec![vec![3.0], vec![4.0]];
    let gaps = vec![vec![3.0, 4.0], vec![4.0]];
    let negative = vec![vec![-1.0, 4.0], vec![4.0, 2.0]];
    let broken = vec![vec![f64::NAN, 4.0], vec![4.0, 2.0]];
    assert_eq!(alpha(&equal, Metric::Interval), Err(Undefined::NoVariation));
    assert_eq!(forms(&equal), Err(Undefined::NoVariation));
    assert_eq!(one_way(&equal), Err(Undefined::NoVariation));
    assert_eq!(ac1(&equal, 1), Err(Undefined::NoVariation));
    near(ac1(&equal, 5).unwrap().value, 1.0);
    assert_eq!(alpha(&single, Metric::Nominal), Err(Undefined::FewRaters));
    assert_eq!(ac1(&single, 5), Err(Undefined::FewRaters));
    assert_eq!(alpha(&equal[..1], Metric::Nominal), Err(Undefined::FewUnits));
    assert_eq!(alpha(&[], Metric::Nominal), Err(Undefined::FewUnits));
    assert_eq!(forms(&gaps), Err(Undefined::Incomplete));
    assert_eq!(alpha(&negative, Metric::Ratio), Err(Undefined::Negative));
    assert_eq!(alpha(&broken, Metric::Interval), Err(Undefined::NotANumber));
    let none = Deviations { proposals: 0.0, evaluators: 0.0, residual: 0.0 };
    assert_eq!(from_model(&none, 3.0), Err(Undefined::NoVariation));
}

#[test]
fn zero_and_zero_are_the_same_on_a_ratio_scale() {
    let units = vec![vec![0.0, 0.0], vec![2.0, 2.0], vec![0.0, 2.0]];
    assert!(alpha(&units, Metric::Ratio).unwrap().is_finite());
}

#[test]
fn one_way_for_complete_units_is_the_first_form() {
    let table = vec![vec![9.0, 2.0, 5.0], vec![6.0, 1.0, 3.0], vec![8.0, 4.0, 6.0]];
    near(one_way(&table).unwrap(), forms(&table).unwrap().one_way_1);
}

#[test]
fn the_models_shares_follow_its_variances() {
    let deviations = Deviations { proposals: 2.0, evaluators: 1.0, residual: 1.0 };
    let (one, three) = from_model(&deviations, 3.0).unwrap();
    near(one, 4.0 / 6.0);
    near(three, 4.0 / (4.0 + 2.0 / 3.0));
}

#[test]
fn units_and_tables_come_from_judgements() {
    let judgement = |unit, rater, value| Judgement { unit, rater, value };
    let mut list = vec![judgement(4, 9, 1.0), judgement(2, 9, 3.0), judgement(2, 7, 2.0)];
    assert_eq!(units(&list), [vec![2.0, 3.0], vec![1.0]]);
    assert_eq!(table(&list), Err(Undefined::Incomplete));
    list.push(judgement(4, 7, 5.0));
    assert_eq!(table(&list), Ok(vec![vec![2.0, 3.0], vec![5.0, 1.0]]));
}

#[test]
fn the_same_seed_gives_the_same_interval_around_the_coefficient() {
    let units: Vec<Vec<f64>> =
        (0..40).map(|i| vec![f64::from(i % 7), f64::from((i * 3 + i % 2) % 7), f64::from(i % 7)]).collect();
    let alpha = Alpha::new(&units, Metric::Interval).unwrap();
    let resampling = Resampling { seed: 5, replicates: 400, level: 0.9 };
    let found = interval(units.len(), resampling, |chosen| alpha.among(chosen)).unwrap();
    assert_eq!(Ok(found), interval(units.len(), resampling, |chosen| alpha.among(chosen)));
    let whole = alpha.all().unwrap();
    assert!(found.low < whole && whole < found.high && found.replicates == 400, "{found:?} {whole}");

    let of_forms =
        interval(units.len(), resampling, |chosen| forms_among(&units, chosen).map(|forms| forms.two_way_1)).unwrap();
    assert!(of_forms.low < of_forms.high);
    assert_eq!(interval(1, resampling, |_| Ok(1.0)), Err(Undefined::FewUnits));
    assert_eq!(interval(5, resampling, |_| Err(Undefined::NoVariation)), Err(Undefined::FewReplicates));
}
