//! How values are written on pages: amounts, days, instants, ages, shares, states.

use chrono::{DateTime, NaiveDate, SecondsFormat, TimeDelta, Utc};
use chrono_tz::Tz;
use entity::types::period::{self, Deadline};
use entity::types::{decimal, money::Money, share::Share};
use std::borrow::Borrow;

/// An amount with its currency, with spaces that do not break: `450 000 EUR`.
pub fn money(amount: impl Borrow<Money>) -> String {
    amount.borrow().to_string()
}

/// A whole number in groups of three.
pub fn number(value: impl Borrow<i64>) -> String {
    decimal::grouped(*value.borrow())
}

/// A share as a percentage: `12.5 %`.
pub fn percent(share: impl Borrow<Share>) -> String {
    share.borrow().to_string()
}

/// How much a part is of a whole, in whole per cent rounded down; nothing of nothing is a dash.
pub fn ratio(part: i64, whole: i64) -> String {
    if whole <= 0 {
        return "–".to_owned();
    }
    format!("{}\u{a0}%", i128::from(part) * 100 / i128::from(whole))
}

/// A day in words: `31 October 2017`.
pub fn day(date: impl Borrow<NaiveDate>) -> String {
    period::day(*date.borrow())
}

/// An instant with its zone: `31 October 2017, 16:00 CET (Europe/Oslo)`.
pub fn instant(at: impl Borrow<DateTime<Utc>>, zone: impl Borrow<Tz>) -> String {
    period::in_zone(*at.borrow(), *zone.borrow())
}

/// An instant as a column of a list has room for it: `31 Oct 2017, 15:00 UTC`.
pub fn stamp(at: impl Borrow<DateTime<Utc>>) -> String {
    at.borrow().format("%-d\u{a0}%b\u{a0}%Y, %H:%M\u{a0}UTC").to_string()
}

/// An instant for machines, as `<time datetime>` wants it.
pub fn iso(at: impl Borrow<DateTime<Utc>>) -> String {
    at.borrow().to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// The instant a deadline falls on, for machines.
pub fn deadline_iso(deadline: impl Borrow<Deadline>) -> String {
    iso(deadline.borrow().instant())
}

/// How long ago something was, roughly: `5 minutes ago`, `yesterday`, or the day.
pub fn age(at: impl Borrow<DateTime<Utc>>, now: impl Borrow<DateTime<Utc>>) -> String {
    let past = *now.borrow() - *at.borrow();
    if past < TimeDelta::zero() {
        return day(at.borrow().date_naive());
    }
    match (past.num_minutes(), past.num_hours(), past.num_days()) {
        (0, ..) => "just now".to_owned(),
        (minutes, 0, _) => format!("{} ago", count(minutes, "minute", "minutes")),
        (_, hours, 0) => format!("{} ago", count(hours, "hour", "hours")),
        (_, _, 1) => "yesterday".to_owned(),
        (_, _, days @ 2..=13) => format!("{days}\u{a0}days ago"),
        _ => day(at.borrow().date_naive()),
    }
}

/// What is left until an instant: `12 days left`, `5 hours left`, `closed`.
pub fn left(at: impl Borrow<DateTime<Utc>>, now: impl Borrow<DateTime<Utc>>) -> String {
    let rest = *at.borrow() - *now.borrow();
    if rest < TimeDelta::zero() {
        return "closed".to_owned();
    }
    match (rest.num_days(), rest.num_hours(), rest.num_minutes()) {
        (0, 0, minutes) => format!("{} left", count(minutes.max(1), "minute", "minutes")),
        (days, hours, _) if days < 3 => format!("{} left", count(hours, "hour", "hours")),
        (days, ..) => format!("{} left", count(days, "day", "days")),
    }
}

/// A number with its noun: `1 proposal`, `3 proposals`.
pub fn count(n: impl Borrow<i64>, one: &str, many: &str) -> String {
    let n = *n.borrow();
    format!("{}\u{a0}{}", decimal::grouped(n), if n == 1 { one } else { many })
}

/// The size of a file: `1.4 MB`.
pub fn size(bytes: impl Borrow<i64>) -> String {
    let bytes = (*bytes.borrow()).max(0);
    match bytes {
        0..1_000 => count(bytes, "byte", "bytes"),
        1_000..1_000_000 => format!("{}\u{a0}kB", bytes / 1_000),
        _ => format!("{}\u{a0}MB", decimal::plain(bytes / 100_000, 1)),
    }
}

/// How a state is coloured and which shape stands before its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Not begun, or over and done with: a ring.
    Neutral,
    /// Going on: a half-filled disc.
    Info,
    /// Somebody has to act: a triangle.
    Warning,
    /// Reached: a tick.
    Success,
    /// Refused or failed: a cross.
    Danger,
}

