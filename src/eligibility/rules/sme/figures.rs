//! The three figures of an enterprise, and their exact sum over a group.

use super::super::ownership::Node;
use chrono::{Months, NaiveDate};
use entity::types::money::{Currency, Money};
use std::collections::BTreeMap;

/// What one enterprise had in one accounting period, on an annual basis (Annex Article 4(1)), in euro.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accounts {
    pub node: Node,
    pub closed_on: NaiveDate,
    /// Annual work units in hundredths.
    pub headcount: i64,
    /// Without VAT and other indirect taxes.
    pub turnover: Money,
    pub balance: Money,
    /// Whose data these accounts include by consolidation.
    pub includes: Vec<Node>,
    /// An estimate in good faith, because no accounts are approved yet (Annex Article 4(3)).
    pub estimated: bool,
}

impl Accounts {
    /// Whether all three figures can be used: in euro and not negative.
    pub fn usable(&self) -> bool {
        let euro = |money: Money| money.currency == Currency::Eur && money.minor >= 0;
        self.headcount >= 0 && euro(self.turnover) && euro(self.balance)
    }
}

/// Everybody's usable accounts, by enterprise.
#[derive(Debug)]
pub struct Books<'a>(BTreeMap<Node, Vec<&'a Accounts>>);

impl<'a> Books<'a> {
    pub fn of(accounts: &'a [Accounts]) -> Self {
        let mut books: BTreeMap<Node, Vec<&Accounts>> = BTreeMap::new();
        for one in accounts.iter().filter(|one| one.usable()) {
            books.entry(one.node).or_default().push(one);
        }
        Self(books)
    }

    /// The accounts of an enterprise that go with a period: the latest closed in the year up to its end.
    pub fn at(&self, node: Node, closed_on: NaiveDate) -> Option<&'a Accounts> {
        let year_before = closed_on.checked_sub_months(Months::new(12))?;
        let fits = |one: &&&Accounts| one.closed_on <= closed_on && one.closed_on > year_before;
        self.0.get(&node)?.iter().filter(fits).max_by_key(|one| one.closed_on).copied()
    }
}

/// Into how many parts hundredths of a person and cents are cut, so that a share of them is whole.
pub const PARTS: i128 = 10_000;

/// Exact sums: ten-thousandths of hundredths of annual work units, and of cents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Total {
    pub headcount: i128,
    pub turnover: i128,
    pub balance: i128,
}

impl Total {
    /// This many basis points of an enterprise's figures.
    pub fn of(accounts: &Accounts, basis_points: i64) -> Self {
        let part = |figure: i64| i128::from(figure) * i128::from(basis_points);
        Self {
            headcount: part(accounts.headcount),
            turnover: part(accounts.turnover.minor),
            balance: part(accounts.balance.minor),
        }
    }

    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            headcount: self.headcount + other.headcount,
            turnover: self.turnover + other.turnover,
            balance: self.balance + other.balance,
        }
    }

    /// Hundredths of annual work units, rounded down: below a whole ceiling exactly when the sum is.
    pub fn staff(self) -> i64 {
        i64::try_from(self.headcount.div_euclid(PARTS)).unwrap_or(i64::MAX)
    }

    /// Rounded up to the cent: above a ceiling exactly when the sum is.
    pub fn turnover(self) -> Money {
        euro_up(self.turnover)
    }

    /// Rounded up to the cent: above a ceiling exactly when the sum is.
    pub fn balance(self) -> Money {
        euro_up(self.balance)
    }
}

fn euro_up(parts: i128) -> Money {
    let cents = (parts + PARTS - 1).div_euclid(PARTS);
    Money::new(i64::try_from(cents).unwrap_or(i64::MAX), Currency::Eur)
}
