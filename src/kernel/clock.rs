//! The time, as a parameter.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use std::sync::RwLock;

/// Where "now" comes from.
pub trait Clock: Send + Sync {
    /// The current instant in whole microseconds: PostgreSQL keeps no more, and both databases must agree.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(6)
    }
}

/// A clock that runs beside the machine's: the demo lives in 2017, tests jump past deadlines.
pub struct ShiftedClock(RwLock<TimeDelta>);

impl ShiftedClock {
    /// A clock that shows this instant now and runs on from there.
    pub fn starting_at(instant: DateTime<Utc>) -> Self {
        Self(RwLock::new(instant - SystemClock.now()))
    }

    /// Jumps to another instant.
    pub fn set(&self, instant: DateTime<Utc>) {
        if let Ok(mut shift) = self.0.write() {
            *shift = instant - SystemClock.now();
        }
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> DateTime<Utc> {
        let shift = self.0.read().map_or_else(|poisoned| *poisoned.into_inner(), |shift| *shift);
        SystemClock.now() + shift
    }
}
