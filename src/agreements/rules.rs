//! What an agreement's dates may be, and which reports follow from them.

use crate::kernel::error::FieldErrors;
use chrono::{Datelike, Months as ChronoMonths, NaiveDate};
use entity::types::{
    states::ReportKind,
    terms::{Months, ReportTerms},
};

/// Checks the dates against the call's duration (12 to 18 months in Innovation Express, IE14-OVW).
pub fn check_dates(duration: Months, starts_on: NaiveDate, ends_on: NaiveDate) -> FieldErrors {
    let mut errors = FieldErrors::default();
    if ends_on <= starts_on {
        errors.add("ends_on", "The end must be after the start");
        return errors;
    }
    let months = whole_months(starts_on, ends_on);
    if months < duration.min || months > duration.max {
        let Months { min, max } = duration;
        errors.add("ends_on", format!("The call allows {min} to {max} months; this is {months}"));
    }
    errors
}

/// Months from one day to another, the last day included: 1 January to 31 December are twelve.
pub fn whole_months(from: NaiveDate, to: NaiveDate) -> u32 {
    let after = to.succ_opt().unwrap_or(to);
    let months = (after.year() - from.year()) * 12 + i32::try_from(after.month()).unwrap_or(0)
        - i32::try_from(from.month()).unwrap_or(0);
    let whole = if after.day() < from.day() { months - 1 } else { months };
    u32::try_from(whole.max(0)).unwrap_or(0)
}

/// A report that will be due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueReport {
    pub kind: ReportKind,
    pub label: String,
    pub due_on: NaiveDate,
}

/// The reports of an agreement: interim ones so many months after the start, the final one at the end.
pub fn schedule(reports: &[ReportTerms], starts_on: NaiveDate, ends_on: NaiveDate) -> Vec<DueReport> {
    let due = |report: &ReportTerms| match report.at_month {
        Some(month) => starts_on.checked_add_months(ChronoMonths::new(month)).unwrap_or(ends_on).min(ends_on),
        None => ends_on,
    };
    let mut all: Vec<DueReport> =
        reports.iter().map(|r| DueReport { kind: r.kind, label: r.label.clone(), due_on: due(r) }).collect();
    all.sort_by_key(|r| (r.due_on, r.kind));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn months_count_the_last_day() {
        for (from, to, months) in [
            ("2018-02-01", "2019-01-31", 12),
            ("2018-02-01", "2019-01-30", 11),
            ("2018-02-15", "2019-02-14", 12),
            ("2018-02-01", "2019-07-31", 18),
        ] {
            assert_eq!(whole_months(day(from), day(to)), months, "{from} {to}");
        }
    }

    #[test]
    fn dates_outside_the_duration_are_refused() {
        let duration = Months { min: 12, max: 18 };
        assert!(check_dates(duration, day("2018-02-01"), day("2019-01-31")).is_empty());
        assert!(check_dates(duration, day("2018-02-01"), day("2018-10-31")).of("ends_on").is_some());
        assert!(check_dates(duration, day("2018-02-01"), day("2018-01-31")).of("ends_on").is_some());
    }

    #[test]
    fn reports_follow_from_the_dates() {
        let terms = [
            ReportTerms { kind: ReportKind::Final, label: "Final".into(), at_month: None },
            ReportTerms { kind: ReportKind::Interim, label: "Interim".into(), at_month: Some(6) },
        ];
        let due: Vec<NaiveDate> =
            schedule(&terms, day("2018-02-01"), day("2019-01-31")).into_iter().map(|r| r.due_on).collect();
        assert_eq!(due, [day("2018-08-01"), day("2019-01-31")]);
    }
}
