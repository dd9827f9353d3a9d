//! Two versions of a call's terms or of an annex side by side, for corrigenda (lifecycle.json, event "corrigendum").
//!
//! Lists are compared by key, so that a moved question is not shown as a changed one.

use super::facts::{self, Fact};
use entity::types::terms::{AnnexTerms, CallTerms};
use std::collections::BTreeMap;

/// One value that differs; a missing side means that the value is new or gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// JSON pointer of the value after the change, or before it when it is gone.
    pub at: String,
    /// What the value is, for people: `Criterion “Impact”: weight`.
    pub label: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// What differs between two versions of a call's terms.
pub fn differences(before: &CallTerms, after: &CallTerms) -> Vec<Difference> {
    compare(facts::of_call(before), facts::of_call(after))
}

/// What differs between two versions of an annex; pointers start at the annex.
pub fn annex_differences(before: &AnnexTerms, after: &AnnexTerms) -> Vec<Difference> {
    compare(facts::of_annex(before), facts::of_annex(after))
}

fn compare(before: Vec<Fact>, after: Vec<Fact>) -> Vec<Difference> {
    let old: BTreeMap<&str, &Fact> = before.iter().map(|f| (f.key.as_str(), f)).collect();
    let new: BTreeMap<&str, &Fact> = after.iter().map(|f| (f.key.as_str(), f)).collect();
    let mut found: Vec<Difference> = after
        .iter()
        .filter(|fact| old.get(fact.key.as_str()).is_none_or(|was| was.text != fact.text))
        .map(|fact| Difference {
            at: fact.at.clone(),
            label: fact.label.clone(),
            before: old.get(fact.key.as_str()).map(|was| was.text.clone()),
            after: Some(fact.text.clone()),
        })
        .collect();
    found.extend(before.iter().filter(|fact| !new.contains_key(fact.key.as_str())).map(|fact| Difference {
        at: fact.at.clone(),
        label: fact.label.clone(),
        before: Some(fact.text.clone()),
        after: None,
    }));
    found
}
