//! The ceilings and their edges.

use super::*;

/// The class of an enterprise alone, by hundredths of persons and cents.
fn class(headcount: i64, turnover: i64, balance: i64) -> Class {
    let money = |minor| Money::new(minor, Currency::Eur);
    let (turnover, balance) = (money(turnover), money(balance));
    let own = Accounts { headcount, turnover, balance, ..accounts(1, 0, 0, 0) };
    assessed(&Ownership::new(firms(1), vec![]).unwrap(), &[own]).class.unwrap()
}

#[test]
fn persons_must_be_fewer_and_one_amount_no_more() {
    const M: i64 = 100_000_000;
    for (persons, turnover, balance, expected) in [
        (999, 2 * M, 9 * M, Class::Micro),
        (1_000, 2 * M, 2 * M, Class::Small),
        (999, 2 * M + 1, 2 * M + 1, Class::Small),
        (4_999, 10 * M + 1, 10 * M, Class::Small),
        (5_000, 0, 0, Class::Medium),
        (24_999, 50 * M, 99 * M, Class::Medium),
        (24_999, 99 * M, 43 * M, Class::Medium),
        (24_999, 50 * M + 1, 43 * M + 1, Class::NotSme),
        (25_000, 0, 0, Class::NotSme),
    ] {
        assert_eq!(class(persons, turnover, balance), expected, "{persons} {turnover} {balance}");
    }
}

#[test]
fn the_binding_figure_is_the_one_that_keeps_from_the_smaller_class() {
    let graph = Ownership::new(firms(1), vec![]).unwrap();
    let persons = assessed(&graph, &[accounts(1, 60, 1, 1)]);
    assert_eq!(persons.binding.map(|b| (b.class, b.measure)), Some((Class::Small, Measure::Headcount)));
    // Both amounts are over; the balance is nearer to its ceiling, so it binds.
    let money = assessed(&graph, &[accounts(1, 20, 30, 11)]);
    assert_eq!(money.binding.map(|b| (b.class, b.measure)), Some((Class::Small, Measure::Balance)));
    assert_eq!(money.binding.unwrap().figure.to_string(), "11\u{a0}000\u{a0}000\u{a0}EUR");
    let micro = assessed(&graph, &[accounts(1, 9, 1, 1)]);
    assert_eq!((micro.binding, micro.nearest.map(|b| b.measure)), (None, Some(Measure::Headcount)));
}

#[test]
fn before_the_recommendation_there_is_no_answer() {
    let graph = Ownership::new(firms(1), vec![]).unwrap();
    let list = [in_year(2003, accounts(1, 5, 1, 1))];
    let on = |on| assess(&Case { graph: &graph, enterprise: Node(1), accounts: &list, on });
    assert_eq!(on(day("2004-12-31")).findings[0].code, "no_law_on_day");
    assert_eq!(on(day("2005-01-01")).class, Some(Class::Micro));
}

#[test]
fn work_units_leave_out_apprentices_and_leave() {
    let worked = |staff, percent, days| Worked { staff, time: Share::percent(percent), days };
    let list = [
        worked(Staff::Employee, 100, 365),
        worked(Staff::Employee, 50, 365),
        worked(Staff::LikeEmployee, 100, 73),
        worked(Staff::OwnerManager, 100, 365),
        worked(Staff::Apprentice, 100, 365),
        worked(Staff::ParentalLeave, 100, 365),
    ];
    assert_eq!(annual_work_units(&list, 365), 270);
}
