//! The regulations by date: ceiling, window, and when an award leaves it.

use super::super::finding::Source;
use chrono::{Datelike, Months, NaiveDate};
use entity::types::money::{Currency, Money};

/// When the undertaking's fiscal year begins: the first day of this month, 1 to 12.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FiscalYear {
    first_month: u32,
}

impl Default for FiscalYear {
    fn default() -> Self {
        Self { first_month: 1 }
    }
}

impl FiscalYear {
    /// None when there is no such month.
    pub fn from_month(first_month: u32) -> Option<Self> {
        (1..=12).contains(&first_month).then_some(Self { first_month })
    }

    /// The calendar year in which the fiscal year of a day began.
    pub fn of(self, day: NaiveDate) -> i32 {
        day.year() - i32::from(day.month() < self.first_month)
    }

    /// The first day of the fiscal year that begins in a calendar year.
    pub fn begins(self, year: i32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, self.first_month, 1).unwrap_or(NaiveDate::MAX)
    }
}

/// How far back awards count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// So many years to the day (Regulation (EU) 2023/2831, Article 3(2) and recital 11).
    Rolling(u32),
    /// The fiscal year of the grant and those before it, so many in all (Regulation (EU) No 1407/2013, Article 3(2)).
    FiscalYears(i32),
}

#[derive(Debug, PartialEq, Eq)]
pub struct Law {
    pub act: &'static str,
    pub from: NaiveDate,
    pub until: NaiveDate,
    /// Until when schemes may still grant; the same as `until` where another law follows at once.
    pub grace_until: NaiveDate,
    /// Euro.
    pub ceiling: i64,
    /// For undertakings that carry goods by road for hire or reward.
    pub road_freight: i64,
    pub window: Window,
    /// Where export aid and aid for domestic goods are excluded.
    pub export: &'static str,
    pub domestic: &'static str,
}

const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// The latest first; a new regulation is one more entry.
pub static LAWS: [Law; 2] = [
    Law {
        act: "Regulation (EU) 2023/2831",
        from: day(2024, 1, 1),
        until: day(2030, 12, 31),
        grace_until: day(2031, 6, 30),
        ceiling: 300_000,
        road_freight: 300_000,
        window: Window::Rolling(3),
        export: "Article 1(1)(e)",
        domestic: "Article 1(1)(f)",
    },
    Law {
        act: "Regulation (EU) No 1407/2013",
        from: day(2014, 1, 1),
        until: day(2023, 12, 31),
        grace_until: day(2023, 12, 31),
        ceiling: 200_000,
        road_freight: 100_000,
        window: Window::FiscalYears(3),
        export: "Article 1(1)(d)",
        domestic: "Article 1(1)(e)",
    },
];

impl Law {
    /// The law of a grant date; none before 2014 and after the last grace.
    pub fn on(day: NaiveDate) -> Option<&'static Self> {
        LAWS.iter().find(|law| law.from <= day && day <= law.grace_until)
    }

    pub fn source(&self, place: &'static str) -> Source {
        Source::new(self.act, place)
    }

    pub fn ceiling(&self, road_freight: bool) -> Money {
        let euro = if road_freight { self.road_freight } else { self.ceiling };
        Money::new(euro * 100, Currency::Eur)
    }

    /// The first day on which an award no longer counts.
    ///
    /// Rolling years end with the day of the same date, because the day of the grant itself is not counted (Regulation
    /// (EEC, Euratom) No 1182/71, Article 3(1) and (2)(c)): an award of 15 March 2021 still counts on 15 March 2024 and
    /// is gone on the 16th; one of 29 February is gone on 1 March. The regulation does not say so itself; this is the
    /// reading that never grants too much.
    pub fn leaves(&self, granted_on: NaiveDate, fiscal: FiscalYear) -> NaiveDate {
        match self.window {
            Window::Rolling(years) => granted_on
                .checked_add_months(Months::new(12 * years))
                .and_then(|last| last.succ_opt())
                .unwrap_or(NaiveDate::MAX),
            Window::FiscalYears(count) => fiscal.begins(fiscal.of(granted_on) + count),
        }
    }
}
