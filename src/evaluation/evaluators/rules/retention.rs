//! How long a profile is kept (GDPR, Article 5(1)(e): no longer than is needed).

use chrono::{DateTime, Months, Utc};
use entity::types::ids::EvaluatorId;

/// Months after the end of an evaluator's last call, or after a renewal, until the profile is erased.
pub const KEPT_MONTHS: u32 = 24;

/// Whether a profile is to be erased now; `last` is the end of the last call or the last renewal.
pub fn overdue(last: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    last.checked_add_months(Months::new(KEPT_MONTHS)).is_some_and(|end| end <= now)
}

/// What stands in the place of a name that was erased; the same for all sheets of one person.
pub fn pseudonym(id: EvaluatorId) -> String {
    let id = id.to_string();
    let tail: String = id.chars().skip(id.len().saturating_sub(6)).collect();
    format!("Evaluator {}", tail.to_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_years_after_the_last_call_a_profile_goes() {
        let last: DateTime<Utc> = "2018-03-31T12:00:00Z".parse().unwrap();
        assert!(!overdue(last, "2020-03-31T11:59:59Z".parse().unwrap()));
        assert!(overdue(last, "2020-03-31T12:00:00Z".parse().unwrap()));
        let id = "019300aa-0000-7000-8000-0000000abcde".parse().unwrap();
        assert_eq!(pseudonym(id), "Evaluator 0ABCDE");
    }
}