impl Tone {
    /// The word style sheets know the tone by.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Success => "success",
            Self::Danger => "danger",
        }
    }

    /// The outline of the shape in a square of 12.
    pub const fn shape(self) -> &'static str {
        match self {
            Self::Neutral => "M6 1.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9z",
            Self::Info => "M6 1.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM6 3v6a3 3 0 0 0 0-6z",
            Self::Warning => "M6 1.5 11 10.5H1z",
            Self::Success => "M1.5 6.5 4.5 9.5 10.5 2.5",
            Self::Danger => "M2 2 10 10M10 2 2 10",
        }
    }
}

/// The tone of a state's word, whichever object it belongs to.
pub fn tone(word: impl AsRef<str>) -> Tone {
    match word.as_ref() {
        "complete" | "accepted" | "awarded" | "fund" | "eligible" | "active" | "signed" | "confirmed" | "approved"
        | "released" | "sent" | "done" | "recommended" | "contracted" | "fixed" | "ready" | "deployed" | "adopted" => {
            Tone::Success
        }
        "open" | "announced" | "submitted" | "in_progress" | "evaluating" | "ranked" | "decided" | "agency_review"
        | "running" | "queued" | "computing" | "computed" => Tone::Info,
        "pending" | "asked" | "invited" | "due" | "overdue" | "returned" | "reserve" | "proposed" | "requested"
        | "held" | "attention" | "reduced" => Tone::Warning,
        "ineligible" | "rejected" | "reject" | "not_recommended" | "refused" | "declined" | "conflicted" | "failed"
        | "locked" => Tone::Danger,
        _ => Tone::Neutral,
    }
}

/// The tone of a task's state; an open task is one nobody has begun.
pub fn task_tone(word: impl AsRef<str>) -> Tone {
    match word.as_ref() {
        "open" => Tone::Neutral,
        other => tone(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use entity::types::money::Currency;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().with_timezone(&Utc)
    }

    #[test]
    fn ages_and_rests_are_rough() {
        let now = at("2017-10-31T15:00:00Z");
        assert_eq!(age(at("2017-10-31T14:59:40Z"), now), "just now");
        assert_eq!(age(at("2017-10-31T14:55:00Z"), now), "5\u{a0}minutes ago");
        assert_eq!(age(at("2017-10-30T12:00:00Z"), now), "yesterday");
        assert_eq!(age(at("2017-09-01T12:00:00Z"), now), "1 September 2017");
        assert_eq!(left(at("2017-11-12T16:00:00Z"), now), "12\u{a0}days left");
        assert_eq!(left(at("2017-11-01T16:00:00Z"), now), "25\u{a0}hours left");
        assert_eq!(left(at("2017-10-31T15:00:30Z"), now), "1\u{a0}minute left");
        assert_eq!(left(at("2017-10-31T14:59:59Z"), now), "closed");
    }

    #[test]
    fn values_are_written_for_people() {
        assert_eq!(money(Money::new(45_000_000, Currency::Eur)), "450\u{a0}000\u{a0}EUR");
        assert_eq!(percent(Share::percent(50)), "50\u{a0}%");
        assert_eq!(ratio(1, 3), "33\u{a0}%");
        assert_eq!(ratio(0, 0), "–");
        assert_eq!(size(1_449_000), "1.4\u{a0}MB");
        assert_eq!(size(999), "999\u{a0}bytes");
        assert_eq!(count(1, "proposal", "proposals"), "1\u{a0}proposal");
        assert_eq!(instant(at("2017-10-31T15:00:00Z"), Tz::Europe__Oslo), "31 October 2017, 16:00 CET (Europe/Oslo)");
    }

    #[test]
    fn every_tone_has_its_own_shape() {
        let all = [Tone::Neutral, Tone::Info, Tone::Warning, Tone::Success, Tone::Danger];
        for (i, one) in all.iter().enumerate() {
            assert!(all[i + 1..].iter().all(|other| other.shape() != one.shape() && other.name() != one.name()));
        }
    }
}
