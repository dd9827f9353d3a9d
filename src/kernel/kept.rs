//! What this process remembers of what it showed, so that a page many people read is not made again for each.
//!
//! Nothing is taken from here that could be old: a thing is fresh while this process wrote nothing since and a
//! second has not passed (other processes write too); after that its version in the database decides.

use chrono::{DateTime, TimeDelta, Utc};
use std::{
    any::Any,
    collections::HashMap,
    sync::{
        Arc, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

/// How long other processes' changes may go unseen.
const SECOND: TimeDelta = TimeDelta::seconds(1);
/// More things than this are not remembered.
const MOST: usize = 256;

/// The shelf.
#[derive(Default)]
pub struct Kept {
    writes: AtomicU64,
    shelf: RwLock<HashMap<String, Entry>>,
}

struct Entry {
    ticket: Ticket,
    at: DateTime<Utc>,
    version: i64,
    value: Arc<dyn Any + Send + Sync>,
}

/// How much this process had written when somebody began to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticket(u64);

impl Kept {
    /// Notes that something was written.
    pub(super) fn touch(&self) {
        self.writes.fetch_add(1, Ordering::AcqRel);
    }

    /// To be taken before the database is asked, so that what is written meanwhile is not missed.
    pub fn ticket(&self) -> Ticket {
        Ticket(self.writes.load(Ordering::Acquire))
    }

    /// The thing of this name, when it cannot be old.
    pub fn fresh<T: Any + Send + Sync>(&self, name: &str, now: DateTime<Utc>) -> Option<Arc<T>> {
        let shelf = self.shelf.read().ok()?;
        let entry = shelf.get(name)?;
        let young = entry.ticket == self.ticket() && now - entry.at < SECOND && now >= entry.at;
        young.then(|| entry.value.clone().downcast().ok()).flatten()
    }

    /// The thing of this name, when it was made of this version; it is fresh again then.
    pub fn of_version<T: Any + Send + Sync>(
        &self,
        name: &str,
        version: i64,
        ticket: Ticket,
        now: DateTime<Utc>,
    ) -> Option<Arc<T>> {
        let mut shelf = self.shelf.write().ok()?;
        let entry = shelf.get_mut(name).filter(|entry| entry.version == version)?;
        (entry.ticket, entry.at) = (ticket, now);
        entry.value.clone().downcast().ok()
    }

    /// Remembers a thing made of this version.
    pub fn keep<T: Any + Send + Sync>(
        &self,
        name: String,
        version: i64,
        ticket: Ticket,
        now: DateTime<Utc>,
        value: Arc<T>,
    ) {
        if let Ok(mut shelf) = self.shelf.write() {
            if shelf.len() >= MOST {
                shelf.clear();
            }
            shelf.insert(name, Entry { ticket, at: now, version, value });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_is_fresh_until_something_is_written_or_a_second_passes() {
        let kept = Kept::default();
        let now: DateTime<Utc> = "2017-09-01T12:00:00Z".parse().unwrap();
        kept.keep("page".into(), 1, kept.ticket(), now, Arc::new(7_i32));

        assert_eq!(kept.fresh::<i32>("page", now).as_deref(), Some(&7));
        assert_eq!(kept.fresh::<i32>("page", now + SECOND), None);
        assert_eq!(kept.fresh::<String>("page", now), None);
        kept.touch();
        assert_eq!(kept.fresh::<i32>("page", now), None);
        assert_eq!(kept.of_version::<i32>("page", 2, kept.ticket(), now), None);
        assert_eq!(kept.of_version::<i32>("page", 1, kept.ticket(), now).as_deref(), Some(&7));
        assert_eq!(kept.fresh::<i32>("page", now).as_deref(), Some(&7));
    }
}
