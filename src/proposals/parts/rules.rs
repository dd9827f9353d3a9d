//! The digests by which two people who change one budget or one list of targets are told apart.

use crate::proposals::drafts::rules::digest_of;
use entity::types::states::FundingSource;
use serde_json::json;

/// A cost as it is typed and kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cost {
    pub category: String,
    /// The place of the activity among those of the part, from 0.
    pub activity: Option<usize>,
    pub description: String,
    pub minor: i64,
}

/// A contribution as it is typed and kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contribution {
    pub source: FundingSource,
    pub description: String,
    pub minor: i64,
}

/// A whole budget: costs, contributions and the grant asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Budget {
    pub costs: Vec<Cost>,
    pub funding: Vec<Contribution>,
    pub requested: i64,
}

impl Budget {
    /// The digest a form carries of the budget it was made from.
    pub fn digest(&self) -> String {
        let costs: Vec<_> =
            self.costs.iter().map(|c| json!([c.category, c.activity, c.description, c.minor])).collect();
        let funding: Vec<_> = self.funding.iter().map(|f| json!([f.source.word(), f.description, f.minor])).collect();
        digest_of(&json!([costs, funding, self.requested]))
    }
}

/// The digest of a list of targets, in the order of the call's indicators.
pub fn targets_digest(targets: &[(String, i64)]) -> String {
    digest_of(&json!(targets))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_with_another_cent_has_another_digest() {
        let cost = Cost { category: "staff".into(), activity: None, description: String::new(), minor: 100 };
        let one = Budget { costs: vec![cost.clone()], ..Budget::default() };
        let other = Budget { costs: vec![Cost { minor: 101, ..cost }], ..Budget::default() };
        assert_ne!(one.digest(), other.digest());
        assert_eq!(one.digest(), one.clone().digest());
        assert_ne!(targets_digest(&[("a".into(), 1)]), targets_digest(&[]));
    }
}
