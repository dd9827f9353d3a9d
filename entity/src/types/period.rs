//! Instants with the zone people see them in, and periods of days.

use super::BadValue;
use chrono::{DateTime, LocalResult, NaiveDate, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A closing time as its agency writes it: local time and zone. It closes at that very second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    /// Local time on the agency's wall.
    pub local: NaiveDateTime,
    /// IANA zone, for example Europe/Vilnius.
    pub zone: Tz,
}

impl Deadline {
    /// The instant; in the hour that happens twice, the later one; in the hour that is skipped, the hour after.
    pub fn instant(&self) -> DateTime<Utc> {
        match self.zone.from_local_datetime(&self.local) {
            LocalResult::Single(at) => at.with_timezone(&Utc),
            LocalResult::Ambiguous(_, later) => later.with_timezone(&Utc),
            LocalResult::None => {
                let later = self.local + chrono::TimeDelta::hours(1);
                self.zone
                    .from_local_datetime(&later)
                    .latest()
                    .map_or_else(|| self.local.and_utc(), |at| at.with_timezone(&Utc))
            }
        }
    }

    /// What arrives in the closing second itself is still in time.
    pub fn passed(&self, now: DateTime<Utc>) -> bool {
        now >= self.instant() + chrono::TimeDelta::seconds(1)
    }
}

impl fmt::Display for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&in_zone(self.instant(), self.zone))
    }
}

/// An instant for people: `31 October 2017, 16:00 EET (Europe/Vilnius)`.
pub fn in_zone(at: DateTime<Utc>, zone: Tz) -> String {
    let local = at.with_timezone(&zone);
    let seconds = if local.format("%S").to_string() == "00" { "%H:%M" } else { "%H:%M:%S" };
    format!("{} ({})", local.format(&format!("%-d %B %Y, {seconds} %Z")), zone.name())
}

/// A day in words: `31 October 2017`.
pub fn day(date: NaiveDate) -> String {
    date.format("%-d %B %Y").to_string()
}

/// Reads a date as `2017-10-31`, `31.10.2017` or `31/10/2017`, between the years 1900 and 2200.
///
/// # Errors
/// When the text is no such date.
pub fn parse_day(text: &str) -> Result<NaiveDate, BadValue> {
    use chrono::Datelike;
    let text = text.trim();
    ["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"]
        .iter()
        .find_map(|form| NaiveDate::parse_from_str(text, form).ok())
        .filter(|date| (1900..=2200).contains(&date.year()))
        .ok_or_else(|| BadValue::new("Enter a date, for example 2017-10-31"))
}

/// Reads a local date and time as `2017-10-31T16:00` or `2017-10-31 16:00`, seconds optional.
///
/// # Errors
/// When the text is no such time.
pub fn parse_local(text: &str) -> Result<NaiveDateTime, BadValue> {
    let text = text.trim().replace(' ', "T");
    ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(&text, form).ok())
        .ok_or_else(|| BadValue::new("Enter date and time, for example 2017-10-31 16:00"))
}

/// Reads an IANA time zone name.
///
/// # Errors
/// When no such zone is known.
pub fn parse_zone(text: &str) -> Result<Tz, BadValue> {
    text.trim().parse().map_err(|_| BadValue::new("Choose a time zone such as Europe/Oslo"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_is_the_agencys_wall_clock() {
        let at = |zone: Tz| Deadline { local: parse_local("2017-10-31 16:00").unwrap(), zone };
        assert_eq!(at(Tz::Europe__Vilnius).instant().to_rfc3339(), "2017-10-31T14:00:00+00:00");
        assert_eq!(at(Tz::Europe__Oslo).instant().to_rfc3339(), "2017-10-31T15:00:00+00:00");
        assert_eq!(at(Tz::Europe__Oslo).to_string(), "31 October 2017, 16:00 CET (Europe/Oslo)");
    }

    #[test]
    fn the_closing_second_is_still_in_time() {
        let deadline = Deadline { local: parse_local("2017-10-31 16:00").unwrap(), zone: Tz::Europe__Oslo };
        let closing = deadline.instant();
        assert!(!deadline.passed(closing + chrono::TimeDelta::milliseconds(999)));
        assert!(deadline.passed(closing + chrono::TimeDelta::seconds(1)));
    }

    #[test]
    fn the_skipped_and_the_doubled_hour_have_an_answer() {
        let zone = Tz::Europe__Oslo;
        let skipped = Deadline { local: parse_local("2017-03-26 02:30").unwrap(), zone };
        assert_eq!(skipped.instant().to_rfc3339(), "2017-03-26T01:30:00+00:00");
        let doubled = Deadline { local: parse_local("2017-10-29 02:30").unwrap(), zone };
        assert_eq!(doubled.instant().to_rfc3339(), "2017-10-29T01:30:00+00:00");
    }
}
