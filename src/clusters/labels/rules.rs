//! How long a cluster management label is valid and how it is renewed (ECEI, domain.md 4).
//!
//! The first label is valid for two years from the month of the interview. It can be renewed until one year
//! after it expired; the renewal then runs seamlessly for three years from the old date. Later, a cluster
//! starts again with a first label. The rule is stated for bronze and in part for silver; for gold it is assumed.

use chrono::{Datelike, Months, NaiveDate};

/// Whether a label is valid on a day, its first and last day included.
pub fn valid_on(awarded_on: NaiveDate, valid_until: NaiveDate, day: NaiveDate) -> bool {
    awarded_on <= day && day <= valid_until
}

/// The last day of a first label: the end of the month, two years after the interview.
pub fn first_valid_until(interview_on: NaiveDate) -> NaiveDate {
    let later = interview_on.checked_add_months(Months::new(24)).unwrap_or(NaiveDate::MAX);
    let next_month = later.with_day(1).and_then(|first| first.checked_add_months(Months::new(1)));
    next_month.and_then(|first| first.pred_opt()).unwrap_or(later)
}

/// The last day on which an expired label can still be renewed.
pub fn renewal_ends(valid_until: NaiveDate) -> NaiveDate {
    valid_until.checked_add_months(Months::new(12)).unwrap_or(NaiveDate::MAX)
}

/// Whether a label has expired but can still be renewed on this day.
pub fn in_renewal_window(valid_until: NaiveDate, day: NaiveDate) -> bool {
    valid_until < day && day <= renewal_ends(valid_until)
}

/// The last day of a renewed label, counted from the old date; none when the renewal comes too late.
pub fn renewed_until(valid_until: NaiveDate, renewed_on: NaiveDate) -> Option<NaiveDate> {
    if renewed_on > renewal_ends(valid_until) {
        return None;
    }
    valid_until.checked_add_months(Months::new(36))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_first_label_lasts_two_years_from_the_month_of_the_interview() {
        assert_eq!(first_valid_until(day("2015-10-07")), day("2017-10-31"));
        assert_eq!(first_valid_until(day("2016-02-29")), day("2018-02-28"));
        assert!(valid_on(day("2015-10-07"), day("2017-10-31"), day("2017-10-31")));
        assert!(!valid_on(day("2015-10-07"), day("2017-10-31"), day("2017-11-01")));
        assert!(!valid_on(day("2015-10-07"), day("2017-10-31"), day("2015-10-06")));
    }

    #[test]
    fn the_window_for_renewal_is_the_year_after_expiry() {
        let until = day("2017-10-31");
        for (on, open) in [("2017-10-31", false), ("2017-11-01", true), ("2018-10-31", true), ("2018-11-01", false)] {
            assert_eq!(in_renewal_window(until, day(on)), open, "{on}");
        }
    }

    #[test]
    fn a_timely_renewal_loses_no_day_and_wins_none() {
        let until = day("2017-10-31");
        assert_eq!(renewed_until(until, day("2017-09-01")), Some(day("2020-10-31")));
        assert_eq!(renewed_until(until, day("2018-10-31")), Some(day("2020-10-31")));
        assert_eq!(renewed_until(until, day("2018-11-01")), None);
    }
}
