use super::*;

/// Problems of the OR-Library whose optimum was proven by others.
fn published() -> Vec<(Problem, i64)> {
    let mut numbers = include_str!("../../../../tests/data/allocation/mknap_5x100.txt")
        .split_whitespace()
        .map(|number| number.parse::<i64>().unwrap());
    let mut next = || numbers.next().unwrap();
    let problem = |next: &mut dyn FnMut() -> i64| {
        let (items, budgets, optimum) = (next(), usize::try_from(next()).unwrap(), next());
        let mut items: Vec<Item> =
            (0..items).map(|_| Item { value: next(), needs: Vec::new(), order: Order::Free }).collect();
        for budget in 0..budgets {
            items.iter_mut().for_each(|item| item.needs.push((budget, next())));
        }
        (Problem { items, budgets: (0..budgets).map(|_| next()).collect() }, optimum)
    };
    (0..next()).map(|_| problem(&mut next)).collect()
}

#[test]
fn published_optima_are_reached_and_proven() {
    // The quickest two; the benchmark solves all.
    for at in [4, 6] {
        let (problem, optimum) = &published()[at];
        let found = solved(problem, 200_000);
        keeps(problem, &found);
        assert_eq!((found.value, found.bound), (*optimum, *optimum));
    }
}

#[test]
fn a_search_that_is_stopped_says_what_it_knows() {
    for (problem, optimum) in published().into_iter().step_by(3) {
        let mut asked = 0;
        let found = best(&problem, &[], Effort::USUAL, &mut |progress| {
            asked += 1;
            assert!(progress.found <= optimum && optimum <= progress.bound, "{progress:?}");
            asked < 10
        });
        let found = found.unwrap();
        keeps(&problem, &found);
        assert!(found.value <= optimum && optimum <= found.bound && found.gap() > 0, "{found:?}");
        // Within one percent of the optimum before the search has begun in earnest.
        assert!(found.value * 100 >= optimum * 99, "{} of {optimum}", found.value);
    }
}
