//! The ceilings of each class, dated, and which figure decides.

use super::super::finding::Value;
use super::figures::{PARTS, Total};
use chrono::NaiveDate;
use entity::types::money::{Currency, Money};

/// The class of an enterprise, the smallest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    Micro,
    Small,
    Medium,
    NotSme,
}

impl Class {
    pub const fn is_sme(self) -> bool {
        !matches!(self, Self::NotSme)
    }

    /// The word for data.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Micro => "micro",
            Self::Small => "small",
            Self::Medium => "medium",
            Self::NotSme => "not_sme",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Measure {
    Headcount,
    Turnover,
    Balance,
}

/// What an enterprise of a class may have: fewer persons, and no more turnover or no more balance (Annex Article 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ceiling {
    pub class: Class,
    /// Fewer annual work units than this.
    pub persons: i64,
    /// Euro.
    pub turnover: i64,
    pub balance: i64,
}

/// The ceilings in force from a day on.
#[derive(Debug, PartialEq, Eq)]
pub struct Law {
    pub from: NaiveDate,
    /// The smallest class first.
    pub ceilings: [Ceiling; 3],
}

/// The latest first; a change of the ceilings is one more entry.
static LAWS: [Law; 1] = [Law {
    from: NaiveDate::from_ymd_opt(2005, 1, 1).unwrap(),
    ceilings: [
        Ceiling { class: Class::Micro, persons: 10, turnover: 2_000_000, balance: 2_000_000 },
        Ceiling { class: Class::Small, persons: 50, turnover: 10_000_000, balance: 10_000_000 },
        Ceiling { class: Class::Medium, persons: 250, turnover: 50_000_000, balance: 43_000_000 },
    ],
}];

impl Law {
    /// The ceilings in force on a day; none before the Recommendation applied (its Article 3: 1 January 2005).
    pub fn on(day: NaiveDate) -> Option<&'static Self> {
        LAWS.iter().find(|law| law.from <= day)
    }

    /// The smallest class whose ceiling holds.
    pub fn class(&self, total: Total) -> Class {
        self.ceilings.iter().find(|ceiling| ceiling.holds(total)).map_or(Class::NotSme, |ceiling| ceiling.class)
    }

    /// Why these figures are in no smaller class; none for the smallest.
    pub fn why_not_smaller(&self, total: Total) -> Option<Binding> {
        let class = self.class(total);
        self.ceilings.iter().rev().find(|ceiling| ceiling.class < class).map(|ceiling| ceiling.broken_by(total))
    }

    /// Which figure stands nearest to leaving the class; none when there is no class to leave.
    pub fn nearest(&self, total: Total) -> Option<Binding> {
        let class = self.class(total);
        self.ceilings.iter().find(|ceiling| ceiling.class == class).map(|ceiling| ceiling.nearest(total))
    }
}

/// The figure that decides, and the ceiling it is measured by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Binding {
    /// Whose ceiling.
    pub class: Class,
    pub measure: Measure,
    pub figure: Value,
    pub ceiling: Value,
}

impl Ceiling {
    fn staff(self) -> i128 {
        i128::from(self.persons) * 100 * PARTS
    }

    fn money(self, measure: Measure) -> i128 {
        i128::from(if measure == Measure::Turnover { self.turnover } else { self.balance }) * 100 * PARTS
    }

    /// Headcount must hold; of the two amounts one is enough.
    pub fn holds(self, total: Total) -> bool {
        let money = total.turnover <= self.money(Measure::Turnover) || total.balance <= self.money(Measure::Balance);
        total.headcount < self.staff() && money
    }

    /// Of the two amounts the one nearer to its ceiling from above, or further below it: the one that saves.
    fn saving(self, total: Total) -> Measure {
        let turnover = total.turnover * self.money(Measure::Balance);
        let balance = total.balance * self.money(Measure::Turnover);
        if turnover <= balance { Measure::Turnover } else { Measure::Balance }
    }

    fn broken_by(self, total: Total) -> Binding {
        let staff = total.headcount >= self.staff();
        self.binding(total, if staff { Measure::Headcount } else { self.saving(total) })
    }

    fn nearest(self, total: Total) -> Binding {
        let saving = self.saving(total);
        let amount = if saving == Measure::Turnover { total.turnover } else { total.balance };
        let staff = total.headcount * self.money(saving) >= amount * self.staff();
        self.binding(total, if staff { Measure::Headcount } else { saving })
    }

    fn binding(self, total: Total, measure: Measure) -> Binding {
        let euro = |whole: i64| Value::Money(Money::new(whole * 100, Currency::Eur));
        let (figure, ceiling) = match measure {
            Measure::Headcount => (Value::Hundredths(total.staff()), Value::Hundredths(self.persons * 100)),
            Measure::Turnover => (Value::Money(total.turnover()), euro(self.turnover)),
            Measure::Balance => (Value::Money(total.balance()), euro(self.balance)),
        };
        Binding { class: self.class, measure, figure, ceiling }
    }
}
