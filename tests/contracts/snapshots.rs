//! Texts kept in `tests/snapshots`: what the platform says about itself, so that a change of it is read by people.
//!
//! `UPDATE_SNAPSHOTS=1 cargo test --test it contracts` writes them anew; the difference belongs into the review.

use std::{fs, path::Path};

/// Compares a text with the kept one, line by line.
#[track_caller]
pub fn matches(name: &str, text: &str) {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots").join(name);
    if updating() {
        fs::create_dir_all(place.parent().expect("a file lies in a folder")).expect("the folder can be made");
        fs::write(&place, text).expect("the snapshot can be written");
        return;
    }
    let kept = fs::read_to_string(&place).unwrap_or_default();
    if kept != text {
        panic!(
            "tests/snapshots/{name} is no longer what the platform says:\n{}\n\
             If this is meant: UPDATE_SNAPSHOTS=1 cargo test --test it contracts, and commit the difference.",
            difference(&kept, text)
        );
    }
}

#[expect(clippy::disallowed_methods, reason = "a switch of the person who runs the tests, not a setting of Fairway")]
fn updating() -> bool {
    std::env::var_os("UPDATE_SNAPSHOTS").is_some_and(|value| value == "1")
}

/// The lines that went and came, a few of them.
fn difference(kept: &str, text: &str) -> String {
    let only = |of: &str, not_in: &str, sign: char| {
        let known: std::collections::BTreeSet<&str> = not_in.lines().collect();
        of.lines()
            .filter(|line| !known.contains(line))
            .take(20)
            .map(|line| format!("{sign} {line}"))
            .collect::<Vec<_>>()
    };
    let mut lines = only(kept, text, '-');
    lines.extend(only(text, kept, '+'));
    if lines.is_empty() { "the same lines in another order".to_owned() } else { lines.join("\n") }
}

#[test]
fn a_difference_shows_what_went_and_what_came() {
    assert_eq!(difference("one\ntwo\n", "two\nthree\n"), "- one\n+ three");
    assert_eq!(difference("one\ntwo\n", "two\none\n"), "the same lines in another order");
}
