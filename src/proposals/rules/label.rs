//! The cluster management label some agencies demand (Denmark 2013: bronze; domain.md 4).

use super::Finding;
use crate::clusters::labels::rules::{in_renewal_window, renewal_ends};
use chrono::NaiveDate;
use entity::types::{period, states::LabelLevel, terms::AnnexTerms};

/// Checks the best label the applicant holds, with the last day it is valid, on the day of submission.
pub fn check_label(annex: &AnnexTerms, held: Option<(LabelLevel, NaiveDate)>, on: NaiveDate) -> Vec<Finding> {
    let Some(wanted) = annex.label else { return Vec::new() };
    let error = |code, message: String| vec![Finding::error(code, "label", message)];
    match held {
        None => error("label.none", format!("The agency demands a {} label", wanted.label().to_lowercase())),
        Some((level, _)) if level < wanted => {
            error("label.level", format!("The agency demands {}; the label held is {}", wanted.label(), level.label()))
        }
        Some((_, until)) if until >= on => Vec::new(),
        Some((_, until)) if in_renewal_window(until, on) => error(
            "label.expired",
            format!(
                "The label expired on {}; it can be renewed until {}",
                period::day(until),
                period::day(renewal_ends(until))
            ),
        ),
        Some((_, until)) => error("label.expired", format!("The label expired on {}", period::day(until))),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{annex, codes};
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_label_counts_on_its_last_day_and_a_higher_one_suffices() {
        let on = day("2017-10-31");
        let check = |level, until: &str| check_label(&annex("dk-sfu"), Some((level, day(until))), on);

        assert_eq!(check(LabelLevel::Bronze, "2017-10-31"), vec![]);
        assert_eq!(check(LabelLevel::Gold, "2018-01-31"), vec![]);
        assert_eq!(
            check(LabelLevel::Bronze, "2017-10-30")[0].message,
            "The label expired on 30 October 2017; it can be renewed until 30 October 2018"
        );
        assert_eq!(check(LabelLevel::Bronze, "2016-10-30")[0].message, "The label expired on 30 October 2016");
        assert_eq!(codes(&check_label(&annex("dk-sfu"), None, on)), ["label.none"]);
        assert_eq!(check_label(&annex("se-vinnova"), None, on), vec![]);
    }

    #[test]
    fn a_lower_label_does_not_suffice() {
        let mut gold = annex("dk-sfu");
        gold.label = Some(LabelLevel::Gold);
        let found = check_label(&gold, Some((LabelLevel::Silver, day("2018-01-01"))), day("2017-10-31"));
        assert_eq!(found[0].message, "The agency demands Gold; the label held is Silver");
    }
}
