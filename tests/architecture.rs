//! The shape of the house, checked like everything else: who may use whom, what a file may contain, what is
//! called how, and whether the map is true.
//!
//! A text scan, not a compiler: it sees what is written in imports and paths. What it forbids, and why, is in
//! the sentences it prints; an exception is a line in [`EXCEPTIONS`] with its reason, and that list only shrinks.

mod areas;
mod features;
mod names;
mod readme;
pub mod source;

use source::Tree;
use std::collections::BTreeSet;

/// One breach of a rule.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Fault {
    /// The sentence of the rule.
    rule: &'static str,
    /// The file, with the line where there is one.
    place: String,
    /// What is wrong there, and what to do about it.
    fix: String,
}

/// Faults the house lives with: the file, a word of the fault, and why it is right there.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("src/demo/load", "`assignment`", "the demo's year is loaded as a backup is restored: rows of all areas at once"),
    ("src/kernel/access/identity.rs", "`session`", "knowing who is there includes noting when they were last seen"),
    ("src/kernel/access/identity.rs", "`api_token`", "as with `session`: a program is seen when its token is used"),
    ("src/kernel/app.rs", "`crate::documents::store::Store`", "the application holds the store of files it was given"),
    ("src/kernel/outbox.rs", "`mail`", "a mail is ordered in the transaction of the event that orders it"),
];

fn faults(tree: &Tree) -> BTreeSet<Fault> {
    let mut found = BTreeSet::new();
    areas::direction(tree, &mut found);
    areas::writers(tree, &mut found);
    features::contents(tree, &mut found);
    features::tests(tree, &mut found);
    features::templates(tree, &mut found);
    names::names(tree, &mut found);
    names::sizes(tree, &mut found);
    names::places(tree, &mut found);
    names::undeclared(tree, &mut found);
    readme::map(tree, &mut found);
    found
}

fn report<'f>(faults: impl IntoIterator<Item = &'f Fault>) -> String {
    let (mut text, mut rule) = (String::new(), "");
    for fault in faults {
        if fault.rule != rule {
            rule = fault.rule;
            text.push_str(&format!("\n{rule}\n"));
        }
        text.push_str(&format!("  {}: {}\n", fault.place, fault.fix));
    }
    text
}

fn excused(fault: &Fault) -> bool {
    EXCEPTIONS.iter().any(|(place, word, _)| fault.place.starts_with(place) && fault.fix.contains(word))
}

#[test]
fn the_house_keeps_its_shape() {
    let faults = faults(&Tree::of_this_checkout());
    let faults: Vec<&Fault> = faults.iter().filter(|fault| !excused(fault)).collect();

    assert!(faults.is_empty(), "{}", report(faults));
}

#[test]
fn every_exception_is_still_needed() {
    let faults = faults(&Tree::of_this_checkout());
    let idle = EXCEPTIONS.iter().filter(|(place, word, _)| {
        !faults.iter().any(|fault| fault.place.starts_with(place) && fault.fix.contains(word))
    });

    assert_eq!(idle.collect::<Vec<_>>(), Vec::<&(&str, &str, &str)>::new(), "remove these lines from EXCEPTIONS");
}

/// What the rules say about a small checkout, one line per fault: place and fix.
#[cfg(test)]
fn said(files: &[(&str, &str)], check: fn(&Tree, &mut BTreeSet<Fault>)) -> Vec<String> {
    let mut found = BTreeSet::new();
    check(&Tree::of(files), &mut found);
    found.iter().map(|fault| format!("{}: {}", fault.place, fault.fix)).collect()
}
