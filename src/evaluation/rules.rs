//! What assignments, sheets and rankings share: the weighted total of one sheet (domain.md 2.5), and signatures.

use entity::types::{points::Points, terms::CallTerms};

/// The job that applies the call's divergence rule to a proposal; ordered wherever its sheets change.
pub const EXAMINE: &str = "evaluation.consensus.examine";

/// The weighted total of one sheet, as far as points are given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weighted {
    /// In points with two decimals, rounded half up: `3.43`.
    pub total: String,
    pub hundredths: i32,
    /// Criteria with points, and how many there are.
    pub done: usize,
    pub of: usize,
}

/// Adds up points by the call's weights; criteria without points add nothing.
pub fn weighted(terms: &CallTerms, given: &[(&str, Points)]) -> Weighted {
    let mut sum: i64 = 0;
    let mut done = 0;
    for criterion in &terms.criteria {
        if let Some((_, points)) = given.iter().find(|(key, _)| *key == criterion.key) {
            sum += i64::from(points.as_hundredths()) * i64::from(criterion.weight.basis_points());
            done += 1;
        }
    }
    let hundredths = (sum * 2 + 10_000).div_euclid(20_000);
    Weighted {
        total: entity::types::decimal::fixed(hundredths, 2),
        hundredths: i32::try_from(hundredths).unwrap_or(i32::MAX),
        done,
        of: terms.criteria.len(),
    }
}

/// Whether somebody signed with the own name: the same words, whatever their capitals and blanks.
pub fn signed(typed: &str, name: &str) -> bool {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    !plain(typed).is_empty() && plain(typed) == plain(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::archive::{read, shipped};

    #[test]
    fn a_signature_is_the_own_name() {
        assert!(signed(" eva  MÄKI ", "Eva Mäki"));
        assert!(!signed("Eva", "Eva Mäki") && !signed("", ""));
    }

    #[test]
    fn a_running_total_weighs_what_is_there() {
        let terms = read(shipped::INNOVATION_EXPRESS_2017).unwrap().call;
        assert_eq!(weighted(&terms, &[]).total, "0.00");
        let one = weighted(&terms, &[("c1", Points::hundredths(350))]);
        assert_eq!((one.total.as_str(), one.done, one.of), ("1.05", 1, terms.criteria.len()));
        let all: Vec<_> = terms.criteria.iter().map(|c| (c.key.as_str(), Points::whole(4))).collect();
        assert_eq!(weighted(&terms, &all).hundredths, 400);
    }
}
