use super::*;

/// Numbers that look random and are always the same (Marsaglia's xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        i64::try_from(self.0 % u64::try_from(sides).unwrap()).unwrap()
    }
}

/// Up to twelve items and four budgets; orders, empty budgets, equal values and items that never fit among them.
fn problem(dice: &mut Dice) -> Problem {
    let budgets: Vec<i64> = (0..1 + dice.below(4)).map(|_| dice.below(100)).collect();
    let (step, dear) = (1 + dice.below(50), 5 + dice.below(60));
    let item = |dice: &mut Dice| Item {
        value: dice.below(8) * step,
        needs: (0..budgets.len())
            .map(|budget| (budget, dice.below(3), 1 + dice.below(dear)))
            .filter(|(_, needed, _)| *needed > 0)
            .map(|(budget, _, need)| (budget, need))
            .collect(),
        order: match dice.below(15) {
            0 => Order::Taken,
            1 => Order::Barred,
            _ => Order::Free,
        },
    };
    let items = (0..1 + dice.below(12)).map(|_| item(dice)).collect();
    Problem { items, budgets }
}

/// The greatest value of any set; none when what must be taken does not fit.
fn all(problem: &Problem) -> Option<i64> {
    let items = problem.items.len();
    let fits = |set: u32| {
        let chosen = move |item: &usize| set >> item & 1 == 1;
        let orders = problem.items.iter().enumerate().all(|(at, item)| match item.order {
            Order::Free => true,
            Order::Taken => chosen(&at),
            Order::Barred => !chosen(&at),
        });
        let left = problem.left((0..items).filter(chosen));
        (orders && left.iter().all(|left| *left >= 0)).then(|| problem.value((0..items).filter(chosen)))
    };
    (0..1_u32 << items).filter_map(fits).max()
}

#[test]
fn small_problems_are_solved_and_proven() {
    let mut dice = Dice(88_172_645_463_325_252);
    let mut refused = 0;
    for case in 0..400 {
        let problem = problem(&mut dice);
        match (all(&problem), best(&problem, &[], Effort::USUAL, &mut |_| true)) {
            (Some(value), Ok(found)) => {
                keeps(&problem, &found);
                assert_eq!((found.value, found.gap()), (value, 0), "case {case}: {problem:?}");
                assert!(found.prices.bound(&problem) >= value, "case {case}");
            }
            (None, Err(Fault::TakenAboveBudget { .. })) => refused += 1,
            (value, found) => panic!("case {case}: {value:?}, but {found:?}"),
        }
    }
    assert!(refused > 5, "{refused}");
}

#[test]
fn without_effort_there_is_a_set_and_an_honest_gap() {
    let mut dice = Dice(7);
    let mut open = 0;
    for case in 0..200 {
        let problem = problem(&mut dice);
        let (Some(value), Ok(found)) = (all(&problem), best(&problem, &[], Effort { steps: 0 }, &mut |_| true)) else {
            continue;
        };
        keeps(&problem, &found);
        assert!(found.value <= value && value <= found.bound, "case {case}: {value}, {found:?}");
        open += usize::from(found.gap() > 0);
    }
    assert!(open > 0);
}

#[test]
fn any_prices_prove_a_bound() {
    let mut dice = Dice(11);
    for _ in 0..200 {
        let problem = problem(&mut dice);
        let Some(value) = all(&problem) else { continue };
        let mut prices = Prices::new(problem.budgets.len());
        for (at, budget) in problem.budgets.iter().enumerate() {
            let price = [0.0, 0.5, 3.0, 1e30, f64::NAN, -4.0][usize::try_from(dice.below(6)).unwrap()];
            prices.set(at, *budget, price);
        }
        assert!(prices.bound(&problem) >= value, "{problem:?}");
    }
}

#[test]
fn the_same_question_has_the_same_answer() {
    let mut dice = Dice(5);
    for _ in 0..50 {
        let problem = problem(&mut dice);
        let answer = || best(&problem, &[], Effort { steps: 1 }, &mut |_| true);
        assert_eq!(answer(), answer());
    }
}

#[test]
fn what_contradicts_itself_is_refused() {
    let item = |needs: &[(usize, i64)]| Item { value: 1, needs: needs.to_vec(), order: Order::Taken };
    let fault = |items: Vec<Item>, budgets: &[i64]| Problem { items, budgets: budgets.to_vec() }.check().unwrap_err();

    assert_eq!(fault(vec![item(&[(0, 5)])], &[3]), Fault::TakenAboveBudget { budget: 0, missing: 2 });
    assert_eq!(fault(vec![item(&[(1, 5)])], &[3]), Fault::Needs { item: 0 });
    assert_eq!(fault(vec![item(&[(0, 1), (0, 1)])], &[3]), Fault::Needs { item: 0 });
    assert_eq!(fault(vec![item(&[(0, 0)])], &[3]), Fault::Item { item: 0 });
    assert_eq!(fault(vec![], &[-1]), Fault::Budget { budget: 0 });
}
