//! What assignments, sheets and rankings share: the weighted total of one sheet (domain.md 2.5), and signatures.

use super::exact::{Fraction, Given, for_criterion};
use entity::types::{
    BadValue,
    points::Points,
    terms::{CallTerms, Criterion},
};

/// What a sheet keeps under one key: of a criterion (`c1`), or of a part of one (`c1.market`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept<'a> {
    pub key: &'a str,
    pub points: Option<Points>,
    /// Whether the evaluator abstains; said of whole criteria only.
    pub abstained: bool,
}

impl<'a> Kept<'a> {
    /// Points for a criterion or a part.
    pub const fn points(key: &'a str, points: Option<Points>) -> Self {
        Self { key, points, abstained: false }
    }
}

/// The job that applies the call's divergence rule to a proposal; ordered wherever its sheets change.
pub const EXAMINE: &str = "evaluation.consensus.examine";

/// The weighted total of one sheet, as far as points are given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weighted {
    /// In points with two decimals, rounded half up: `3.43`.
    pub total: String,
    pub hundredths: i32,
    /// Criteria with all their points or an abstention, and how many there are.
    pub done: usize,
    pub of: usize,
    /// Criteria the evaluator abstains from.
    pub abstained: usize,
}

/// What a sheet gives for a criterion, exactly.
pub fn points_for(criterion: &Criterion, sheet: &[Kept<'_>]) -> Option<Fraction> {
    let given: Given = sheet.iter().filter_map(|kept| Some((kept.key.to_owned(), kept.points?))).collect();
    for_criterion(criterion, &given)
}

/// Whether what a sheet gives for a criterion is below its threshold.
pub fn below_threshold(criterion: &Criterion, sheet: &[Kept<'_>]) -> bool {
    let least = criterion.threshold.map(|least| Fraction::whole(least.as_hundredths()));
    points_for(criterion, sheet).zip(least).is_some_and(|(points, least)| points < least)
}

/// Whether an evaluator abstains from a criterion.
pub fn abstains(criterion: &Criterion, sheet: &[Kept<'_>]) -> bool {
    sheet.iter().any(|k| k.key == criterion.key && k.abstained)
}

/// Adds up points by the call's weights. Criteria without points add nothing; those the evaluator abstains from do not
/// count, so that the total is on the whole scale over the weights that are left.
pub fn weighted(terms: &CallTerms, sheet: &[Kept<'_>]) -> Weighted {
    let (mut sum, mut weights, mut done, mut abstained) = (Fraction::ZERO, 0_i128, 0, 0);
    for criterion in &terms.criteria {
        if abstains(criterion, sheet) {
            abstained += 1;
            done += 1;
            continue;
        }
        let weight = i128::from(criterion.weight.basis_points());
        weights += weight;
        let given = |key: &String| sheet.iter().any(|k| k.key == key && k.points.is_some());
        done += usize::from(criterion.score_keys().iter().all(given));
        if let Some(points) = points_for(criterion, sheet) {
            sum = sum.plus(points.times(weight, 1));
        }
    }
    let total = sum.times(1, if abstained == 0 { 10_000 } else { weights.max(1) });
    Weighted { total: total.text(), hundredths: total.hundredths(), done, of: terms.criteria.len(), abstained }
}

/// Whether somebody signed with the own name: the same words, whatever their capitals and blanks.
pub fn signed(typed: &str, name: &str) -> bool {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    !plain(typed).is_empty() && plain(typed) == plain(name)
}

/// What is wrong with a name typed as a signature.
///
/// # Errors
/// How to sign, when it is not the own name.
pub fn signature(typed: &str, name: &str) -> Result<(), BadValue> {
    let how = || BadValue::new(format!("Sign with your name as it is in your account: {name}"));
    signed(typed, name).then_some(()).ok_or_else(how)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::archive::{read, shipped};
    use entity::types::judging::SubCriterion;

    #[test]
    fn a_signature_is_the_own_name() {
        assert!(signed(" eva  MÄKI ", "Eva Mäki"));
        assert!(!signed("Eva", "Eva Mäki") && !signed("", ""));
    }

    #[test]
    fn a_running_total_weighs_what_is_there() {
        let terms = read(shipped::INNOVATION_EXPRESS_2017).unwrap().call;
        assert_eq!(weighted(&terms, &[]).total, "0.00");
        let one = weighted(&terms, &[Kept::points("c1", Some(Points::hundredths(350)))]);
        assert_eq!((one.total.as_str(), one.done, one.of), ("1.05", 1, terms.criteria.len()));
        let all: Vec<_> = terms.criteria.iter().map(|c| Kept::points(&c.key, Some(Points::whole(4)))).collect();
        assert_eq!(weighted(&terms, &all).hundredths, 400);
    }

    /// The first criterion has three parts.
    fn with_parts() -> CallTerms {
        let mut terms = read(shipped::INNOVATION_EXPRESS_2017).unwrap().call;
        terms.criteria[0].sub_criteria = ["need", "market", "team"]
            .map(|key| SubCriterion { key: key.into(), name: key.into(), guidance: String::new() })
            .into();
        terms
    }

    #[test]
    fn a_criterion_has_the_exact_mean_of_its_parts() {
        let terms = with_parts();
        let part = |key, points| Kept::points(key, Some(Points::whole(points)));
        let mut sheet = vec![part("c1.need", 3), part("c1.market", 4), part("c1.team", 4)];
        // 11/3 of a weight of 30 %: 1.1 exactly, where 3.67 would give 1.101.
        let now = weighted(&terms, &sheet);
        assert_eq!((now.total.as_str(), now.done), ("1.10", 1));
        assert_eq!(points_for(&terms.criteria[0], &sheet).unwrap().text(), "3.67");
        sheet.pop();
        assert_eq!(weighted(&terms, &sheet).done, 0, "a part is missing");
    }

    #[test]
    fn what_somebody_abstains_from_weighs_nothing() {
        let terms = with_parts();
        let mut sheet: Vec<_> =
            terms.criteria[1..].iter().map(|c| Kept::points(&c.key, Some(Points::whole(4)))).collect();
        assert_eq!(weighted(&terms, &sheet).total, "2.80");
        sheet.push(Kept { key: "c1", points: None, abstained: true });
        let now = weighted(&terms, &sheet);
        assert_eq!((now.total.as_str(), now.done, now.abstained), ("4.00", terms.criteria.len(), 1));
        let none: Vec<_> = terms.criteria.iter().map(|c| Kept { key: &c.key, points: None, abstained: true }).collect();
        assert_eq!(weighted(&terms, &none).total, "0.00");
    }
}
