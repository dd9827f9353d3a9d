//! The four stages of the demo: the same call at four moments.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

/// A moment in the life of the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    Open,
    Evaluating,
    Decided,
    Reporting,
}

impl Stage {
    /// All stages, the first one a visitor sees first.
    pub const ALL: [Self; 4] = [Self::Open, Self::Evaluating, Self::Decided, Self::Reporting];

    /// The word in cookies, headers and folders.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Evaluating => "evaluating",
            Self::Decided => "decided",
            Self::Reporting => "reporting",
        }
    }

    /// The words people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Open => "The call is open (October 2017)",
            Self::Evaluating => "Evaluation (November 2017)",
            Self::Decided => "Decided (January 2018)",
            Self::Reporting => "Reporting (September 2018)",
        }
    }

    /// What its clock shows when the demo starts.
    pub fn instant(self) -> DateTime<Utc> {
        match self {
            Self::Open => at(2017, 10, 16, 9),
            Self::Evaluating => at(2017, 11, 20, 9),
            Self::Decided => at(2018, 1, 12, 9),
            Self::Reporting => at(2018, 9, 10, 9),
        }
    }
}

/// A full hour of a day, in UTC.
pub fn at(year: i32, month: u32, day: u32, hour: u32) -> DateTime<Utc> {
    let day = NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default();
    day.and_time(NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default()).and_utc()
}
