//! The register's days: entry, keeping, the yearly report, and until when a declaration is asked for.

use crate::eligibility::rules::de_minimis::Award;
use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use std::collections::BTreeSet;

/// Public holidays of the granting authority; weekends are none.
pub type Calendar = BTreeSet<NaiveDate>;

/// What follows from one award for the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duties {
    /// The last day to enter it; none when it was granted before there was a register.
    pub enter_by: Option<NaiveDate>,
    pub keep_until: NaiveDate,
    /// When the year's figures with it go to the Commission; none before there was a register.
    pub reported_by: Option<NaiveDate>,
}

/// The first day of the register (Regulation (EU) 2023/2831, Article 6(1)).
const REGISTER: NaiveDate = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();

/// The days of one award. The register holds what is granted from 1 January 2026 on.
pub fn duties(granted_on: NaiveDate, holidays: &Calendar) -> Duties {
    let registered = granted_on >= REGISTER;
    Duties {
        enter_by: registered.then(|| twenty_working_days(granted_on, holidays)),
        keep_until: keep_until(granted_on),
        reported_by: registered.then(|| report_due(granted_on.year())),
    }
}

/// Twenty working days after the grant, the day of the grant not counted (Article 6(2)).
pub fn twenty_working_days(granted_on: NaiveDate, holidays: &Calendar) -> NaiveDate {
    let working = |day: &NaiveDate| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && !holidays.contains(day);
    granted_on.iter_days().skip(1).filter(working).nth(19).unwrap_or(NaiveDate::MAX)
}

/// Ten years from the day of the grant (Article 6(3)).
pub fn keep_until(granted_on: NaiveDate) -> NaiveDate {
    granted_on.checked_add_months(Months::new(120)).unwrap_or(NaiveDate::MAX)
}

/// The yearly figures are due on 30 June of the next year, first for 2026 (Article 6(6)).
pub fn report_due(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year + 1, 6, 30).unwrap_or(NaiveDate::MAX)
}

/// Whether the authority must ask for a declaration before it grants: until the register covers three years (Article
/// 7(4)), so from its first day on, which Member States may have reached later than 1 January 2026.
pub fn declaration_needed(register_since: Option<NaiveDate>, on: NaiveDate) -> bool {
    let covers = register_since.and_then(|since| since.checked_add_months(Months::new(36)));
    covers.is_none_or(|covers| on < covers)
}

/// What an undertaking declares: the awards of the three years up to a day, the day's own included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// Places of the awards, of all Member States and all de minimis regulations, the oldest first.
    pub awards: Vec<usize>,
}

/// The lines of the declaration (Article 7(4)).
pub fn declared(awards: &[Award], on: NaiveDate) -> Declared {
    let from = on.checked_sub_months(Months::new(36)).unwrap_or(NaiveDate::MIN);
    // The last day of February stands for the 29th where a year has none.
    let short = on.day() == 29 && from.day() == 28;
    let from = if short { from + Days::new(1) } else { from };
    let mut places: Vec<usize> = (0..awards.len()).collect();
    places.retain(|at| (from..=on).contains(&awards[*at].granted_on));
    places.sort_by_key(|at| (awards[*at].granted_on, *at));
    Declared { from, to: on, awards: places }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eligibility::rules::{
        de_minimis::{Rules, Trade},
        ownership::Node,
    };
    use entity::types::money::{Currency, Money};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn twenty_working_days_leave_out_weekends_and_holidays() {
        // Monday, 2 March 2026: four weeks later it is Monday, 30 March.
        assert_eq!(twenty_working_days(day("2026-03-02"), &Calendar::new()), day("2026-03-30"));
        let holidays = Calendar::from([day("2026-03-30"), day("2026-03-14")]);
        assert_eq!(twenty_working_days(day("2026-03-02"), &holidays), day("2026-03-31"));
        assert_eq!(twenty_working_days(day("2026-03-07"), &Calendar::new()), day("2026-04-03"));
    }

    #[test]
    fn the_register_begins_in_2026() {
        let before = duties(day("2025-12-31"), &Calendar::new());
        assert_eq!((before.enter_by, before.reported_by), (None, None));
        let first = duties(day("2026-01-01"), &Calendar::new());
        assert_eq!(first.enter_by, Some(day("2026-01-29")));
        assert_eq!((first.keep_until, first.reported_by), (day("2036-01-01"), Some(day("2027-06-30"))));
    }

    #[test]
    fn a_declaration_is_needed_until_the_register_covers_three_years() {
        let since = Some(day("2026-01-01"));
        assert!(declaration_needed(since, day("2028-12-31")) && !declaration_needed(since, day("2029-01-01")));
        assert!(declaration_needed(None, day("2030-01-01")));
    }

    #[test]
    fn the_declaration_lists_three_years_of_all_states() {
        let award = |on: &str, state: &str| Award {
            granted_on: day(on),
            state: state.parse().unwrap(),
            to: Node(1),
            amount: Money::new(1, Currency::Eur),
            rules: Rules::General,
            trade: Trade::Other,
        };
        let awards = [
            award("2025-06-01", "DK"),
            award("2022-06-01", "SE"),
            award("2022-05-31", "SE"),
            award("2025-06-02", "SE"),
        ];
        let declared = declared(&awards, day("2025-06-01"));
        assert_eq!((declared.from, declared.awards), (day("2022-06-01"), vec![1, 0]));
    }
}
