//! Small problems against trying everything, and published ones.

mod against_all;
mod published;

use super::*;

fn solved(problem: &Problem, steps: u64) -> Solution {
    best(problem, &[], Effort { steps }, &mut |_| true).unwrap()
}

/// A set that keeps every order and every budget, and is worth what it says.
fn keeps(problem: &Problem, found: &Solution) {
    let chosen = |item: &usize| found.chosen.binary_search(item).is_ok();
    for (at, item) in problem.items.iter().enumerate() {
        assert!(item.order == Order::Free || chosen(&at) == (item.order == Order::Taken), "{item:?}");
    }
    assert!(problem.left(found.chosen.iter().copied()).iter().all(|left| *left >= 0), "{problem:?}");
    assert_eq!(problem.value(found.chosen.iter().copied()), found.value);
    assert!(found.value <= found.bound && found.bound <= found.relaxed.max(found.value));
}
